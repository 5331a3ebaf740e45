#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "referee/conformance/catalogue.hpp"
#include "referee/conformance/result.hpp"
#include "referee/conformance/target.hpp"
#include "referee/http/client.hpp"

namespace referee::conformance {

/// How to reach the target: what a worker process needs to build its own client. Secrets travel to workers on a pipe,
/// never in arguments or environment.
struct Connection {
  std::string url;
  http::TlsOptions tls;
  http::Version version = http::Version::kAuto;
  http::CredentialSources credentials;
  bool anonymous = false;                         ///< looks for no credentials: embedded targets
  std::optional<EmbeddedServer::Facts> embedded;  ///< of an embedded target
  std::chrono::milliseconds silence_timeout{10000};
};

struct RunOptions {
  Connection connection;
  std::string target;  ///< as typed, for the report
  std::string name_space = "referee";
  std::vector<std::string> fixed_repositories;
  Spec spec = Spec::kV1_1;
  bool strict = false;
  std::uint64_t seed = 0;
  int jobs = 4;
  std::chrono::milliseconds check_timeout{60000};
  std::string journal;                                     ///< path; empty: nothing is journaled (prove)
  std::vector<std::string> checks;                         ///< selected ids
  bool keep_exchanges = true;                              ///< false: workers send none (prove)
  std::string scale = "default";                           ///< of stories: find_scale()
  bool fresh_registries = false;                           ///< stories start registries of their own
  std::optional<distribution::Capabilities> capabilities;  ///< taken as given; nullopt: the target is probed
  std::string commit;                                      ///< of Referee's own source, for the report
  std::string record;                                      ///< path of a new recording of every answer; empty: none
  std::string replay;                     ///< path of a recording that answers instead of the target; empty: none
  std::string executable;                 ///< of the workers, started with the argument `worker`; empty: this one
  std::chrono::milliseconds grace{3000};  ///< beyond check_timeout, before a worker that hangs is killed
};

/// What happens while a run goes; all calls come from the thread that called run().
struct RunEvents {
  std::function<void(const RunInfo&)> started;                   ///< after the probe
  std::function<void(const Run&, const CheckResult&)> finished;  ///< once for each check, in order of completion
  std::function<void(const Run&)> tick;  ///< at least every 500 ms: rewrite reports, draw the bar
};

/// Probes the target, spreads the checks over `jobs` worker processes and judges what they report. A worker that dies
/// or hangs costs the check that it was running; a fresh one goes on. Verdicts and order do not depend on `jobs`.
/// `interrupted` is polled, by the probe too; when it turns true the workers are ended and what is there is returned,
/// incomplete.
tl::expected<Run, distribution::Unjudgeable> run(const Catalogue& catalogue, const Ledger& ledger,
                                                 const RunOptions& options, const RunEvents& events,
                                                 const std::function<bool()>& interrupted = {});

/// Judges raw results: levels, prerequisites, capabilities. Pure; `run` and `prove` share it.
std::vector<CheckResult> judge_run(const Catalogue& catalogue, const Ledger& ledger, Spec spec,
                                   const distribution::Capabilities& capabilities,
                                   const std::vector<std::string>& selected, const std::vector<RawResult>& raw);

/// Main function of a worker process (`referee worker`, hidden): reads one JSON assignment from stdin, runs its checks
/// with GoogleTest, writes one JSON line for each to the descriptor it was given. Returns the exit code.
int worker_main(const Catalogue& catalogue);

}  // namespace referee::conformance
