#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "referee/load/operation.hpp"
#include "referee/load/schedule.hpp"
#include "referee/load/tally.hpp"

namespace referee::load {

/// What a run measured.
struct Outcome {
  std::vector<Tally> kinds;  ///< in the order of the kinds
  /// How late operations were sent for which a connection was free, in ns: the client's own doing.
  bench::Histogram lag;
  std::uint64_t waited = 0;  ///< operations that count and were due while every connection was busy
  std::uint64_t reconnects =
      0;                     ///< kept connections that turned out to be closed: the request was sent again on a new one
  double cpu_seconds = 0;    ///< of the sending threads while it was measured
  double seconds = 0;        ///< that it was measured
  double started = 0;        ///< of what counts, seconds since the Unix epoch
  bool interrupted = false;  ///< nothing in here counts then

  [[nodiscard]] Tally total() const;
};

/// Open loop: operations are sent at their planned times, whatever became of those before, as long as one of the
/// connections is free; otherwise they wait, which counts as latency. Each thread has its share of connections and
/// operations. Without a rate it is a closed loop: a connection sends its next operation when it has its answer.
///
/// `interrupted` is polled about a hundred times a second from all threads; may be empty. Fails with one line if the
/// host has no address, or takes no connection at all. Blocks; takes at most warm-up, duration and three time limits.
tl::expected<Outcome, std::string> run(const Plan& plan, const std::vector<std::unique_ptr<Kind>>& kinds,
                                       const std::function<bool()>& interrupted = {});

}  // namespace referee::load
