#pragma once

#include <deque>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "referee/http/credentials.hpp"

namespace referee::http {

/// Takes secrets out of what is recorded or said. Thread-safe.
class Redactor {
 public:
  static constexpr std::string_view kMark = "[redacted]";

  /// Shorter secrets are not looked for: they would tear holes into every transcript.
  static constexpr std::size_t kShortest = 4;

  /// A string that must not appear anywhere. Percent-encoded it is one more.
  void add_secret(std::string_view secret);
  /// Password, identity token, and the base64 of `user:password`.
  void add_credential(const Credential& credential);

  /// Known secrets alone: what random bytes may look like stays.
  [[nodiscard]] std::string secrets(std::string_view text) const;
  /// Known secrets, user names and passwords in URLs, and the values of secret query parameters.
  [[nodiscard]] std::string text(std::string_view text) const;
  /// A header field's value; Authorization keeps its scheme.
  [[nodiscard]] std::string header(std::string_view name, std::string_view value) const;
  /// Length of the longest known secret, bytes.
  [[nodiscard]] std::size_t longest() const;

 private:
  static constexpr std::size_t kMostSecrets = 4096;

  mutable std::shared_mutex mutex_;
  std::set<std::string, std::less<>> secrets_;
  std::deque<std::string> order_;  ///< the oldest goes when there are too many
  std::size_t longest_ = 0;
};

}  // namespace referee::http
