#pragma once

#include <string>
#include <vector>

namespace referee::runtimes {

/// The variable by which what a session started is told apart; its value is the session's folder.
inline constexpr const char* kMarker = "REFEREE_RUNTIME_DIR";

struct Process {
  int pid = 0;
  std::string name;  ///< as the system shows it
};

/// Makes this process the parent of whatever its children leave behind, so that those can be found and waited for.
void adopt_orphans();

/// Every process that has the marker of `folder` in its environment, or that descends from this one and names the
/// folder in its command line. Never this one.
std::vector<Process> processes_of(const std::string& folder);
/// Kills them, and those that they start meanwhile. Names in the result are still there after two seconds.
std::vector<std::string> end_processes(const std::string& folder);

/// Mount points at or below `folder`, the newest first.
std::vector<std::string> mounts_below(const std::string& folder);
/// Undoes them; those in the result are still there.
std::vector<std::string> undo_mounts(const std::string& folder);

}  // namespace referee::runtimes
