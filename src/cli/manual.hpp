#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

/// The manual page and the completion scripts: both are written from the options as they are declared, so that neither
/// can say what is not true any more.
namespace referee::cli {

/// An option or a positional argument, as text.
struct OptionText {
  std::vector<std::string> names;    ///< `--verbose`, `-v`; of a positional argument its one name
  std::string value;                 ///< `FILE`; empty: a flag, or a positional argument
  std::string text;                  ///< the line of --help
  std::string standard;              ///< the default that --help shows; may be empty
  std::string variable;              ///< the environment variable that stands for it; may be empty
  std::string group;                 ///< the heading of --help
  std::vector<std::string> choices;  ///< all values that are allowed, or good ones; may be empty
  std::string listed;                ///< `checks`: values are what `referee list checks` begins its lines with
  bool files = false;                ///< values are files or folders
  bool required = false;
  bool repeated = false;
};

struct CommandText {
  std::string name;
  std::string about;
  std::string footer;  ///< examples and exit codes
  std::vector<OptionText> options;
  std::vector<OptionText> arguments;  ///< positional, in their order
};

/// What --help shows: hidden commands and options are left out. The first is the program itself.
std::vector<CommandText> describe(const CLI::App& app);

/// referee(1), in roff's man macros.
std::string man_page(const std::vector<CommandText>& commands);

/// A script for `bash`, `zsh` or `fish`; empty for any other shell.
std::string completion_script(std::string_view shell, const std::vector<CommandText>& commands);

}  // namespace referee::cli
