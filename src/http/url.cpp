#include "referee/http/url.hpp"

#include <cstdint>

#include "origin.hpp"

namespace referee::http {
namespace {

bool unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    encoded += '%';
    encoded += kHex[byte >> 4U];
    encoded += kHex[byte & 0xFU];
  }
  return encoded;
}

std::string with_query(std::string url, const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string fragment;
  if (const auto hash = url.find('#'); hash != std::string::npos) {
    fragment = url.substr(hash);
    url.erase(hash);
  }
  bool first = url.find('?') == std::string::npos;
  for (const auto& [name, value] : parameters) {
    if (first) {
      url += '?';
    } else if (!url.ends_with('?') && !url.ends_with('&')) {
      url += '&';
    }
    first = false;
    url += percent_encode(name) + "=" + percent_encode(value);
  }
  return url + fragment;
}

std::string authority(std::string_view url) {
  const auto origin = parse_origin(url);
  return origin ? origin->authority() : "";
}

}  // namespace referee::http
