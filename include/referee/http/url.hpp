#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace referee::http {

/// Percent-encodes everything but RFC 3986 unreserved characters.
std::string percent_encode(std::string_view text);

/// Appends `name=value` to a URL that may already have a query; the value is percent-encoded.
std::string with_query(std::string url, const std::vector<std::pair<std::string, std::string>>& parameters);

/// Resolves a Location or Link target against the URL that gave it (RFC 3986, section 5).
std::string resolve(std::string_view base, std::string_view reference);

/// `host` or `host:port` of an absolute URL, empty if there is none.
std::string authority(std::string_view url);

/// The target of the `rel="next"` link in a Link header (RFC 8288), unresolved; empty if there is none.
/// Strict: `<...>` brackets and a rel parameter are required.
std::string link_next(std::string_view header);

}  // namespace referee::http
