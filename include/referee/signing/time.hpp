#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace referee::signing {

/// A point in time in UTC. This room never reads a clock: the caller says what time it is.
using Time = std::chrono::sys_seconds;

/// A date-time of RFC 3339 with any offset; fractions of a second are cut, a leap second is the next minute's first.
/// nullopt on anything else.
std::optional<Time> parse_time(std::string_view text);

/// `2026-11-28T12:00:00Z`. Years 0 to 9999.
std::string format_time(Time time);

}  // namespace referee::signing
