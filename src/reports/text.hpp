#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "referee/reports/escape.hpp"

/// What a target sends becomes harmless text here, once for each kind of output.
namespace referee::reports {

/// Decodes the code point at `position` and moves behind it. Bytes that are not UTF-8 give U+FFFD, one for each.
char32_t next_code_point(std::string_view text, std::size_t& position);
void append_utf8(std::string& out, char32_t code_point);

/// Controls of direction (Unicode, UAX 9): with them, a line reads as something that was not sent.
bool turns_text(char32_t c);

/// Valid UTF-8, whatever came in.
std::string valid_utf8(std::string_view text);
/// Valid UTF-8 of at most `bytes` bytes, with a note of how much was cut off, of at most kClipNote bytes.
std::string clip(std::string_view text, std::size_t bytes);
inline constexpr std::size_t kClipNote = 40;
/// Valid UTF-8 without the characters that XML 1.0 forbids (section 2.2); each becomes U+FFFD. Bidirectional
/// controls are shown as escapes. Markup is not escaped.
std::string xml_text(std::string_view text);
/// html_text() with what stands between backticks as <code>.
std::string html_code(std::string_view text);
/// One line for a terminal: control characters, bidirectional controls and invalid bytes are shown as escapes.
std::string terminal_text(std::string_view text);

/// One line for a table of Markdown: its own characters and those of HTML are text.
std::string markdown_text(std::string_view text);

/// Columns that a terminal needs for one line of terminal_text().
std::size_t display_width(std::string_view text);
/// The longest start of `text` that fits, ending in an ellipsis if something is missing.
std::string fit(std::string_view text, std::size_t columns);
/// Lines of at most `columns`, broken at blanks where there are any; at most `lines`, the last one cut with an
/// ellipsis.
std::vector<std::string> wrap(std::string_view text, std::size_t columns, std::size_t lines);

/// `2026-11-24T18:04:48.125Z`; empty for values that are not a time.
std::string iso_time(double since_epoch);
/// Seconds with three decimals: `0.125`.
std::string seconds_text(double seconds);

}  // namespace referee::reports
