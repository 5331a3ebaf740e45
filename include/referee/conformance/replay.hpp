#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "referee/conformance/runner.hpp"

/// A run's recording (http/recording.hpp) has a part for the probe and one for each check as one worker ran it; its
/// first line says how the run was made, so that run() can make it again without the target. Registries that a check
/// starts for itself are not recorded: they need no target, and are started again.
namespace referee::conformance {

inline constexpr std::string_view kProbePart = "probe";
/// `suffix`: Context::Options::suffix.
std::string part_name(std::string_view check, std::string_view suffix);

/// What the first line of a recording says of its run.
struct RecordedRun {
  RunOptions options;  ///< all that decides what is asked and how it is judged; no credentials, no paths
  std::string tool_version;
  std::string commit;
  std::string suite;   ///< suite_digest()
  double started = 0;  ///< since the Unix epoch
};

/// JSON in one line: reports/schemas/recording.schema.json.
std::string recording_head(const RunOptions& options, const RunInfo& info);
/// Hostile input: exactly what recording_head() writes, each name once; what it names is known to this program, and
/// numbers are bounded. Fails with one line.
tl::expected<RecordedRun, std::string> read_recorded_run(std::string_view head);

}  // namespace referee::conformance
