#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referee::http {

/// oci::base64_decode for what people write into files: padding is optional.
std::optional<std::string> base64_decode(std::string_view text);

/// `cut`: the text is the start of something longer, so its last character may be incomplete.
bool valid_utf8(std::string_view text, bool cut = false);

/// The longest prefix of at most `limit` bytes that ends on a character boundary and holds no ill-formed character.
std::string_view utf8_prefix(std::string_view text, std::size_t limit);

/// Invalid bytes become U+FFFD.
std::string to_utf8(std::string_view text);

/// Lower-case hex.
std::string hex(std::string_view bytes);

}  // namespace referee::http
