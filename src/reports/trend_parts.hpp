#pragma once

#include <string>

#include "referee/reports/trend.hpp"

namespace referee::reports {

/// `2026-11-24T18:04Z`, with seconds if a run beside it has the same minute; or the file if it has no time.
std::string run_time(const Trend& trend, std::size_t at);
/// `3 checks fail in the last of 12 runs, 1 of them new; 280 never changed and never failed`.
std::string trend_sentence(const Trend& trend);

}  // namespace referee::reports
