#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "cell.hpp"
#include "grounds.hpp"
#include "referee/bench/samples.hpp"

/// What a protocol costs: the grid, run by Google Benchmark.
namespace referee::suites::benchmarks {

struct ProtocolOptions {
  std::vector<Cell> cells;
  int repetitions = 10;
  std::map<std::string, std::string> context;  ///< what else the JSON's context says: target, seed ...
  std::function<bool()> interrupted;           ///< polled; may be empty
  std::function<void(std::size_t done, std::size_t all)> progress;  ///< after each run; may be empty
};

/// A benchmark with what was measured.
struct CellResult {
  Cell cell;
  std::vector<double> seconds;  ///< one for each repetition that counts
  double requests = 0;          ///< the same in each, since the formula says so
  double bytes_up = 0;          ///< means
  double bytes_down = 0;
  double signatures = 0;
  std::string wrong;  ///< why it does not count; empty if it does
};

struct ProtocolReport {
  std::vector<CellResult> cells;  ///< in the order of the grid
  /// Variants that the target does not support, with all counts (`A, n:0, n:10`), or counts that a variant's protocol
  /// has no room for (`D/index, n:10000`), and why.
  std::vector<std::pair<std::string, std::string>> absent;
  std::vector<CellResult> others;  ///< the same cells on the second target
  std::string json;                ///< Google Benchmark's; with two targets names begin with `A/` and `B/`
  std::string trouble;             ///< why not even the first could be prepared; nothing was run
  bool interrupted = false;

  /// Everything that could be measured counts.
  [[nodiscard]] bool whole() const;
};

/// Runs the cells, their repetitions in an order drawn by Google Benchmark, so that what disturbs the machine disturbs
/// all. Prepares content as it is needed. Not more than one at a time in a process.
ProtocolReport run_protocol(Grounds& grounds, const ProtocolOptions& options);
/// The same on two targets, their repetitions mixed: what differs is the targets' doing and not the hour's. Cells that
/// one of them does not support are left out.
ProtocolReport run_protocol(Grounds& first, Grounds& second, const ProtocolOptions& options);
/// What counts, to be compared.
bench::SampleFile samples_of(const std::vector<CellResult>& cells);

/// Tables of medians and requests, what does not count and what is not supported.
std::string protocol_table(const ProtocolReport& report);

}  // namespace referee::suites::benchmarks
