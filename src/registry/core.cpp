#include "core.hpp"

namespace referee::registry {

namespace {

constexpr std::size_t kMostKeys = 10'000;

}  // namespace

Core::Core(RulesByProfile rules, std::string_view profile, std::vector<const Deviation*> deviations,
           std::unique_ptr<Store> store, std::optional<AuthOptions> auth)
    : rules_(std::move(rules)),
      current_(&rules_.find(profile)->second),
      deviations_(std::move(deviations)),
      store_(std::move(store)),
      auth_(std::move(auth)),
      uploads_(this->rules().most_uploads, this->rules().upload_expiry, this->rules().numbered_sessions) {}

std::optional<std::size_t> Core::switch_profile(std::string_view name) {
  const auto found = rules_.find(name);
  if (found == rules_.end()) return std::nullopt;
  const std::lock_guard lock(switching_);
  // First the rules: what is pushed while the tags are read is read in the new way already.
  current_.store(&found->second, std::memory_order_release);
  const auto& rules = found->second;
  return rules.rescan ? store_->rescan(parse_options(rules), rules.rescan_everything) : 0;
}

Collected Core::collect_garbage() {
  const auto& rules = this->rules();
  const auto& features = rules.features;
  CollectOptions options;
  const bool lists_referrers =
      features.referrers || features.artifact_referrers || features.references || features.refers;
  if (lists_referrers && rules.gc_keeps_referrers) options.referrers = parse_options(rules).link;
  options.nodes = features.nodes;
  options.orphans = rules.gc_keeps_orphans;
  options.nested = rules.gc_keeps_nested;
  options.digest_tags = rules.gc_reads_digest_tags;
  return store_->collect(options);
}

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
