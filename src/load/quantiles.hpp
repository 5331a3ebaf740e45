#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace referee::load {

inline constexpr std::array<std::pair<std::string_view, double>, 5> kQuantiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}, {"p99.9", 0.999}}};

inline double in_ms(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

}  // namespace referee::load
