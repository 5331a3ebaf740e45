#include "paths.hpp"

#include <algorithm>

#include "referee/http/url.hpp"

namespace referee::distribution {
namespace {

bool alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The characters that clients in the field leave as they are in a path segment (RFC 3986, pchar).
std::string encode(std::string_view text, std::string_view keep) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (alphanumeric(c) || keep.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += http::percent_encode(std::string_view(&c, 1));
    }
  }
  return out;
}

std::string_view path_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) {
    const std::size_t slash = url.find('/', scheme + 3);
    url = slash == std::string_view::npos ? std::string_view() : url.substr(slash);
  }
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace

std::string encode_name(std::string_view name) {
  return encode(name, "-._~:@$&+=/");
}
std::string encode_reference(std::string_view reference) {
  return encode(reference, "-._~:@$&+=");
}

std::string repository_of(std::string_view url) {
  std::string_view path = path_of(url);
  if (!path.starts_with("/v2/") && !path.starts_with("/v3/")) return "";
  path.remove_prefix(4);
  std::size_t end = std::string_view::npos;
  for (const std::string_view part : {"/manifests/", "/blobs/", "/tags/", "/referrers/"}) {
    const std::size_t at = path.rfind(part);
    if (at != std::string_view::npos && (end == std::string_view::npos || at > end)) end = at;
  }
  return end == std::string_view::npos ? "" : std::string(path.substr(0, end));
}

std::string manifest_reference_of(std::string_view url, std::string_view api) {
  constexpr std::string_view kPart = "/manifests/";
  const std::string_view path = path_of(url);
  const std::size_t at = path.rfind(kPart);
  if (!path.starts_with(api) || at == std::string_view::npos) return "";
  const std::string_view reference = path.substr(at + kPart.size());
  return reference.find('/') == std::string_view::npos ? std::string(reference) : "";
}

bool is_tag(std::string_view reference) {
  if (reference.empty() || reference.size() > 128) return false;
  if (reference.front() == '.' || reference.front() == '-') return false;
  return std::ranges::all_of(reference, [](char c) { return alphanumeric(c) || c == '_' || c == '.' || c == '-'; });
}

}  // namespace referee::distribution
