#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace referee::reports {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool is_xml_character(char32_t c) {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

}  // namespace

bool turns_text(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

char32_t next_code_point(std::string_view text, std::size_t& position) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte(position++);
  if (lead < 0x80) return lead;
  std::size_t more = 0;
  char32_t value = 0;
  char32_t least = 0;
  if ((lead & 0xE0U) == 0xC0U) {
    more = 1, value = lead & 0x1FU, least = 0x80;
  } else if ((lead & 0xF0U) == 0xE0U) {
    more = 2, value = lead & 0x0FU, least = 0x800;
  } else if ((lead & 0xF8U) == 0xF0U) {
    more = 3, value = lead & 0x07U, least = 0x10000;
  } else {
    return kReplacement;
  }
  if (position + more > text.size()) return kReplacement;
  for (std::size_t index = 0; index < more; ++index) {
    if ((byte(position + index) & 0xC0U) != 0x80U) return kReplacement;
    value = (value << 6U) | (byte(position + index) & 0x3FU);
  }
  // Overlong forms, surrogates and values beyond Unicode are not UTF-8 (RFC 3629).
  if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return kReplacement;
  position += more;
  return value;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | (c >> 6U));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    // Almost all text is ASCII: copied in runs.
    const auto rest = text.substr(position);
    const auto* const plain =
        std::ranges::find_if(rest, [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
    const auto run = static_cast<std::size_t>(plain - rest.begin());
    out.append(text, position, run);
    position += run;
    if (position < text.size()) append_utf8(out, next_code_point(text, position));
  }
  return out;
}

std::string clip(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return valid_utf8(text);
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return valid_utf8(text.substr(0, end)) + fmt::format("… ({} bytes more)", text.size() - end);
}

std::string xml_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const char32_t c = next_code_point(text, position);
    if (turns_text(c)) {
      out += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(c));
    } else {
      append_utf8(out, is_xml_character(c) ? c : kReplacement);
    }
  }
  return out;
}

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : xml_text(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string html_code(std::string_view text) {
  // No escape has a backtick: the marks can be read before or after.
  std::string out;
  for (;;) {
    const auto begin = text.find('`');
    const auto end = begin == std::string_view::npos ? begin : text.find('`', begin + 1);
    if (end == std::string_view::npos) return out + html_text(text);
    out += fmt::format("{}<code>{}</code>", html_text(text.substr(0, begin)),
                       html_text(text.substr(begin + 1, end - begin - 1)));
    text.remove_prefix(end + 1);
  }
}

std::string iso_time(double since_epoch) {
  // The range in which gmtime gives a four-digit year.
  if (!std::isfinite(since_epoch) || since_epoch < 0 || since_epoch > 253402300799.0) return "";
  const auto milliseconds = std::llround(since_epoch * 1000);
  const auto whole = static_cast<std::time_t>(milliseconds / 1000);
  std::tm parts{};
  if (gmtime_r(&whole, &parts) == nullptr) return "";
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, milliseconds % 1000);
}

std::string seconds_text(double seconds) {
  return fmt::format("{:.3f}", std::isfinite(seconds) && seconds > 0 ? seconds : 0.0);
}

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : xml_text(terminal_text(text))) {
    if (c == '<' || c == '>' || c == '&') {
      out += html_text(std::string_view(&c, 1));
      continue;
    }
    if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '[') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace referee::reports
