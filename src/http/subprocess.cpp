#include "subprocess.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves the declaration to the program

namespace referee::http {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

/// Starts the program with one end of a socket pair as its input and output.
tl::expected<pid_t, std::string> start(const std::vector<std::string>& command, int socket) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, socket, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);  // we ignore it, the program should not
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> copy = command;
  std::vector<char*> arguments;
  arguments.reserve(copy.size() + 1);
  for (auto& word : copy) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, arguments.front(), &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return tl::unexpected(fmt::format("cannot be started ({})", std::generic_category().message(failed)));
  }
  return pid;
}

/// Reads to the end of the output; the end of a sentence when a limit was hit.
std::string drain(int socket, steady_clock::time_point end, std::size_t max_output, std::string& text) {
  std::array<char, 4096> buffer{};
  while (true) {
    const auto left = duration_cast<milliseconds>(end - steady_clock::now());
    if (left <= milliseconds(0)) return "took too long";
    pollfd ready{socket, POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(left.count()) + 1) < 0 && errno != EINTR) return "cannot be read";
    if (ready.revents == 0) continue;
    const auto count = recv(socket, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return "";
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > max_output) return "printed too much";
  }
}

/// Waits for the end of the process, until the instant given; false when it is still running then.
bool reap(pid_t pid, steady_clock::time_point end, int& status) {
  while (true) {
    const pid_t done = waitpid(pid, &status, WNOHANG);
    if (done == pid || (done < 0 && errno != EINTR)) return true;
    if (steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(milliseconds(2));
  }
}

}  // namespace

tl::expected<Output, std::string> run_program(const std::vector<std::string>& command, const std::string& input,
                                              milliseconds limit, std::size_t max_output) {
  std::array<int, 2> pair{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    return tl::unexpected(std::string("cannot be started (no sockets left)"));
  }
  const Descriptor ours(pair[0]);
  Descriptor theirs(pair[1]);
  const auto end = steady_clock::now() + limit;
  const auto pid = start(command, theirs.get());
  if (!pid) return tl::unexpected(pid.error());
  theirs.close();
  // The input is far below the socket's buffer, so this cannot block.
  send(ours.get(), input.data(), input.size(), MSG_NOSIGNAL);
  shutdown(ours.get(), SHUT_WR);
  Output output;
  std::string trouble = drain(ours.get(), end, max_output, output.text);
  int status = 0;
  if (!trouble.empty() || !reap(*pid, end, status)) {
    if (trouble.empty()) trouble = "took too long";
    kill(-*pid, SIGKILL);
    waitpid(*pid, &status, 0);
    return tl::unexpected(trouble);
  }
  output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

}  // namespace referee::http
