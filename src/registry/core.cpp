#include "core.hpp"

namespace referee::registry {

Core::Core(Rules rules, std::vector<const Deviation*> deviations, std::unique_ptr<Store> store)
    : rules_(rules),
      deviations_(std::move(deviations)),
      store_(std::move(store)),
      uploads_(rules.most_uploads, rules.upload_expiry, rules.numbered_sessions) {}

namespace {

constexpr std::size_t kMostKeys = 10'000;

}  // namespace

std::uint64_t Core::count(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (counts_.size() >= kMostKeys && !counts_.contains(key)) counts_.clear();
  return counts_[key]++;
}

void Core::remember(const std::string& key, std::string value) {
  const std::lock_guard lock(mutex_);
  if (notes_.size() >= kMostKeys && !notes_.contains(key)) notes_.clear();
  notes_[key] = std::move(value);
}

std::optional<std::string> Core::recall(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = notes_.find(key);
  return found == notes_.end() ? std::nullopt : std::optional(found->second);
}

void Core::tick() {
  uploads_.expire();
  store_->flush();
}

}  // namespace referee::registry
