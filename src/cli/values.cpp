#include "values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <regex>

namespace referee::cli {
namespace {

/// Whatever was typed, the message stays one short line.
std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 60;
  return text.size() <= kShown ? fmt::format("'{}'", text) : fmt::format("'{}...'", text.substr(0, kShown));
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string why_no_number(std::string_view text) {
  if (read_number(text)) return "";
  return fmt::format("{} is not a number from 0 to {}", quoted(text), std::numeric_limits<std::uint64_t>::max());
}

std::optional<std::uint64_t> read_size(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = read_number(text.substr(0, digits));
  std::string unit;
  for (const char c : text.substr(digits)) unit += lower(c);
  if (unit.starts_with(' ')) unit.erase(0, 1);
  if (unit.ends_with('b')) unit.pop_back();
  if (unit.size() > 1 && unit.ends_with('i')) unit.pop_back();
  static constexpr std::string_view kUnits = "kmgt";
  const auto power = unit.size() == 1 ? kUnits.find(unit.front()) : std::string_view::npos;
  if (!number || (!unit.empty() && power == std::string_view::npos)) return std::nullopt;
  const std::uint64_t factor = unit.empty() ? 1 : std::uint64_t{1} << (10 * (power + 1));
  if (*number > std::numeric_limits<std::uint64_t>::max() / factor) return std::nullopt;
  return *number * factor;
}

std::string why_no_size(std::string_view text) {
  if (read_size(text)) return "";
  return fmt::format("{} is not a size: bytes, or a number with KiB, MiB or GiB", quoted(text));
}

std::string why_no_repository(std::string_view text, std::size_t longest) {
  static const std::regex kName("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");
  if (text.size() > longest) return fmt::format("more than {} characters", longest);
  if (!std::regex_match(text.begin(), text.end(), kName)) {
    return fmt::format("'{}' is not a repository name: lower-case letters, digits, / . _ -", text);
  }
  return "";
}

std::string why_not_between(std::string_view text, int low, int high) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool number = error == std::errc() && end == text.data() + text.size();
  if (number && value >= low && value <= high) return "";
  return fmt::format("{} is not a number from {} to {}", quoted(text), low, high);
}

}  // namespace referee::cli
