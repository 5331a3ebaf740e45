#pragma once

#include <optional>
#include <string>

/// What the tests of this room share: files, programs, goldens.
namespace referee::selftest {

std::string read_text(const std::string& path);
void write_text(const std::string& path, const std::string& text);

/// A new folder, removed with everything in it when the object goes.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  TemporaryFolder(TemporaryFolder&&) = delete;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The path of a program, or nullopt.
std::optional<std::string> find_program(const std::string& name);

struct Output {
  int status = -1;
  std::string text;
};
/// Runs a shell command; its standard output.
Output run_command(const std::string& command);

/// Compares with fixtures/golden/<name>; with REFEREE_UPDATE_GOLDEN=1 in the environment rewrites it instead.
void expect_golden(const std::string& name, const std::string& text);

/// A page without its style and scripts, which are files of their own, and without their hashes.
std::string without_sources(std::string page);

/// Every `from` becomes `to`.
std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace referee::selftest
