#pragma once

#include <string>

namespace CLI {
class App;
}

namespace referee::cli {

/// Sets the subcommand's options from a TOML file; what the command line gave wins. Throws CLI::ParseError with the
/// file and, where there is one, the line.
void apply_config(CLI::App& app, const std::string& path);

}  // namespace referee::cli
