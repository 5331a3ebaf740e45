#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "referee/bench/host.hpp"
#include "referee/load/run.hpp"

namespace referee::load {

/// What this client can do at most: a closed loop against a null server on the same machine.
struct Calibration {
  double requests_per_second = 0;
  double cpu_seconds_per_request = 0;  ///< of the client's threads
};

/// One rate that was tried.
struct KneeStep {
  double rate = 0;
  double achieved = 0;  ///< right operations per second
  double p99_ms = 0;    ///< corrected
  std::uint64_t errors = 0;
  bool held = false;
  std::string why;  ///< it was not held; empty if it was
};
struct Knee {
  double rate = 0;    ///< the highest that was held; 0: none was
  double beyond = 0;  ///< the lowest that was not held; 0: all were
  std::vector<KneeStep> steps;
};

/// A run that is part of a report, on one machine.
struct Part {
  std::string id;      ///< 32 hex digits, another one for every run
  double started = 0;  ///< seconds since the Unix epoch
  double seconds = 0;
  std::uint64_t seed = 0;
  std::string host;          ///< model of its CPU and how many there are
  bench::Host machine = {};  ///< the same with all that is known; without CPUs in files of earlier versions
};

struct Report {
  std::string tool_version;
  std::string target;
  std::vector<std::pair<std::string, unsigned>> mix;  ///< kind and weight
  double rate = 0;  ///< operations per second of all parts together, as planned; 0: as fast as possible
  double duration = 0, warm_up = 0, time_limit = 0;  ///< seconds
  std::uint64_t blob_size = 0;
  unsigned connections = 0, threads = 0;
  std::vector<Part> parts;
  /// Of the parts together: how long it was measured. Parts that ran at once count once, others one after another.
  double seconds = 0;
  std::vector<Tally> kinds;  ///< in the order of the mix
  bench::Histogram lag;
  std::uint64_t waited = 0, reconnects = 0;
  double cpu_seconds = 0;     ///< of the sending threads
  double thread_seconds = 0;  ///< that they could have used
  std::optional<Calibration> calibration;
  std::vector<std::string> limits;  ///< why the client was the limit: sentences; empty: it was not
  std::optional<Knee> knee;

  [[nodiscard]] Tally total() const;
};

/// Takes what a run measured. `report` has the plan's side.
void take(Report& report, const Plan& plan, Outcome outcome);
/// Sentences that say why the client was the limit: more than 80 % of its threads' time, more than 80 % of the requests
/// that it was calibrated to, or late sending. Empty: it was not.
std::vector<std::string> client_limits(const Report& report);

/// reports/schemas/load.schema.json; ends with a newline.
std::string report_json(const Report& report);
/// Fails with one line on what report_json() does not write, and if it is larger than oci::kLargestResult.
tl::expected<Report, std::string> read_report(std::string_view json);

/// For a terminal.
std::string report_text(const Report& report);

/// All parts as one run: exact, whatever the order. Rates add up when the parts ran at once, within a fifth of their
/// time; otherwise they are taken to be repetitions. Fails with one line if they are not parts of one measurement:
/// other version, target, mix, times or sizes, or a part that is in it already. What was found of a knee is left out.
tl::expected<Report, std::string> merge(const Report& one, const Report& other);

}  // namespace referee::load
