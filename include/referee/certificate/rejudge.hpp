#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/certificate/runtime_run.hpp"
#include "referee/conformance/replay.hpp"
#include "referee/reports/writers.hpp"

namespace referee::certificate {

/// A run made again from its recording.
struct Rejudged {
  conformance::RecordedRun recorded;     ///< what the recording says of the run
  conformance::Run run;                  ///< what it comes to now
  std::vector<std::string> differences;  ///< from results.json, one sentence each; empty: it holds
};

struct RejudgeOptions {
  std::vector<std::string> checks;  ///< only these and what they depend on; empty: all that the run had
  std::string executable;           ///< of worker processes and of registries that checks start; empty: this one
  std::function<void(const conformance::Run&, const conformance::CheckResult&)> finished;  ///< progress; may be empty
  std::function<bool()> interrupted;
  JudgeRuntime runtime;  ///< of certify() and verify(), for a folder of `referee runtime`; empty: such a one is refused
};

/// Runs the checks of `folder`/recording.jsonl against the recording, no network but registries that checks start on
/// loopback, and compares with `folder`/results.json: verdicts, levels, requirements, failures, observations (but for
/// those that vary), capabilities, and how the run was made. Both files are hostile input. Fails with one line if there
/// is nothing to run: a file that cannot be read or was changed, or another suite's recording.
tl::expected<Rejudged, std::string> rejudge(const std::string& folder, const reports::Book& book,
                                            const RejudgeOptions& options = {});

/// What `results` (the text of a results.json) says otherwise than `run`. With `part`, only about the checks of `run`.
std::vector<std::string> differences(std::string_view results, const conformance::Run& run, const reports::Book& book,
                                     bool part);

}  // namespace referee::certificate
