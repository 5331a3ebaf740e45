#include "request_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "text.hpp"

namespace referee::conformance {
namespace {

/// The query parameters of the specification; others are the target's own, and may differ from run to run.
constexpr std::array<std::string_view, 6> kParameters{"n", "last", "digest", "mount", "from", "artifactType"};

bool is_digest(std::string_view reference) {
  return reference.find(':') != std::string_view::npos || reference.find("%3A") != std::string_view::npos ||
         reference.find("%3a") != std::string_view::npos;
}

std::string path_words(std::string_view path) {
  if (path == "/v2" || path == "/v2/") return "/v2/";
  if (path == "/v2/_catalog") return std::string(path);
  constexpr std::string_view kUploads = "/blobs/uploads/";
  // A repository may be called like an endpoint: the last one counts.
  if (path.rfind(kUploads) != std::string_view::npos)
    return fmt::format("/v2/<name>/blobs/uploads/{}", path.ends_with(kUploads) ? "" : "<upload>");
  if (path.ends_with("/tags/list")) return "/v2/<name>/tags/list";
  const auto slash = path.rfind('/');
  const auto before = path.substr(0, slash);
  for (const std::string_view endpoint : {"manifests", "blobs", "referrers"}) {
    if (!before.ends_with(fmt::format("/{}", endpoint))) continue;
    return fmt::format("/v2/<name>/{}/{}", endpoint, is_digest(path.substr(slash + 1)) ? "<digest>" : "<tag>");
  }
  return "/v2/...";
}

std::string query_words(std::string_view query) {
  std::string words;
  for (const auto name : kParameters) {
    const auto wanted = fmt::format("&{}=", name);
    if (fmt::format("&{}", query).find(wanted) == std::string::npos) continue;
    words += fmt::format("{}{}=...", words.empty() ? "?" : "&", name);
  }
  return words;
}

std::string address_words(const http::Exchange& exchange) {
  if (exchange.purpose == http::Purpose::kToken) return "to the token server";
  std::string_view url = exchange.url;
  if (const auto host = url.find("://"); host != std::string_view::npos) {
    url.remove_prefix(host + 3);
    url.remove_prefix(std::min(url.find_first_of("/?#"), url.size()));
  }
  url = url.substr(0, url.find('#'));
  const auto path = url.substr(0, url.find('?'));
  if (path != "/v2" && !path.starts_with("/v2/")) return "to an address outside /v2/";
  return path_words(path) + (path.size() < url.size() ? query_words(url.substr(path.size() + 1)) : "");
}

}  // namespace

std::string request_words(const http::Exchange& exchange) {
  return fmt::format("{} {} {}", printable(exchange.method, 20), address_words(exchange),
                     exchange.status == 0 ? "got no answer" : fmt::format("answered {}", exchange.status));
}

}  // namespace referee::conformance
