#include "core.hpp"

namespace referee::registry {

Core::Core(Rules rules, std::vector<const Deviation*> deviations, std::unique_ptr<Store> store)
    : rules_(rules),
      deviations_(std::move(deviations)),
      store_(std::move(store)),
      uploads_(rules.most_uploads, rules.upload_expiry) {}

std::uint64_t Core::count(const std::string& key) {
  static constexpr std::size_t kMostKeys = 10'000;
  const std::lock_guard lock(mutex_);
  if (counts_.size() >= kMostKeys && !counts_.contains(key)) counts_.clear();
  return counts_[key]++;
}

void Core::tick() {
  uploads_.expire();
  store_->flush();
}

}  // namespace referee::registry
