#include "origin.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>

namespace referee::http {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::optional<std::string> part(CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string copy(text);
  curl_free(text);
  return copy;
}

/// As far as the host and port of a URL go in which nothing needs interpretation: letters, digits and what separates
/// them, and a path right behind. Empty for all others.
std::string_view plain_front(std::string_view url) {
  static constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (const char c :
         std::string_view("-._:/%?=&+~,0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
      plain.at(static_cast<unsigned char>(c)) = true;
    }
    return plain;
  }();
  const bool plain = std::ranges::all_of(url, [](char c) { return kPlain[static_cast<unsigned char>(c)]; });
  const auto start = url.find("://");
  const auto slash = start == std::string_view::npos ? start : url.find('/', start + 3);
  if (!plain || slash == std::string_view::npos) return {};
  const auto front = url.substr(0, slash);
  return front.find_first_of("?%", start) == std::string_view::npos ? front : std::string_view();
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::optional<Origin> read_origin(std::string_view url) {
  const bool clean = std::ranges::all_of(url, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; });
  const auto start = url.find("://");
  if (!clean || start == std::string_view::npos) return std::nullopt;
  // libcurl skips a third slash and finds a host after it; to everyone else this host is empty.
  if (url.substr(start + 3).starts_with('/')) return std::nullopt;
  const std::unique_ptr<CURLU, UrlDeleter> parsed(curl_url());
  const std::string text(url);
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return std::nullopt;
  }
  Origin origin;
  origin.scheme = lower(part(parsed.get(), CURLUPART_SCHEME).value_or(""));
  origin.host = lower(part(parsed.get(), CURLUPART_HOST).value_or(""));
  if (origin.scheme.empty() || origin.host.empty()) return std::nullopt;
  origin.explicit_port = part(parsed.get(), CURLUPART_PORT).has_value();
  origin.port = part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or("");
  origin.userinfo = part(parsed.get(), CURLUPART_USER) || part(parsed.get(), CURLUPART_PASSWORD);
  return origin;
}

}  // namespace

std::string Origin::authority() const {
  return explicit_port ? host + ":" + port : host;
}

bool Origin::loopback() const {
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

std::optional<Origin> parse_origin(std::string_view url) {
  // One request after another goes to the same place, and libcurl takes its time.
  static thread_local std::string last_front;
  static thread_local Origin last_origin;
  const auto front = plain_front(url);
  if (!front.empty() && front == last_front) return last_origin;
  auto origin = read_origin(url);
  if (origin && !front.empty()) {
    last_front = front;
    last_origin = *origin;
  }
  return origin;
}

std::string without_userinfo(std::string_view url) {
  std::string text(url.substr(0, url.find('#')));
  const auto start = text.find("://");
  if (start == std::string::npos) return text;
  const auto end = std::min(text.find_first_of("/?", start + 3), text.size());
  const auto at = text.substr(0, end).rfind('@');
  if (at != std::string::npos && at >= start + 3) text.erase(start + 3, at + 1 - (start + 3));
  return text;
}

}  // namespace referee::http
