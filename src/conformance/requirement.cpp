#include "referee/conformance/requirement.hpp"

#include <array>
#include <utility>

namespace referee::conformance {
namespace {

constexpr std::array<std::pair<Level, std::string_view>, 8> kLevels{{{Level::kMust, "MUST"},
                                                                     {Level::kMust, "MUST NOT"},
                                                                     {Level::kShould, "SHOULD"},
                                                                     {Level::kShould, "SHOULD NOT"},
                                                                     {Level::kMay, "MAY"},
                                                                     {Level::kInfo, "INFO"},
                                                                     {Level::kClaim, "CLAIM"},
                                                                     {Level::kImpl, "IMPL"}}};

constexpr std::array<std::pair<Spec, std::string_view>, 3> kSpecs{
    {{Spec::kV1_0, "1.0"}, {Spec::kV1_1, "1.1"}, {Spec::kMain, "main"}}};

template <typename Table, typename Value>
std::string_view name_in(const Table& table, Value wanted) {
  for (const auto& [value, text] : table) {
    if (value == wanted) return text;
  }
  return "";
}

template <typename Value, std::size_t kSize>
std::optional<Value> value_in(const std::array<std::pair<Value, std::string_view>, kSize>& table,
                              std::string_view text) {
  for (const auto& [value, known] : table) {
    if (known == text) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(Level level) {
  return name_in(kLevels, level);
}
std::optional<Level> parse_level(std::string_view text) {
  return value_in(kLevels, text);
}
std::string_view name(Spec spec) {
  return name_in(kSpecs, spec);
}
std::optional<Spec> parse_spec(std::string_view text) {
  return value_in(kSpecs, text);
}

std::optional<Level> Requirement::level(Spec spec) const {
  const auto found = levels.find(spec);
  if (found == levels.end()) return std::nullopt;
  return found->second;
}

std::string Requirement::link(Spec spec) const {
  const auto found = links.find(spec);
  if (found != links.end()) return found->second;
  return links.empty() ? std::string() : links.rbegin()->second;
}

}  // namespace referee::conformance
