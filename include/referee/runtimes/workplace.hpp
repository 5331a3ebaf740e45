#pragma once

#include <string>
#include <vector>

namespace referee::runtimes {

/// A folder for all sessions of a run, short because sockets live in it, below TMPDIR or /tmp. Removed at the end
/// unless something is stuck there. It is locked as long as it is used, so that a later run can tell it from one whose
/// owner was killed.
class Workplace {
 public:
  Workplace();
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  /// Empty if it cannot be made.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  int lock_ = -1;
};

/// Ends the processes, undoes the mounts and removes the folders of workplaces of this user whose owner was killed.
/// Gives one line for each that was found. Folders that a Workplace did not make are not touched.
std::vector<std::string> sweep_workplaces();

}  // namespace referee::runtimes
