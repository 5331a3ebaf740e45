#include "byte_range.hpp"

#include <algorithm>
#include <limits>

#include "headers.hpp"

namespace referee::registry {

bool parse_number(std::string_view text, std::uint64_t& value) {
  static constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  if (text.empty()) return false;
  value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    value = value > (kMost - digit) / 10 ? kMost : value * 10 + digit;
  }
  return true;
}

bool parse_chunk_range(std::string_view text, std::uint64_t& first, std::uint64_t& last) {
  const auto dash = text.find('-');
  return dash != std::string_view::npos && parse_number(text.substr(0, dash), first) &&
         parse_number(text.substr(dash + 1), last);
}

ByteRange byte_range(std::string_view header, std::uint64_t size) {
  using Kind = ByteRange::Kind;
  const auto equals = header.find('=');
  if (equals == std::string_view::npos || !equal_ignoring_case(trim(header.substr(0, equals)), "bytes")) return {};
  const auto spec = trim(header.substr(equals + 1));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return {};
  const auto from = trim(spec.substr(0, dash));
  const auto to = trim(spec.substr(dash + 1));
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (from.empty()) {
    if (!parse_number(to, last)) return {};
    const auto length = std::min(last, size);
    return length == 0 ? ByteRange{Kind::kUnsatisfiable, 0, 0} : ByteRange{Kind::kPart, size - length, length};
  }
  if (!parse_number(from, first) || (!to.empty() && !parse_number(to, last))) return {};
  if (first >= size || (!to.empty() && last < first)) return {Kind::kUnsatisfiable, 0, 0};
  const auto end = to.empty() ? size - 1 : std::min(last, size - 1);
  return {Kind::kPart, first, end - first + 1};
}

}  // namespace referee::registry
