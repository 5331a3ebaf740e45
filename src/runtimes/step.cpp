#include <algorithm>
#include <array>
#include <string_view>

#include "referee/runtimes/session.hpp"

namespace referee::runtimes {
namespace {

constexpr std::size_t kLongestWords = 300;

/// One line without control characters, colours and blanks at its ends.
std::string plain(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const auto c = static_cast<unsigned char>(line[at]);
    if (c == 0x1b && at + 1 < line.size() && line[at + 1] == '[') {
      at += 2;
      while (at < line.size() && (line[at] < '@' || line[at] > '~')) ++at;
      continue;
    }
    out += c < 0x20 || c == 0x7f ? ' ' : line[at];
  }
  const auto first = out.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  out.erase(out.find_last_not_of(' ') + 1);
  return out.substr(first);
}

/// What a terminal shows of a line that is redrawn with carriage returns.
std::string_view shown(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  const auto redrawn = line.rfind('\r');
  return redrawn == std::string_view::npos ? line : line.substr(redrawn + 1);
}

bool complains(std::string_view line) {
  static constexpr std::array<std::string_view, 12> kSigns{"error",   "fatal",       "fail",    "denied",
                                                           "refused", "unsupported", "invalid", "no match",
                                                           "cannot",  "not found",   "unknown", "unexpected"};
  std::string small(line);
  std::ranges::transform(small, small.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::ranges::any_of(kSigns, [&](auto sign) { return small.find(sign) != std::string::npos; });
}

/// The message of a structured log line (`time="..." level=fatal msg="..."`); other lines as they are.
std::string message_of(const std::string& line) {
  static constexpr std::string_view kKey = " msg=\"";
  const auto begin = line.starts_with("time=") ? line.find(kKey) : std::string::npos;
  if (begin == std::string::npos) return line;
  std::string message;
  for (auto at = begin + kKey.size(); at < line.size() && line[at] != '"'; ++at) {
    if (line[at] == '\\' && at + 1 < line.size()) ++at;
    message += line[at];
  }
  return message;
}

/// The last line that complains, or the last line.
std::string best_line(std::string_view text) {
  std::string last;
  std::string complaint;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = plain(shown(text.substr(0, end)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) continue;
    if (complains(line)) complaint = message_of(line);
    last = message_of(line);
  }
  return complaint.empty() ? last : complaint;
}

}  // namespace

std::string Step::words() const {
  auto line = best_line(err);
  if (line.empty()) line = best_line(out);
  if (line.size() > kLongestWords) {
    auto cut = kLongestWords;
    // Not in the middle of a character.
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xc0U) == 0x80U) --cut;
    line.resize(cut);
  }
  return line;
}

}  // namespace referee::runtimes
