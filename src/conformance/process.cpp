#include "process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <system_error>

namespace referee::conformance {
namespace {

/// Descriptors below this number are free for the child's own.
constexpr int kFirstFree = 64;

std::string system_error(std::string_view what) {
  return fmt::format("{}: {}", what, std::generic_category().message(errno));
}

/// Moves a descriptor out of the way of the numbers that a child gets.
int moved_up(int descriptor) {
  const int moved = ::fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstFree);
  ::close(descriptor);
  return moved;
}

std::vector<std::string> clean_environment() {
  constexpr std::array<std::string_view, 7> kDropped{
      "GTEST_",           "TEST_PREMATURE_EXIT_FILE=", "TESTBRIDGE_TEST_ONLY=",
      "XML_OUTPUT_FILE=", "REFEREE_USERNAME=",         "REFEREE_PASSWORD=",
      "TEST_SHARD_"};
  std::vector<std::string> kept;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    if (std::ranges::any_of(kDropped, [&](auto prefix) { return variable.starts_with(prefix); })) continue;
    kept.emplace_back(variable);
  }
  return kept;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// In the child, between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(const char* executable, char* const* arguments, char* const* environment, int null,
                         const std::pair<int, int>* descriptors, std::size_t count, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(70);
  ::setpgid(0, 0);
  for (const int number : {0, 1, 2}) ::dup2(null, number);
  for (std::size_t index = 0; index < count; ++index) ::dup2(descriptors[index].first, descriptors[index].second);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): a reader that went away is a failed write, not a death
  ::execve(executable, arguments, environment);
  ::_exit(127);
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    value_ = std::exchange(other.value_, -1);
  }
  return *this;
}

void Descriptor::reset() {
  if (value_ >= 0) ::close(value_);
  value_ = -1;
}

tl::expected<std::pair<Descriptor, Descriptor>, std::string> socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return tl::unexpected(system_error("no socket pair"));
  }
  std::pair<Descriptor, Descriptor> pair{Descriptor(moved_up(ends[0])), Descriptor(moved_up(ends[1]))};
  if (!pair.first.valid() || !pair.second.valid()) return tl::unexpected(system_error("no socket pair"));
  return pair;
}

Descriptor memory_file() {
  const int file = ::memfd_create("referee-stderr", MFD_CLOEXEC);
  return file < 0 ? Descriptor() : Descriptor(moved_up(file));
}

std::string read_tail(const Descriptor& file, std::size_t limit) {
  struct stat status{};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) return "";
  const off_t size = status.st_size;
  const off_t begin = std::max<off_t>(0, size - static_cast<off_t>(limit));
  std::string text(static_cast<std::size_t>(size - begin), '\0');
  const ssize_t count = ::pread(file.get(), text.data(), text.size(), begin);
  text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return text;
}

tl::expected<ChildProcess, std::string> ChildProcess::start(const std::string& executable,
                                                            const std::vector<std::string>& arguments,
                                                            const std::vector<std::pair<int, int>>& descriptors) {
  const std::string path = executable.empty() ? "/proc/self/exe" : executable;
  std::vector<std::string> argument_texts{executable.empty() ? "referee" : executable};
  argument_texts.insert(argument_texts.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment_texts = clean_environment();
  const std::vector<char*> argument_list = pointers(argument_texts);
  const std::vector<char*> environment_list = pointers(environment_texts);
  const int opened = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (opened < 0) return tl::unexpected(system_error("/dev/null"));
  const Descriptor null(moved_up(opened));
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return tl::unexpected(system_error("no new process"));
  if (pid == 0) {
    become(path.c_str(), argument_list.data(), environment_list.data(), null.get(), descriptors.data(),
           descriptors.size(), parent);
  }
  return ChildProcess(pid);
}

int ChildProcess::kill() {
  if (pid_ < 0) return 0;
  const int pid = release();
  ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

void ChildProcess::terminate(std::chrono::milliseconds patience) {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (descriptor >= 0) {
    pollfd waiting{descriptor, POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(patience.count()));
    ::close(descriptor);
  }
  kill();
}

}  // namespace referee::conformance
