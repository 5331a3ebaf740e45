#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "benchmarks/grounds.hpp"
#include "judging.hpp"
#include "referee/bench/result.hpp"
#include "referee/distribution/journal.hpp"

namespace referee::cli {

/// A folder for results with the journal of what is pushed.
struct BenchPlace {
  std::string folder;
  bool made = false;  ///< the folder was not there before
  std::string journal_file;
  std::unique_ptr<distribution::Journal> journal;
};
/// Creates the folder, and clears it of an earlier run's results.
tl::expected<BenchPlace, Refusal> bench_place(const BenchCommand& command);
/// Leaves what was pushed to the target, or removes it; an interrupt, told as `how`, leaves it and says how to remove
/// it.
ExitCode end_bench(const BenchCommand& command, const BenchPlace& place, const std::vector<const Reached*>& reached,
                   bool whole, std::string_view how = "interrupted");

/// Ends with this line; takes an empty folder away.
ExitCode come_to_nothing(const BenchPlace& place, const std::string& why, ExitCode code = ExitCode::kUnjudgeable);

/// Writes report.html beside the JSON.
tl::expected<void, std::string> write_charts(const BenchPlace& place, std::span<const bench::Result> results);
/// The same of what stands in the JSON; false, and a line on stderr, if that cannot be read.
tl::expected<bool, std::string> write_charts(const BenchPlace& place, const std::string& json);

/// Begins the line that names the files, if write_charts() wrote one.
inline constexpr std::string_view kChartsThere = "report.html has charts, ";

ExitCode run_growth_bench(const BenchCommand& command);
ExitCode run_scenario_bench(const BenchCommand& command);

/// A target and the ground on it.
struct Field {
  Reached reached;
  std::unique_ptr<suites::benchmarks::Grounds> grounds;
};
/// `embedded:all` has no registry of its own: each variant has a fresh one.
tl::expected<Field, Refusal> field_on(const std::string& name, const BenchCommand& command, std::uint64_t seed,
                                      const BenchPlace& place);

}  // namespace referee::cli
