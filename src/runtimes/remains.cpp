#include "remains.hpp"

#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>
#include <thread>

namespace referee::runtimes {
namespace {

constexpr std::size_t kMostRead = 256UL * 1024;

/// The beginning of a file of /proc; empty if the process is gone or somebody else's.
std::string proc_file(int pid, const char* name) {
  std::ifstream file(fmt::format("/proc/{}/{}", pid, name), std::ios::binary);
  std::string text(kMostRead, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

struct Stat {
  std::string name;
  char state = '?';
  int parent = 0;
};

Stat stat_of(int pid) {
  const auto text = proc_file(pid, "stat");
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  Stat stat;
  if (open == std::string::npos || close == std::string::npos || close < open) return stat;
  stat.name = text.substr(open + 1, close - open - 1);
  std::istringstream(text.substr(close + 1)) >> stat.state >> stat.parent;
  return stat;
}

std::vector<int> all_pids() {
  std::vector<int> pids;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", failure)) {
    const auto name = entry.path().filename().string();
    int pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error == std::errc() && end == name.data() + name.size()) pids.push_back(pid);
  }
  return pids;
}

/// Whether the process descends from this one.
bool is_ours(int pid, const std::map<int, Stat>& stats) {
  const int self = ::getpid();
  for (int steps = 0; steps < 64; ++steps) {
    const auto found = stats.find(pid);
    if (found == stats.end() || found->second.parent <= 1) return false;
    pid = found->second.parent;
    if (pid == self) return true;
  }
  return false;
}

/// mountinfo writes blanks, tabs, newlines and backslashes as octal numbers.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    int value = 0;
    if (text[at] == '\\' && at + 3 < text.size() &&
        std::from_chars(&text[at + 1], &text[at + 4], value, 8).ptr == &text[at + 4]) {
      out += static_cast<char>(value);
      at += 3;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace

void adopt_orphans() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::vector<Process> processes_of(const std::string& folder) {
  std::map<int, Stat> stats;
  for (const int pid : all_pids()) stats[pid] = stat_of(pid);
  const auto marker = fmt::format("{}={}{}", kMarker, folder, '\0');
  std::vector<Process> found;
  for (const auto& [pid, stat] : stats) {
    if (pid == ::getpid() || stat.state == 'Z' || stat.state == 'X' || stat.state == '?') continue;
    const auto environment = '\0' + proc_file(pid, "environ");
    const bool marked = environment.find('\0' + marker) != std::string::npos;
    // A shim that was given another environment still has its paths in its arguments.
    if (marked || (is_ours(pid, stats) && proc_file(pid, "cmdline").find(folder) != std::string::npos)) {
      found.push_back({pid, stat.name});
    }
  }
  return found;
}

std::vector<std::string> end_processes(const std::string& folder) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  std::vector<Process> left;
  do {
    left = processes_of(folder);
    for (const auto& process : left) ::kill(process.pid, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(left.empty() ? 0 : 20));
    // Orphans are this process's children by now.
    for (const auto& process : left) ::waitpid(process.pid, nullptr, WNOHANG);
  } while (!left.empty() && std::chrono::steady_clock::now() < end);
  std::vector<std::string> names;
  for (const auto& process : left) names.push_back(fmt::format("{} {}", process.pid, process.name));
  return names;
}

std::vector<std::string> mounts_below(const std::string& folder) {
  std::ifstream file("/proc/self/mountinfo");
  std::vector<std::string> found;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string skipped;
    std::string point;
    for (int at = 0; at < 4; ++at) fields >> skipped;
    fields >> point;
    point = unescaped(point);
    if (point == folder || point.starts_with(folder + "/")) found.push_back(std::move(point));
  }
  std::ranges::reverse(found);
  return found;
}

std::vector<std::string> undo_mounts(const std::string& folder) {
  // One that lies on another shows only once that is gone.
  for (int round = 0; round < 8; ++round) {
    const auto mounts = mounts_below(folder);
    if (mounts.empty()) break;
    for (const auto& point : mounts) ::umount2(point.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
  }
  return mounts_below(folder);
}

}  // namespace referee::runtimes
