#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace referee::runtimes {

/// The first group of `match` in each line of a text that it matches. Long lines and many matches are cut: what a
/// client prints is not to be trusted.
std::vector<std::string> groups_in(std::string_view text, const std::string& match);

/// A digest, from one or from its hexadecimal digits alone.
std::optional<std::string> as_digest(std::string_view text);

/// What the entries of a layout's index.json name: their digests, and the config's of those that are images. Where some
/// have a name (`org.opencontainers.image.ref.name`), those alone: what a name leads to was selected, and what merely
/// stands beside it was not.
tl::expected<std::vector<std::string>, std::string> digests_of_layout(const std::string& folder);

}  // namespace referee::runtimes
