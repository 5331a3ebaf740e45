#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace referee::registry {

/// A point in time, whatever time zone it was written in.
struct Instant {
  std::int64_t seconds = 0;  ///< since the Unix epoch; negative before
  std::uint32_t nanoseconds = 0;
  auto operator<=>(const Instant&) const = default;
};

/// A date-time of RFC 3339; digits beyond nanoseconds are cut. nullopt on anything else.
std::optional<Instant> parse_date_time(std::string_view text);

}  // namespace referee::registry
