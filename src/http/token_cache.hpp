#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace referee::http {

/// A set of token scopes in one normal form: actions of the same resource merged, sorted, once each.
class ScopeSet {
 public:
  /// Adds a scope or several separated by spaces, e.g. `repository:a/b:pull,push`.
  void add(const std::string& scopes);
  [[nodiscard]] std::vector<std::string> list() const;
  /// One string for maps.
  [[nodiscard]] std::string key() const;

 private:
  std::map<std::string, std::set<std::string>> actions_;  ///< resource without its actions -> actions
};

/// One place for one (realm, service, scopes, user). Whoever holds `mutex` may fetch; the others wait and then find the
/// token.
struct TokenEntry {
  std::mutex mutex;
  std::string token;
  std::chrono::steady_clock::time_point expires;
};

/// Tokens and which of them served a request of an origin with certain scopes. Thread-safe; bounded.
class TokenCache {
 public:
  std::shared_ptr<TokenEntry> entry(const std::string& key);
  void remember(const std::string& origin, const std::string& scopes, std::shared_ptr<TokenEntry> entry);
  /// Whether there is nothing to recall, for anybody.
  bool empty();
  std::shared_ptr<TokenEntry> recall(const std::string& origin, const std::string& scopes);

 private:
  static constexpr std::size_t kMost = 4096;

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<TokenEntry>> entries_;
  std::map<std::string, std::shared_ptr<TokenEntry>> served_;
};

}  // namespace referee::http
