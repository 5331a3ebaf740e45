#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "referee/http/recording.hpp"

namespace referee::http {

/// Any bytes: a text, or {"base64": ...} where they are no valid UTF-8.
nlohmann::ordered_json bytes_value(std::string_view bytes);

nlohmann::ordered_json answered_value(std::string_view part, const Answered& answered);
/// nullopt on anything that answered_value() does not write, or that is beyond its bounds.
std::optional<Answered> read_answered(const nlohmann::json& line);

/// The line that closes a recording, with its line break.
std::string closing_line(std::size_t lines, const std::string& digest);

/// zlib's format (RFC 1950).
std::string deflated(std::string_view bytes);
/// nullopt unless it comes to exactly so many bytes.
std::optional<std::string> inflated(std::string_view data, std::uint64_t bytes);

}  // namespace referee::http
