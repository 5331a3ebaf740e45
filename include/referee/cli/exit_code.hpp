#pragma once

namespace referee::cli {

/// Stable exit codes. The first that applies in the order 2, 3, 5, 70, 1, 4, 0 is returned; 130 when interrupted.
enum class ExitCode : int {
  kOk = 0,               ///< no failure
  kFailed = 1,           ///< a MUST failed (with --strict a SHOULD), or `prove` or `compare` found a problem
  kUsage = 2,            ///< command line or configuration, and what only another Referee can judge
  kUnjudgeable = 3,      ///< the target is unreachable, TLS or credentials are wrong, or it cannot be written to
  kInconclusive = 4,     ///< no failure, but something inconclusive
  kNothingSelected = 5,  ///< no pattern takes anything; a name that does not exist is kUsage
  kInternal = 70,        ///< an `error` verdict or a fault of the harness
  kInterrupted = 130,
};

}  // namespace referee::cli
