#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace referee::signing {

/// Parses what a target sent: at most `most` bytes and kDeepestJson levels, an object. `what` begins the error.
tl::expected<nlohmann::json, std::string> parse_object(std::string_view text, std::string_view what, std::size_t most);

/// A member that must be there with this type; the error names it.
tl::expected<const nlohmann::json*, std::string> object_member(const nlohmann::json& object, const char* key);
tl::expected<std::string, std::string> text_member(const nlohmann::json& object, const char* key);

/// A member of strict base64; at most `most` bytes of text.
tl::expected<std::string, std::string> base64_member(const nlohmann::json& object, const char* key, std::size_t most);

/// Text of a target as it may stand in one line of an error: at most 100 characters, nothing that moves a terminal.
std::string printable_text(std::string_view text);

/// JSON text of a string.
std::string json_string(std::string_view text);

}  // namespace referee::signing
