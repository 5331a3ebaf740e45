#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "assignment.hpp"
#include "process.hpp"
#include "shards.hpp"

namespace referee::conformance {

/// Keeps the worker processes of a run going: starts them, reads their lines, ends those that hang, and replaces those
/// that die. Every check of every shard is reported exactly once: finished or skipped. One thread.
class Supervisor {
 public:
  struct Options {
    Assignment assignment;  ///< all but `checks` and `known`
    std::string executable;
    std::chrono::milliseconds grace{3000};
  };
  struct Report {
    std::function<void(std::size_t shard, RawResult result)> finished;
    std::function<void(std::size_t shard, const std::string& id)> skipped;  ///< its prerequisite did not hold there
  };
  Supervisor(Options options, Shards shards, Report report);

  /// Waits at most this long for something to happen. Returns false when every check is reported.
  bool step(std::chrono::milliseconds wait);
  /// Ends all workers.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Lane {
    std::size_t number = 0;
    std::vector<std::string> todo;  ///< not reported yet, in order
    std::map<std::string, bool> known;
    std::optional<ChildProcess> child;
    Descriptor channel;
    Descriptor errors;   ///< the worker's standard error
    std::string output;  ///< assignment bytes that are still to be sent
    std::string input;   ///< an unfinished line
    std::optional<std::string> running;
    std::vector<Failure> failures;  ///< of the check that is running
    Clock::time_point heard;        ///< when the current check, or the pause between two, began
    double started = 0;             ///< of the check that is running, since the Unix epoch
    int barren = 0;                 ///< workers in a row that ended without a result
  };

  /// How long a lane may be silent: a check's time, or what a process needs to start on a busy machine.
  [[nodiscard]] std::chrono::milliseconds patience(const Lane& lane) const;
  void start(Lane& lane);
  void send(Lane& lane);
  void receive(Lane& lane);
  void take_line(Lane& lane, std::string_view line);
  void report(Lane& lane, RawResult result);
  void ended(Lane& lane);
  void hangs(Lane& lane);
  void close(Lane& lane);
  /// The check that was running has no result of its own: this is it, or, if an expectation had failed, a broken one.
  void finish_running(Lane& lane, Outcome outcome, const std::string& reason);
  void give_up(Lane& lane, const std::string& reason);

  Options options_;
  Shards shards_;
  Report report_;
  std::vector<Lane> lanes_;
};

}  // namespace referee::conformance
