#include "referee/cli/version.hpp"

#include <fmt/core.h>

#include "commands.hpp"

namespace referee::cli {

ExitCode run_version(const VersionCommand& command) {
  if (command.json) {
    fmt::print("{{\"name\": \"referee\", \"version\": \"{}\", \"specs\": [\"1.0\", \"1.1\", \"main\"]}}\n", kVersion);
  } else {
    fmt::print("referee {}\n", kVersion);
  }
  return ExitCode::kOk;
}

}  // namespace referee::cli
