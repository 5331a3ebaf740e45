#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "grounds.hpp"
#include "referee/bench/result.hpp"

/// What `referee bench` runs: each scenario asks one question of every variant that the target supports.
namespace referee::suites::benchmarks {

struct ScenarioOptions {
  bool full = false;                  ///< the sizes of the specification of the benchmark, hours
  int repetitions = 10;               ///< of what is timed, where it is not the length of the scenario
  bool repetitions_asked = false;     ///< somebody wants as many: nothing takes fewer to save time
  std::size_t parallel = 8;           ///< requests in flight at most in a verification
  std::vector<std::string> variants;  ///< ids; empty: all
  std::function<bool()> interrupted;  ///< polled; may be empty
  std::function<void(std::string_view line)> progress;  ///< one line for each step; may be empty
};

struct Scenario {
  std::string_view name;   ///< `rebuild`
  std::string_view about;  ///< one line
  /// The result without target, version, seed, host and times, which the caller knows. What was measured before an
  /// interruption or a failure comes with `incomplete`; fails with one line only if there is nothing at all.
  tl::expected<bench::Result, std::string> (*run)(Grounds& grounds, const ScenarioOptions& options);
  bool of_variants = true;  ///< false: it asks nothing of variants, so that nobody can choose some
  bool repeats = true;      ///< false: as long as its subject; nobody can choose how often
};

/// In the order of the documentation.
std::span<const Scenario> scenarios();
const Scenario* find_scenario(std::string_view name);

}  // namespace referee::suites::benchmarks
