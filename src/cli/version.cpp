#include "referee/cli/version.hpp"

#include "commands.hpp"

namespace referee::cli {

ExitCode run_version(const VersionCommand& command) {
  if (command.json) {
    say(stdout,
        "{{\"name\": \"referee\", \"version\": \"{}\", \"commit\": \"{}\", \"specs\": [\"1.0\", \"1.1\", \"main\"]}}\n",
        kVersion, commit());
  } else {
    say(stdout, "referee {}\n", kVersion);
  }
  return ExitCode::kOk;
}

}  // namespace referee::cli
