#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "deviations.hpp"
#include "message.hpp"
#include "referee/registry/server.hpp"
#include "rules.hpp"
#include "store.hpp"
#include "transaction.hpp"
#include "uploads.hpp"

namespace referee::registry {

/// The rules of every profile, deviations applied, so that a switch is a choice among what lives as long as the Core.
using RulesByProfile = std::map<std::string, Rules, std::less<>>;

/// The registry without its sockets. Thread-safe.
class Core {
 public:
  /// `profile` is one of `rules`.
  Core(RulesByProfile rules, std::string_view profile, std::vector<const Deviation*> deviations,
       std::unique_ptr<Store> store, std::optional<AuthOptions> auth = std::nullopt);

  /// Those of the present profile; the reference stays valid after a switch. A request that is being answered during a
  /// switch may see either profile.
  [[nodiscard]] const Rules& rules() const { return *current_.load(std::memory_order_acquire); }
  /// Requests from now on meet another profile. What is stored stays; an API that is switched on finds what digest tags
  /// list. Returns how many referrers that were; nullopt without such a profile.
  std::optional<std::size_t> switch_profile(std::string_view name);
  /// Removes what nothing needs under the present profile.
  Collected collect_garbage();
  Store& store() { return *store_; }
  Uploads& uploads() { return uploads_; }
  [[nodiscard]] const std::vector<const Deviation*>& deviations() const { return deviations_; }
  /// nullopt: everybody may do everything.
  [[nodiscard]] const std::optional<AuthOptions>& auth() const { return auth_; }

  /// A counter that deviations may use as memory: how often it was called with this key before. At most 10,000 keys.
  std::uint64_t count(const std::string& key);
  /// Notes that deviations may leave for later requests. At most 10,000 keys.
  void remember(const std::string& key, std::string value);
  std::optional<std::string> recall(const std::string& key);
  /// Housekeeping, about once a second.
  void tick();

 private:
  const RulesByProfile rules_;
  std::atomic<const Rules*> current_;
  std::mutex switching_;
  std::vector<const Deviation*> deviations_;
  std::unique_ptr<Store> store_;
  const std::optional<AuthOptions> auth_;
  Uploads uploads_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> counts_;
  std::unordered_map<std::string, std::string> notes_;
};

}  // namespace referee::registry
