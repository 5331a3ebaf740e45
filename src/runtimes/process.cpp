#include "process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

namespace referee::runtimes {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostErr = 64UL * 1024;
constexpr milliseconds kTick{50};
/// Descriptors below this number are free for the child's own.
constexpr int kFirstFree = 64;

class Handle {
 public:
  explicit Handle(int number = -1) : number_(number) {}
  Handle(Handle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Handle() { close(); }
  [[nodiscard]] int get() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

std::string system_text(int code) {
  return std::generic_category().message(code);
}

/// Out of the way of the numbers that a child gets.
Handle moved_up(int number) {
  const int moved = ::fcntl(number, F_DUPFD_CLOEXEC, kFirstFree);
  ::close(number);
  return Handle(moved);
}

struct Pipe {
  Handle read;
  Handle write;

  static Pipe make() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {Handle(), Handle()};
    return {moved_up(ends[0]), moved_up(ends[1])};
  }
  [[nodiscard]] bool valid() const { return read.get() >= 0 && write.get() >= 0; }
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// What the child needs between fork and exec, prepared before: there only async-signal-safe calls are allowed.
struct Plan {
  char* const* command;
  char* const* environment;
  const char* folder;
  int out;
  int err;
  int trouble;  ///< gets errno if the program cannot be started
  pid_t parent;
};

[[noreturn]] void become(const Plan& plan) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(70);
  ::setsid();
  const int null = ::open("/dev/null", O_RDONLY);
  if (null >= 0) ::dup2(null, STDIN_FILENO);
  ::dup2(plan.out, STDOUT_FILENO);
  ::dup2(plan.err, STDERR_FILENO);
  // A socket that another thread just accepted must not live on in a daemon.
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) ::signal(number, SIG_DFL);  // NOLINT(cert-err33-c)
  if (::chdir(plan.folder) == 0) ::execve(plan.command[0], plan.command, plan.environment);
  const int code = errno;
  [[maybe_unused]] const auto written = ::write(plan.trouble, &code, sizeof(code));
  ::_exit(127);
}

/// The pid, or why there is none.
tl::expected<pid_t, std::string> spawn(const Launch& launch, int out, int err) {
  auto command = launch.command;
  auto environment = launch.environment;
  const auto words = pointers(command);
  const auto variables = pointers(environment);
  auto trouble = Pipe::make();
  if (!trouble.valid()) return tl::unexpected(system_text(errno));
  const Plan plan{words.data(), variables.data(), launch.folder.c_str(), out, err, trouble.write.get(), ::getpid()};
  const pid_t pid = ::fork();
  if (pid < 0) return tl::unexpected(system_text(errno));
  if (pid == 0) become(plan);
  trouble.write.close();
  int code = 0;
  ssize_t count = 0;
  do count = ::read(trouble.read.get(), &code, sizeof(code));
  while (count < 0 && errno == EINTR);
  if (count != sizeof(code)) return pid;
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return tl::unexpected(fmt::format("{} cannot be started: {}", launch.command.front(), system_text(code)));
}

/// Reads what is there, keeping the first `most` bytes, or the last. False at the end.
bool take(int from, std::string& text, std::size_t most, bool last) {
  std::array<char, 16384> buffer{};
  const auto count = ::read(from, buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  if (count == 0) return false;
  const auto room = last ? buffer.size() : most - std::min(most, text.size());
  text.append(buffer.data(), std::min(static_cast<std::size_t>(count), room));
  if (last && text.size() > most) text.erase(0, text.size() - most);
  return true;
}

bool ended(pid_t pid, int& status) {
  const pid_t done = ::waitpid(pid, &status, WNOHANG);
  return done == pid || (done < 0 && errno != EINTR);
}

/// Collects the output of a running process until it ends or must end.
class Collector {
 public:
  Collector(Step& step, Handle out, Handle err) : step_(step), out_(std::move(out)), err_(std::move(err)) {
    ::fcntl(out_.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(err_.get(), F_SETFL, O_NONBLOCK);
  }

  /// One round; at most one tick.
  void wait() {
    std::array<pollfd, 2> ready{pollfd{out_.get(), POLLIN, 0}, pollfd{err_.get(), POLLIN, 0}};
    if (out_.get() < 0 && err_.get() < 0) {
      std::this_thread::sleep_for(milliseconds(2));
      return;
    }
    ::poll(ready.data(), ready.size(), static_cast<int>(kTick.count()));
    if (ready[0].revents != 0) keep(out_, step_.out, kMostOutput, false);
    if (ready[1].revents != 0) keep(err_, step_.err, kMostErr, true);
  }

  /// What is still in the pipes. A process that lives on may hold them open: nothing is waited for.
  void rest() {
    while (out_.get() >= 0 && step_.out.size() < kMostOutput && readable(out_))
      keep(out_, step_.out, kMostOutput, false);
    for (int round = 0; round < 64 && err_.get() >= 0 && readable(err_); ++round) {
      keep(err_, step_.err, kMostErr, true);
    }
  }

 private:
  static bool readable(const Handle& handle) {
    pollfd ready{handle.get(), POLLIN, 0};
    return ::poll(&ready, 1, 0) > 0;
  }
  static void keep(Handle& handle, std::string& text, std::size_t most, bool last) {
    if (handle.get() >= 0 && !take(handle.get(), text, most, last)) handle.close();
  }

  Step& step_;
  Handle out_;
  Handle err_;
};

}  // namespace

Step run_to_end(const Launch& launch, milliseconds limit, const std::function<bool()>& interrupted) {
  Step step;
  step.command = launch.command;
  step.exit_code = -1;
  const auto started = Clock::now();
  auto out = Pipe::make();
  auto err = Pipe::make();
  if (!out.valid() || !err.valid()) {
    step.err = "no pipe: " + system_text(errno);
    return step;
  }
  const auto pid = spawn(launch, out.write.get(), err.write.get());
  if (!pid) {
    step.err = pid.error();
    return step;
  }
  out.write.close();
  err.write.close();
  Collector collector(step, std::move(out.read), std::move(err.read));
  int status = 0;
  while (!ended(*pid, status)) {
    const bool over = Clock::now() - started >= limit;
    if (over || (interrupted && interrupted())) {
      step.timed_out = over;
      ::kill(-*pid, SIGKILL);
      while (::waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
      }
      break;
    }
    collector.wait();
  }
  collector.rest();
  if (WIFEXITED(status)) step.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) step.signal = WTERMSIG(status);
  step.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  return step;
}

tl::expected<Daemon, std::string> Daemon::start(const Launch& launch, const std::string& log) {
  const int opened = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (opened < 0) return tl::unexpected(fmt::format("{}: {}", log, system_text(errno)));
  const auto file = moved_up(opened);
  return spawn(launch, file.get(), file.get()).map([](pid_t pid) { return Daemon(pid); });
}

Daemon::~Daemon() {
  stop(milliseconds(0));
}

bool Daemon::alive() {
  int status = 0;
  if (pid_ >= 0 && ended(pid_, status)) pid_ = -1;
  return pid_ >= 0;
}

bool Daemon::stop(milliseconds patience) {
  if (!alive()) return true;
  ::kill(pid_, SIGTERM);
  const auto end = Clock::now() + patience;
  while (alive() && Clock::now() < end) std::this_thread::sleep_for(milliseconds(10));
  if (!alive()) return true;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return false;
}

}  // namespace referee::runtimes
