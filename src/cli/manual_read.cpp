#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <regex>
#include <sstream>

#include "manual.hpp"
#include "option_parts.hpp"
#include "referee/registry/profile.hpp"

namespace referee::cli {
namespace {

std::vector<std::string> split_at(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::string part;
  for (std::istringstream stream(text); std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

/// The help names what may be given as `a|b|c`, in parentheses or alone.
std::vector<std::string> choices_in(const std::string& text) {
  static const std::regex kList(R"re((?:^|\()([A-Za-z0-9.-]+(?:\|[A-Za-z0-9.-]+)+)(?:$|\)))re");
  std::smatch found;
  if (!std::regex_search(text, found, kList)) return {};
  return split_at(found[1], '|');
}

/// `see `referee list profiles``: there the values are.
std::string listed_in(const std::string& text) {
  static const std::regex kList("`referee list ([a-z-]+)`");
  std::smatch found;
  return std::regex_search(text, found, kList) ? found[1].str() : "";
}

std::vector<std::string> embedded_targets(const std::string& text) {
  std::vector<std::string> targets;
  if (text.find("embedded:all") != std::string::npos) targets.emplace_back("embedded:all");
  if (text.find("embedded:PROFILE") == std::string::npos) return targets;
  for (const auto& profile : registry::profiles()) targets.push_back("embedded:" + profile.name);
  return targets;
}

OptionText option_text(const CLI::Option& option) {
  OptionText text;
  const bool positional = option.get_positional();
  if (positional) {
    text.names.push_back(option.get_name(true));
  } else {
    for (const auto& name : option.get_lnames()) text.names.push_back("--" + name);
    for (const auto& name : option.get_snames()) text.names.push_back("-" + name);
    if (option.get_items_expected_max() > 0) text.value = option.get_type_name();
  }
  text.text = option.get_description();
  text.standard = option.get_default_str();
  text.variable = option.get_envname();
  text.group = option.get_group();
  const auto& type = positional ? text.names.front() : text.value;
  text.choices = type == "TARGET" ? embedded_targets(text.text) : choices_in(text.text);
  text.listed = type == "PATTERN" || type == "ID" ? "checks" : "";
  if (const auto listed = listed_in(text.text); !listed.empty()) text.listed = listed;
  static constexpr std::array<std::string_view, 6> kFiles{"FILE", "DIR", "PATH", "JOURNAL", "BEFORE", "AFTER"};
  text.files = std::ranges::any_of(kFiles, [&](std::string_view name) { return type.find(name) != std::string::npos; });
  text.required = option.get_required();
  text.repeated = option.get_expected_max() > 1;
  return text;
}

CommandText describe_one(const CLI::App& app) {
  CommandText command{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const auto* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->get_positional() ? command.arguments : command.options).push_back(option_text(*option));
  }
  return command;
}

}  // namespace

std::vector<CommandText> describe(const CLI::App& app) {
  std::vector<CommandText> commands{describe_one(app)};
  for (const auto* command : app.get_subcommands([](const CLI::App* /*any*/) { return true; })) {
    if (!command->get_group().empty()) commands.push_back(describe_one(*command));
  }
  return commands;
}

void add_reference(CLI::App& root, ReferenceCommand& to) {
  auto& app =
      *root.add_subcommand("reference", "Write the reference of all checks, requirements and faults, as Markdown");
  app.add_option("DIR", to.folder, "Folder for it; files of that name are replaced")->required();
  app.footer("Example:\n  referee reference reports/reference");
}

void add_texts(CLI::App& root, std::string& shell) {
  auto& completion = *root.add_subcommand("completion", "Print a completion script for a shell");
  completion.add_option("SHELL", shell, "bash|zsh|fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""));
  completion.footer(
      "Examples:\n"
      "  source <(referee completion bash)\n"
      "  referee completion zsh > ~/.zfunc/_referee        a folder of fpath\n"
      "  referee completion fish > ~/.config/fish/completions/referee.fish");
  root.add_subcommand("man", "Print the manual page")->footer("Example:\n  referee man | man -l -");
}

}  // namespace referee::cli
