#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "referee/conformance/context.hpp"

namespace referee::suites::stories {

/// A folder of its own, removed at the end. Throws SetupFailed if none can be made.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "referee-layout-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw conformance::SetupFailed{"no temporary folder can be made"};
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace referee::suites::stories
