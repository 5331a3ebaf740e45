#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "referee/conformance/context.hpp"
#include "referee/conformance/verdict.hpp"
#include "referee/http/exchange.hpp"

namespace referee::conformance {

/// One expectation that did not hold.
struct Failure {
  std::string what;  ///< the expectation's own message, or what the request asked and got; one line
  std::string expected;
  std::string actual;
  std::optional<std::size_t> exchange;  ///< index into RawResult::exchanges of the request that shows it
};

/// What a worker reports for one check: no level, no verdict.
struct RawResult {
  std::string id;
  Outcome outcome = Outcome::kHeld;
  std::string reason;  ///< for kInconclusive and kError
  std::vector<Failure> failures;
  std::size_t failures_omitted = 0;  ///< of a result that was read from a file: those that it left out
  std::vector<Observation> observations;
  std::vector<http::Exchange> exchanges;
  std::size_t requests = 0;  ///< exchanges with purpose kRequest
  double started = 0;        ///< since the Unix epoch
  double seconds = 0;
};

void to_json(nlohmann::json& json, const Failure& failure);
void from_json(const nlohmann::json& json, Failure& failure);
void to_json(nlohmann::json& json, const Observation& observation);
void from_json(const nlohmann::json& json, Observation& observation);
void to_json(nlohmann::json& json, const RawResult& result);
void from_json(const nlohmann::json& json, RawResult& result);

/// One check, judged.
struct CheckResult {
  RawResult raw;
  Verdict verdict = Verdict::kError;
  std::optional<Level> level;  ///< nullopt: the version of the run does not ask for it
  std::string reason;          ///< why unsupported, blocked, inconclusive, error, or "from main: held"
  std::string blocked_by;      ///< the root cause's check id
};

/// What a target is and how it was judged: the head of every report.
struct RunInfo {
  std::string tool_version;
  std::string commit;  ///< of Referee's own source; `+dirty` after it: changed since. `unknown` outside git
  std::string suite;   ///< digest of catalogue and ledger: suite_digest()
  std::string target;  ///< as the user typed it
  std::string url;
  std::string name_space;                 ///< repository prefix
  std::vector<std::string> repositories;  ///< the only ones that it worked in; empty: below the prefix
  Spec spec = Spec::kV1_1;
  bool strict = false;
  std::uint64_t seed = 0;
  int jobs = 1;
  double started = 0;  ///< since the Unix epoch
  double seconds = 0;
  bool complete = false;     ///< false in the reports of a run that is still going or was cut
  std::size_t selected = 0;  ///< checks that the run takes
  std::size_t requests = 0;  ///< protocol requests of the whole run, probe included
  distribution::Capabilities capabilities;
};

/// The command that asks the same registry the same things again, without a selection: for a shell, in one line.
std::string check_command(const RunInfo& info);

/// A run, finished or not: RunInfo and the checks that have a verdict, in catalogue order.
struct Run {
  RunInfo info;
  std::vector<CheckResult> checks;
};

}  // namespace referee::conformance
