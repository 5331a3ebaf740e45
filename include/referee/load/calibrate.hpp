#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <tl/expected.hpp>

#include "referee/load/report.hpp"

namespace referee::load {

/// Sends GETs to a null server of its own for `duration`, with as many connections and threads as the plan has, as fast
/// as they go. The server takes its share of the machine, as a target on it would. Fails with one line.
tl::expected<Calibration, std::string> calibrate(const Plan& plan, std::chrono::milliseconds duration,
                                                 const std::function<bool()>& interrupted = {});

}  // namespace referee::load
