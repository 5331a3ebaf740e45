#include "config_file.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <string_view>
#include <vector>

namespace referee::cli {
namespace {

[[noreturn]] void fail(const std::string& where, const std::string& why) {
  throw CLI::ParseError(where + ": " + why, CLI::ExitCodes::ConfigError);
}

/// CLI11 tells no line numbers, and passes over what it does not understand.
class Lines {
 public:
  explicit Lines(const std::string& path) : path_(path) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines_.push_back(CLI::detail::trim_copy(line));
  }

  /// `file:7`, for the line that sets this option.
  [[nodiscard]] std::string where(std::string_view option) const {
    for (std::size_t index = 0; index < lines_.size(); ++index) {
      std::string_view line = lines_[index];
      if (line.starts_with('"') || line.starts_with('\'')) line.remove_prefix(1);
      if (line.starts_with(option)) return at(index);
    }
    return path_;
  }

  /// There is nothing to divide into sections. An array may go over several lines.
  void refuse_sections() const {
    bool array = false;
    for (std::size_t index = 0; index < lines_.size(); ++index) {
      const auto& line = lines_[index];
      if (array) {
        array = !line.ends_with(']');
      } else if (line.starts_with('[')) {
        fail(at(index), "each line is `option = value`; there are no sections");
      } else if (const auto equals = line.find('='); equals != std::string::npos && !line.starts_with('#')) {
        array = CLI::detail::trim_copy(line.substr(equals + 1)).starts_with('[') && !line.ends_with(']');
      }
    }
  }

 private:
  [[nodiscard]] std::string at(std::size_t index) const { return fmt::format("{}:{}", path_, index + 1); }

  const std::string& path_;
  std::vector<std::string> lines_;
};

}  // namespace

void apply_config(CLI::App& app, const std::string& path) {
  const Lines lines(path);
  lines.refuse_sections();
  // CLI11 reads a configuration file for the program as a whole only, not for a subcommand.
  const auto items = CLI::ConfigTOML().from_file(path);
  if (items.empty()) fail(path, "sets no option");
  for (const auto& item : items) {
    auto* option = item.parents.empty() ? app.get_option_no_throw("--" + item.name) : nullptr;
    if (option == nullptr || !option->get_configurable()) {
      fail(lines.where(item.fullname()), "there is no option '" + item.fullname() + "'");
    }
    if (option->count() > 0) continue;
    try {
      if (option->get_expected_min() == 0) {
        option->add_result(
            option->get_flag_value("--" + item.name, item.inputs.empty() ? "true" : item.inputs.front()));
      } else {
        option->add_result(item.inputs);
      }
      option->run_callback();
    } catch (const CLI::ParseError& error) {
      fail(lines.where(item.name), error.what());
    }
  }
}

}  // namespace referee::cli
