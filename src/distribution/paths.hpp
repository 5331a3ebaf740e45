#pragma once

#include <string>
#include <string_view>

namespace referee::distribution {

/// A repository name in a path: slashes stay, what may not stand in a path is percent-encoded.
std::string encode_name(std::string_view name);
/// A tag or digest in a path: the colon stays, a slash is encoded.
std::string encode_reference(std::string_view reference);

/// The repository that a URL of the `/v2/` API, or of proposal C's `/v3/`, is about; empty if it cannot be told.
std::string repository_of(std::string_view url);
/// The tag or digest of `<api><name>/manifests/<reference>`; empty for any other URL.
std::string manifest_reference_of(std::string_view url, std::string_view api = "/v2/");

bool is_tag(std::string_view reference);

}  // namespace referee::distribution
