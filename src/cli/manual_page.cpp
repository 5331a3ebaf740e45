#include <fmt/format.h>

#include "manual.hpp"
#include "referee/cli/version.hpp"

namespace referee::cli {
namespace {

/// Text that roff takes for nothing else: no escapes, no requests, and hyphens that can be copied.
std::string roff(std::string_view text) {
  std::string out;
  bool begins = true;
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) out += "\\&";
    begins = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '|') {
      out += "|\\:";  // a line may be broken here
    } else if (c == '`') {
      out += "\\(ga";
    } else {
      out += c;
    }
  }
  return out;
}

std::string usage_line(const CommandText& command) {
  std::string text = command.name == "referee" ? "referee" : "referee " + command.name;
  if (!command.options.empty()) text += " [OPTIONS]";
  for (const auto& argument : command.arguments) {
    const auto name = argument.names.front() + (argument.repeated ? "..." : "");
    text += argument.required ? " " + name : " [" + name + "]";
  }
  return text;
}

std::string option_entry(const OptionText& option, bool positional) {
  std::string names;
  for (const auto& name : option.names) {
    names += fmt::format("{}\\f{}{}\\fR", names.empty() ? "" : ", ", positional ? 'I' : 'B', roff(name));
  }
  if (!option.value.empty()) names += fmt::format(" \\fI{}\\fR", roff(option.value));
  std::string text = option.text;
  if (!option.standard.empty()) text += fmt::format(" [default: {}]", option.standard);
  if (!option.variable.empty()) text += fmt::format(" [environment: {}]", option.variable);
  return fmt::format(".TP\n{}\n{}\n", names, roff(text));
}

/// Examples and what follows them, line by line.
std::string literal(const std::string& text) {
  return text.empty() ? "" : ".PP\n.nf\n" + roff(text) + (text.ends_with('\n') ? "" : "\n") + ".fi\n";
}

std::string section(const CommandText& command) {
  std::string out = fmt::format(".SS \"{}\"\n{}.\n", roff(usage_line(command)), roff(command.about));
  for (const auto& argument : command.arguments) out += option_entry(argument, true);
  std::string group = "Options";
  for (const auto& option : command.options) {
    if (option.group != group) out += fmt::format(".PP\n{}:\n", roff(option.group));
    group = option.group;
    out += option_entry(option, false);
  }
  return out + literal(command.footer);
}

constexpr const char* kEnd = R"(.SH EXIT STATUS
The first that applies in the order 2, 3, 5, 70, 1, 4, 0.
.TP
.B 0
No failure.
.TP
.B 1
A MUST failed (with
.B \-\-strict
a SHOULD), a runtime selected wrongly, a proof has a gap, a comparison found a problem.
.TP
.B 2
Usage or configuration, for instance a name that does not exist; a run that only another Referee can judge.
.TP
.B 3
The target cannot be judged: unreachable, TLS, credentials, not writable.
.TP
.B 4
No failure, but something was inconclusive.
.TP
.B 5
Nothing was selected: no pattern takes anything.
.TP
.B 70
A fault of Referee itself.
.TP
.B 130
Interrupted; the reports hold what there was.
.SH ENVIRONMENT
.TP
.BR REFEREE_USERNAME ", " REFEREE_PASSWORD
Credentials of the registry. They are never taken from the command line.
.TP
.B DOCKER_CONFIG
Folder of docker's config.json, from which credentials are taken if there are no others.
.TP
.BR http_proxy ", " https_proxy ", " no_proxy
Obeyed, except for loopback.
.TP
.B NO_COLOR
No colours on a terminal.
.SH FILES
.TP
.I referee\-results/
Where reports go without
.BR \-\-results .
.TP
.I /usr/share/doc/referee/
What each check asks for, the changes of each version, and examples for CI servers.
.TP
.I /usr/share/referee/schemas/
JSON schemas of all outputs.
)";

}  // namespace

std::string man_page(const std::vector<CommandText>& commands) {
  const auto& program = commands.front();
  std::string out = fmt::format(
      ".\\\" Made by `referee man`.\n.TH REFEREE 1 \"\" \"referee {}\" \"User Commands\"\n.ad l\n.nh\n"
      ".SH NAME\nreferee \\- conformance and benchmark suite for OCI registries\n"
      ".SH SYNOPSIS\n.B referee\n.I COMMAND\n[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]\n.SH DESCRIPTION\n{}\n.PP\n"
      "It pushes crafted content to a registry, holds every answer against the specification, and says check by check "
      "what\nis wrong. What it pushed it removes at the end.\n",
      roff(kVersion), roff(program.about));
  out += ".SH OPTIONS\n";
  for (const auto& option : program.options) out += option_entry(option, false);
  out += literal(program.footer) + ".SH COMMANDS\n";
  for (std::size_t index = 1; index < commands.size(); ++index) out += section(commands[index]);
  return out + kEnd;
}

}  // namespace referee::cli
