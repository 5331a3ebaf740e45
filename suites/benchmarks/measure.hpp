#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "stand.hpp"

namespace referee::suites::benchmarks {

/// One run of one benchmark, after it was found to be right.
struct Measured {
  double seconds = 0;
  proposals::Cost cost;
  std::size_t signatures = 0;  ///< that were checked and count
  std::size_t found = 0;       ///< what a discovery listed
};

/// Runs a benchmark once. What is wrong, or took other requests than the formula says, is a line and no number.
tl::expected<Measured, std::string> measure(Stands& stands, const Cell& cell);

}  // namespace referee::suites::benchmarks
