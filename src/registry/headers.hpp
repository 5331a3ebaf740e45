#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace referee::registry {

/// Header fields in the order in which they came or will be sent. Names compare without regard to case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

  /// The first field of that name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// The first field of that name, or the empty string.
  [[nodiscard]] std::string_view value(std::string_view name) const { return get(name).value_or(std::string_view{}); }
  [[nodiscard]] bool has(std::string_view name) const { return get(name).has_value(); }
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// Replaces every field of that name by one.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);

  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

bool equal_ignoring_case(std::string_view left, std::string_view right);
std::string_view trim(std::string_view text);

}  // namespace referee::registry
