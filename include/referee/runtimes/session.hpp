#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "referee/runtimes/description.hpp"

namespace referee::runtimes {

/// How a command ended.
struct Step {
  std::vector<std::string> command;  ///< as it was run
  int exit_code = 0;                 ///< -1: it could not be started, or a signal ended it
  int signal = 0;                    ///< that ended it; 0: none
  bool timed_out = false;            ///< the limit was over; it was killed with all that it had started
  std::string out;                   ///< standard output, at most 4 MiB of it
  std::string err;                   ///< standard error, its last 64 KiB
  double seconds = 0;

  [[nodiscard]] bool ok() const { return exit_code == 0 && !timed_out; }
  /// The line of its output that says why it failed, without colours and control characters, at most 300 bytes.
  [[nodiscard]] std::string words() const;
};

/// Why a client cannot be tried at all.
struct Absence {
  bool installed = true;  ///< false: a program is missing
  std::string reason;     ///< one line that says what to do
};

struct Versions {
  std::string client;
  std::string daemon;  ///< empty without a daemon
};

/// What a pull did.
struct PullResult {
  Step pull;
  std::vector<std::string> digests;  ///< of the objects that were selected, as the client tells; none if it failed
  std::string unreadable;            ///< why there are none although the pull succeeded
  bool unread = false;               ///< the client said more than is read: it may have named one
  std::optional<Step> create;        ///< only after a pull that succeeded
};

/// What was there when everything should have been gone, and was removed.
struct Leftovers {
  std::vector<std::string> processes;  ///< `1234 containerd-shim`
  std::vector<std::string> mounts;     ///< mount points
  std::vector<std::string> stuck;      ///< what could not be removed
};

struct SessionOptions {
  std::string folder;    ///< absent; becomes `${dir}`, the client's own place, and is removed
  std::string registry;  ///< `127.0.0.1:PORT`
  std::string platform = "linux/amd64";
  std::chrono::seconds pull_limit{20};
  std::function<bool()> interrupted;  ///< polled; ends what runs. May be empty
  Variables variables;                ///< more of them, for the description's words
};

/// A client at work in a folder of its own. All that it starts is told apart by the variable REFEREE_RUNTIME_DIR of
/// its environment, and ended by pid; mounts below the folder are undone. Nothing else is touched. Not thread-safe;
/// several sessions may run at once.
class Session {
 public:
  /// Finds the programs, prepares the folder, starts the daemons and waits until they are ready.
  static tl::expected<std::unique_ptr<Session>, Absence> open(const Description& description, SessionOptions options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] const Description& description() const;
  [[nodiscard]] const Versions& versions() const;
  [[nodiscard]] const std::string& folder() const;
  /// False once a daemon has ended.
  [[nodiscard]] bool alive() const;

  /// Runs one command of the description; `more` adds variables to those of the session.
  Step run(const CommandLine& command, const Variables& more = {});
  /// The operation, if the client has it.
  std::optional<Step> run(Operation operation, const Variables& more = {});
  /// Pulls `reference`, reads what was selected, creates from it, and removes everything.
  PullResult pull(const std::string& reference, const Variables& more = {});

  /// Stops the daemons, ends what is left, and removes the folder. Called at the latest by the destructor.
  Leftovers close();

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace referee::runtimes
