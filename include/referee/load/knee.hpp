#pragma once

#include <functional>
#include <tl/expected.hpp>

#include "referee/load/report.hpp"

namespace referee::load {

struct KneeOptions {
  double first = 100;  ///< operations per second, the rate to begin with
  double most = 1'000'000;
  double p99_ms = 100;      ///< most that a rate that is held may have
  double achieved = 0.95;   ///< of what was planned, at least
  double precision = 0.05;  ///< ends when what is held and what is not are this close
  int most_steps = 20;
};

/// Whether a step (rate aside) at this rate was held.
bool held(const KneeStep& step, double rate, const KneeOptions& options);

/// Measures one rate, or fails with one line, which ends the search.
using Measure = std::function<tl::expected<KneeStep, std::string>(double rate)>;

/// The rate up to which a server keeps up: doubles until one is not held, halves if not even the first is, then
/// bisects. `measure` sets rate, achieved, p99_ms and errors; this says whether it was held.
tl::expected<Knee, std::string> find_knee(const KneeOptions& options, const Measure& measure);

}  // namespace referee::load
