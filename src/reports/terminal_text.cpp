#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "text.hpp"

namespace referee::reports {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15, UAX 11 (East Asian Wide and Fullwidth) in coarse blocks: a column too many is harmless, one too few
// breaks the line.
constexpr std::array kWide{
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2329, 0x232A},   Range{0x23E9, 0x23F3},
    Range{0x25FD, 0x25FE},   Range{0x2614, 0x2615},   Range{0x2648, 0x2653},   Range{0x267F, 0x2693},
    Range{0x26A1, 0x26FF},   Range{0x2705, 0x27BF},   Range{0x2B1B, 0x2B55},   Range{0x2E80, 0x303E},
    Range{0x3041, 0xA4CF},   Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
    Range{0xFE10, 0xFE19},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},
    Range{0x16FE0, 0x18D08}, Range{0x1AFF0, 0x1B2FB}, Range{0x1F004, 0x1FAFF}, Range{0x20000, 0x3FFFD}};
constexpr std::array kZero{Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD},  Range{0x0610, 0x061A},
                           Range{0x064B, 0x065F}, Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF},  Range{0x20D0, 0x20FF},
                           Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xE0100, 0xE01EF}};
// What a terminal obeys instead of showing: C0, DEL, C1, bidirectional and other format controls, line separators,
// tags.
constexpr std::array kControls{Range{0x00, 0x1F},     Range{0x7F, 0x9F},      Range{0xAD, 0xAD},
                               Range{0x061C, 0x061C}, Range{0x180E, 0x180E},  Range{0x200B, 0x200F},
                               Range{0x2028, 0x202E}, Range{0x2060, 0x206F},  Range{0xFEFF, 0xFEFF},
                               Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F}};

template <std::size_t Size>
bool within(const std::array<Range, Size>& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::size_t columns_of(char32_t c) {
  if (c < 0x300) return 1;
  if (within(kZero, c)) return 0;
  return within(kWide, c) ? 2 : 1;
}

}  // namespace

std::string terminal_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const auto raw = static_cast<unsigned char>(text[position]);
    const std::size_t before = position;
    const char32_t c = next_code_point(text, position);
    if (c == 0xFFFD && position == before + 1) {
      out += fmt::format("\\x{:02x}", raw);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (within(kControls, c)) {
      out += c < 0x80 ? fmt::format("\\x{:02x}", static_cast<unsigned>(c))
                      : fmt::format("\\u{{{:x}}}", static_cast<unsigned>(c));
    } else {
      append_utf8(out, c);
    }
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t position = 0; position < text.size();) width += columns_of(next_code_point(text, position));
  return width;
}

std::string fit(std::string_view text, std::size_t columns) {
  if (columns == 0) return "";
  std::size_t width = 0;
  std::size_t cut = 0;  // what fits together with the ellipsis
  for (std::size_t position = 0; position < text.size();) {
    width += columns_of(next_code_point(text, position));
    if (width > columns) return std::string(text.substr(0, cut)) + "…";
    if (width + 1 <= columns) cut = position;
  }
  return std::string(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns, std::size_t lines) {
  std::vector<std::string> out;
  columns = std::max<std::size_t>(columns, 8);
  while (out.size() + 1 < lines && display_width(text) > columns) {
    std::size_t width = 0;
    std::size_t end = 0;    // hard break
    std::size_t blank = 0;  // soft break
    for (std::size_t position = 0; position < text.size();) {
      const std::size_t start = position;
      width += columns_of(next_code_point(text, position));
      if (text[start] == ' ' && width <= columns + 1) blank = start;
      if (width > columns) break;
      end = position;
    }
    const std::size_t take = blank > end / 2 ? blank : end;
    out.emplace_back(text.substr(0, take));
    text.remove_prefix(take);
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  out.push_back(fit(text, columns));
  return out;
}

}  // namespace referee::reports
