#include "referee/runtimes/workplace.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <optional>
#include <system_error>

#include "remains.hpp"

namespace referee::runtimes {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLock = "/.referee-workplace";
constexpr const char* kUnfinishedLock = "/.referee-new";

std::string base_folder() {
  std::error_code failure;
  const auto base = fs::temp_directory_path(failure);
  return failure ? "/tmp" : base.string();
}

/// The lock of a workplace that nobody uses; nullopt for any other folder.
std::optional<int> abandoned(const std::string& folder) {
  struct stat about = {};
  if (::lstat(folder.c_str(), &about) != 0 || !S_ISDIR(about.st_mode) || about.st_uid != ::geteuid()) return {};
  const int lock = ::open((folder + kLock).c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (lock < 0) return {};
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  ::close(lock);
  return {};
}

std::string swept(const std::string& folder) {
  std::vector<std::string> found;
  std::vector<std::string> stuck;
  std::error_code failure;
  for (const auto& session : fs::directory_iterator(folder, failure)) {
    const auto& path = session.path().string();
    if (session.is_symlink() || !session.is_directory()) continue;
    for (const auto& process : processes_of(path))
      found.push_back(fmt::format("process {} {}", process.pid, process.name));
    for (auto& process : end_processes(path)) stuck.push_back("process " + process);
  }
  for (const auto& mount : mounts_below(folder)) found.push_back("mount " + mount);
  for (const auto& mount : undo_mounts(folder)) stuck.push_back("mount " + mount);
  // With a mount that stays, removing the folder would remove what is mounted there.
  if (stuck.empty()) fs::remove_all(folder, failure);
  if (fs::exists(folder)) stuck.push_back("folder " + folder);
  auto line = fmt::format("a run that was killed left {}", folder);
  if (!found.empty()) line += fmt::format(" ({})", fmt::join(found, ", "));
  return line + (stuck.empty() ? ": removed" : fmt::format(": still there: {}", fmt::join(stuck, ", ")));
}

}  // namespace

Workplace::Workplace() : path_(base_folder() + "/rr-XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr) {
    path_.clear();
    return;
  }
  // Renamed once it is locked: at no time does it look abandoned.
  lock_ = ::open((path_ + kUnfinishedLock).c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (lock_ < 0) return;
  ::flock(lock_, LOCK_EX);
  (void)::rename((path_ + kUnfinishedLock).c_str(), (path_ + kLock).c_str());
}

Workplace::~Workplace() {
  std::error_code failure;
  // Only if nothing else is in it: what could not be undone is not torn out from below, but left to a later run.
  if (!path_.empty() && std::distance(fs::directory_iterator(path_, failure), {}) <= 1) {
    ::unlink((path_ + kLock).c_str());
    ::rmdir(path_.c_str());
  }
  if (lock_ >= 0) ::close(lock_);
}

std::vector<std::string> sweep_workplaces() {
  std::vector<std::string> lines;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(base_folder(), failure)) {
    const auto folder = entry.path().string();
    if (!entry.path().filename().string().starts_with("rr-")) continue;
    if (const auto lock = abandoned(folder)) {
      lines.push_back(swept(folder));
      ::close(*lock);
    }
  }
  return lines;
}

}  // namespace referee::runtimes
