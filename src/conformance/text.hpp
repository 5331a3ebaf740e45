#pragma once

#include <string>
#include <string_view>

namespace referee::conformance {

/// `text` fit for a one-line message: control characters and bytes that are not UTF-8 become `\xNN`, and what is longer
/// than `limit` bytes is cut and ends in "...". What a target sent must pass through here before it stands in a
/// message.
std::string printable(std::string_view text, std::size_t limit = 200);

/// printable() in double quotes.
std::string in_quotes(std::string_view text, std::size_t limit = 200);

/// FNV-1a as eight hex characters: short, stable names.
std::string short_hash(std::string_view text);

}  // namespace referee::conformance
