#include "referee/conformance/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "referee/registry/profile.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

constexpr std::string_view kEmbedded = "embedded:";

bool loopback(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || host.starts_with("127.");
}

bool valid_port(std::string_view text) {
  unsigned port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && port >= 1 && port <= 65535;
}

/// The host of `host[:port]`, or why it is none.
tl::expected<std::string, std::string> host_of(std::string_view authority) {
  const bool bracketed = authority.starts_with('[');
  const auto end = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && end == std::string_view::npos)
    return tl::unexpected(std::string("the address has no closing bracket"));
  const std::string_view host = authority.substr(0, bracketed ? end + 1 : end);
  const std::string_view rest = authority.substr(host.size());
  if (host.empty()) return tl::unexpected(std::string("the host is missing"));
  const auto allowed = [&](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || c == '.' || c == '-' || c == '_' || (bracketed && (c == ':' || c == '[' || c == ']' || c == '%'));
  };
  if (!std::ranges::all_of(host, allowed)) return tl::unexpected(std::string("that is no host name"));
  if (!rest.empty() && (rest.front() != ':' || !valid_port(rest.substr(1)))) {
    return tl::unexpected(std::string("the port is not a number from 1 to 65535"));
  }
  return std::string(host);
}

tl::expected<Target, std::string> embedded_target(std::string_view text) {
  const std::string_view profile = text.substr(kEmbedded.size());
  if (registry::find_profile(profile) == nullptr) {
    std::string names;
    for (const auto& known : registry::profiles()) names += (names.empty() ? "" : ", ") + known.name;
    return tl::unexpected(fmt::format("there is no profile {}; there are: {}", in_quotes(profile), names));
  }
  return Target{std::string(text), "", std::string(profile)};
}

}  // namespace

tl::expected<Target, std::string> parse_target(std::string_view text, bool plain_http) {
  const auto fail = [&](const std::string& why) {
    return tl::unexpected(
        fmt::format("target {}: {}; give a URL, host:port or embedded:PROFILE", in_quotes(text), why));
  };
  if (text.starts_with(kEmbedded)) return embedded_target(text);
  std::string scheme;
  std::string_view rest = text;
  if (const auto colon = text.find("://"); colon != std::string_view::npos) {
    scheme = text.substr(0, colon);
    rest = text.substr(colon + 3);
    std::ranges::transform(scheme, scheme.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (scheme != "http" && scheme != "https") return fail("the scheme must be http or https");
    if (plain_http && scheme == "https") {
      return tl::unexpected(
          fmt::format("target {}: --plain-http contradicts https://; leave one of them out", in_quotes(text)));
    }
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);
  // The API lives at the root of a host (distribution-spec, "Endpoints"); secrets do not belong on a command line.
  if (rest.find('@') != std::string_view::npos) {
    return tl::unexpected(
        std::string("a target may not hold credentials; use --username-file and --password-file, "
                    "REFEREE_USERNAME and REFEREE_PASSWORD, or docker's config.json"));
  }
  if (rest.find_first_of("/?#") != std::string_view::npos) return fail("a path is not allowed");
  const auto host = host_of(rest);
  if (!host) return fail(host.error());
  if (scheme.empty()) scheme = plain_http || loopback(*host) ? "http" : "https";
  return Target{std::string(text), fmt::format("{}://{}", scheme, rest), ""};
}

}  // namespace referee::conformance
