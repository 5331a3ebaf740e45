#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace referee::conformance {

/// A file descriptor with an owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { reset(); }
  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] bool valid() const { return value_ >= 0; }
  void reset();

 private:
  int value_ = -1;
};

/// Two connected ends, neither of them passed on to other children.
tl::expected<std::pair<Descriptor, Descriptor>, std::string> socket_pair();
/// Memory with a file's interface: what a child writes to its standard error.
Descriptor memory_file();
/// Its last `limit` bytes.
std::string read_tail(const Descriptor& file, std::size_t limit);

/// A child process in a group of its own (a Ctrl-C on the terminal reaches the parent alone) that dies with the thread
/// that started it. Its environment has no GoogleTest variables and no registry credentials. Killed and waited for at
/// the latest in the destructor; only ever by its own pid.
class ChildProcess {
 public:
  /// `descriptors`: (this process's, the child's). Standard streams that are not named are /dev/null.
  static tl::expected<ChildProcess, std::string> start(const std::string& executable,
                                                       const std::vector<std::string>& arguments,
                                                       const std::vector<std::pair<int, int>>& descriptors);
  ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess() { kill(); }

  [[nodiscard]] int pid() const { return pid_; }
  /// SIGKILL and wait; returns the wait status. A child that had ended before keeps its own status.
  int kill();
  /// SIGTERM, then SIGKILL if it has not ended after `patience`.
  void terminate(std::chrono::milliseconds patience);
  /// Gives up the child: the caller ends it.
  int release() { return std::exchange(pid_, -1); }
  /// Takes over a child that release() gave up.
  static ChildProcess adopt(int pid) { return ChildProcess(pid); }

 private:
  explicit ChildProcess(int pid) : pid_(pid) {}
  int pid_;
};

}  // namespace referee::conformance
