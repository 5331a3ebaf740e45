#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referee::oci {

/// RFC 4648, section 4, with padding and without line breaks.
std::string base64_encode(std::string_view bytes);

/// Strict: no white space, complete padding. nullopt on anything else.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace referee::oci
