#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace referee::registry {

/// RFC 3986 percent-decoding: `+` stays `+` (media types hold it). nullopt on a broken escape or a zero byte.
std::optional<std::string> percent_decode(std::string_view text);
/// Escapes what a query value may not hold literally.
std::string percent_encode(std::string_view text);

/// The decoded parameters of a request target, in order.
class Query {
 public:
  /// nullopt on a broken escape.
  static std::optional<Query> parse(std::string_view text);

  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return get(name).has_value(); }
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& parameters() const { return parameters_; }

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace referee::registry
