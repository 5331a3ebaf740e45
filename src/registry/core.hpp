#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "deviations.hpp"
#include "message.hpp"
#include "rules.hpp"
#include "store.hpp"
#include "transaction.hpp"
#include "uploads.hpp"

namespace referee::registry {

/// The registry without its sockets. Thread-safe.
class Core {
 public:
  Core(Rules rules, std::vector<const Deviation*> deviations, std::unique_ptr<Store> store);

  [[nodiscard]] const Rules& rules() const { return rules_; }
  Store& store() { return *store_; }
  Uploads& uploads() { return uploads_; }
  [[nodiscard]] const std::vector<const Deviation*>& deviations() const { return deviations_; }

  /// A counter that deviations may use as memory: how often it was called with this key before. At most 10,000 keys.
  std::uint64_t count(const std::string& key);
  /// Notes that deviations may leave for later requests. At most 10,000 keys.
  void remember(const std::string& key, std::string value);
  std::optional<std::string> recall(const std::string& key);
  /// Housekeeping, about once a second.
  void tick();

 private:
  Rules rules_;
  std::vector<const Deviation*> deviations_;
  std::unique_ptr<Store> store_;
  Uploads uploads_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> counts_;
  std::unordered_map<std::string, std::string> notes_;
};

}  // namespace referee::registry
