#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "referee/runtimes/session.hpp"

namespace referee::runtimes {

/// Bytes of a program's standard output that are kept.
inline constexpr std::size_t kMostOutput = 4UL << 20U;

/// What a program is started with.
struct Launch {
  std::vector<std::string> command;      ///< the first is an absolute path
  std::vector<std::string> environment;  ///< `NAME=value`, nothing else
  std::string folder;                    ///< to work in
};

/// Runs a program to its end, with nothing on its standard input. It is the leader of a session of its own, so that a
/// Ctrl-C reaches this process alone, and dies with the thread that started it. At the limit, or once `interrupted`
/// says so, its whole process group is killed. Never fails: a program that cannot be started has the exit code -1 and
/// the reason in `err`.
Step run_to_end(const Launch& launch, std::chrono::milliseconds limit, const std::function<bool()>& interrupted);

/// A process that goes on. Killed in the destructor at the latest, by its own pid.
class Daemon {
 public:
  /// Its output goes to the file `log`.
  static tl::expected<Daemon, std::string> start(const Launch& launch, const std::string& log);
  Daemon(Daemon&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Daemon& operator=(Daemon&&) = delete;
  ~Daemon();

  [[nodiscard]] int pid() const { return pid_; }
  [[nodiscard]] bool alive();
  /// SIGTERM, and SIGKILL if it has not ended after `patience`. False if it had to be killed.
  bool stop(std::chrono::milliseconds patience);

 private:
  explicit Daemon(int pid) : pid_(pid) {}
  int pid_;
};

}  // namespace referee::runtimes
