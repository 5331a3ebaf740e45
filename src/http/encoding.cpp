#include "encoding.hpp"

#include <algorithm>
#include <cstdint>

#include "referee/oci/base64.hpp"

namespace referee::http {
namespace {

std::uint8_t byte(char c) {
  return static_cast<std::uint8_t>(c);
}

/// Length of the well-formed character at the start of `text` (Unicode 15, table 3-7); 0: ill-formed; -1: cut off.
int character(std::string_view text) {
  const auto lead = byte(text.front());
  if (lead < 0x80) return 1;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  std::size_t length = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size()) return -1;
    if (byte(text[i]) < low || byte(text[i]) > high) return 0;
    low = 0x80;
    high = 0xBF;
  }
  return static_cast<int>(length);
}

}  // namespace

std::optional<std::string> base64_decode(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string padded(text);
  while (padded.size() % 4 != 0) padded += '=';
  return oci::base64_decode(padded);
}

bool valid_utf8(std::string_view text, bool cut) {
  while (!text.empty()) {
    const int length = character(text);
    if (length < 0) return cut;
    if (length == 0) return false;
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t limit) {
  std::size_t end = 0;
  while (end < text.size()) {
    const int length = character(text.substr(end));
    if (length <= 0 || end + static_cast<std::size_t>(length) > limit) break;
    end += static_cast<std::size_t>(length);
  }
  return text.substr(0, end);
}

std::string to_utf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const int length = character(text);
    if (length <= 0) {
      clean += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else {
      clean += text.substr(0, static_cast<std::size_t>(length));
      text.remove_prefix(static_cast<std::size_t>(length));
    }
  }
  return clean;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[byte(c) >> 4U];
    text += kDigits[byte(c) & 0xFU];
  }
  return text;
}

}  // namespace referee::http
