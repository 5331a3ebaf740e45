#include <fmt/format.h>

#include <algorithm>

#include "manual.hpp"

namespace referee::cli {
namespace {

/// One word in single quotes, as bash, zsh and fish read it. A quote ends, stands by itself, and begins again.
std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out + "'";
}

std::string in_words(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

/// Of a help line what fits beside a completion.
std::string briefly(std::string_view text) {
  constexpr std::size_t kMost = 90;
  if (text.size() <= kMost) return std::string(text);
  return std::string(text.substr(0, text.rfind(' ', kMost))) + " ...";
}

std::vector<std::string> names_of(const std::vector<CommandText>& commands) {
  std::vector<std::string> names;
  for (std::size_t index = 1; index < commands.size(); ++index) names.push_back(commands[index].name);
  return names;
}

// --- bash

/// What the script does for a value: sets `words` or `files`.
std::string bash_action(const OptionText& option) {
  std::string action;
  if (!option.choices.empty()) action += fmt::format("words={}; ", shell_quoted(in_words(option.choices)));
  if (!option.listed.empty()) action += fmt::format("words+=\" $(_referee_list {})\"; ", option.listed);
  if (option.files) action += "files=1; ";
  return action;
}

constexpr const char* kBashHead = R"(# bash completion for referee; made by `referee completion bash`.
_referee_list() { referee list "$1" 2>/dev/null | sed '/^$/,$d; s/ .*//'; }

_referee() {
  # bash takes words apart at colons; ids and targets have some.
  local -a line
  read -r -a line <<<"${COMP_LINE:0:COMP_POINT}"
  [[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && line+=('')
  local current=${line[-1]} previous=${line[-2]} command='' words='' files='' place=0 word skip='' index
  if [[ $current == --*=* ]]; then
    previous=${current%%=*}
    current=${current#*=}
  fi
  local values=' %VALUES% '
  for ((index = 1; index < ${#line[@]} - 1; ++index)); do
    word=${line[index]}
    if [[ -n $skip ]]; then
      skip=''
    elif [[ $word == -* ]]; then
      [[ $values == *" $command:$word "* ]] && skip=1
    elif [[ -z $command ]]; then
      command=$word
    else
      ((++place))
    fi
  done
  case $command:$previous in
)";

constexpr const char* kBashTail = R"(  esac
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
  local -a found
  mapfile -t found < <(compgen -W "$words" -- "$current")
  COMPREPLY+=("${found[@]}")
  if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
    COMPREPLY=("${COMPREPLY[@]#"${current%:*}:"}")
  fi
}
complete -F _referee referee
)";

std::string bash_script(const std::vector<CommandText>& commands) {
  std::string values;
  std::string cases;
  for (const auto& command : commands) {
    const auto name = &command == commands.data() ? "" : command.name;
    for (const auto& option : command.options) {
      if (option.value.empty()) continue;
      std::string patterns;
      for (const auto& given : option.names) {
        patterns += fmt::format("{}{}:{}", patterns.empty() ? "" : "|", name, given);
        values += fmt::format("{}{}:{}", values.empty() ? "" : " ", name, given);
      }
      // A value without known words completes to nothing: not to an option.
      cases += fmt::format("    {}) {};;\n", patterns, bash_action(option));
    }
  }
  for (const auto& command : commands) {
    const bool program = &command == commands.data();
    std::vector<std::string> options;
    for (const auto& option : command.options) {
      options.insert(options.end(), option.names.begin(), option.names.end());
    }
    cases += fmt::format("    {}:*)\n      if [[ $current == -* ]]; then words={}\n", program ? "" : command.name,
                         shell_quoted(in_words(options)));
    if (program) {
      cases += fmt::format("      else words={}\n", shell_quoted(in_words(names_of(commands))));
    }
    for (std::size_t place = 0; place < command.arguments.size(); ++place) {
      const auto& argument = command.arguments[place];
      if (bash_action(argument).empty()) continue;
      cases += fmt::format("      elif ((place {} {})); then {}\n", argument.repeated ? ">=" : "==", place,
                           bash_action(argument));
    }
    cases += "      fi ;;\n";
  }
  std::string head = kBashHead;
  head.replace(head.find("%VALUES%"), 8, values);
  return head + cases + kBashTail;
}

// --- zsh

/// Brackets and colons mean something in a specification of _arguments.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const OptionText& option) {
  if (option.files) return "_files";
  if (!option.listed.empty()) return "_referee_list " + option.listed;
  std::vector<std::string> words;
  for (const auto& choice : option.choices) words.push_back(zsh_text(choice));
  return words.empty() ? " " : "(" + in_words(words) + ")";
}

std::string zsh_arguments(const CommandText& command) {
  std::string out;
  for (const auto& option : command.options) {
    for (const auto& name : option.names) {
      std::string one = fmt::format("{}{}[{}]", option.repeated ? "*" : "", name, zsh_text(briefly(option.text)));
      if (!option.value.empty()) one += fmt::format(":{}:{}", zsh_text(option.value), zsh_action(option));
      out += " \\\n        " + shell_quoted(one);
    }
  }
  for (std::size_t place = 0; place < command.arguments.size(); ++place) {
    const auto& argument = command.arguments[place];
    const auto where = argument.repeated ? std::string("*") : std::to_string(place + 1);
    out += " \\\n        " +
           shell_quoted(fmt::format("{}:{}:{}", where, zsh_text(argument.names.front()), zsh_action(argument)));
  }
  return out;
}

std::string zsh_script(const std::vector<CommandText>& commands) {
  std::string out =
      "#compdef referee\n# zsh completion for referee; made by `referee completion zsh`.\n"
      "_referee_list() {\n  local -a found\n"
      "  found=(${(f)\"$(referee list $1 2>/dev/null | sed '/^$/,$d; s/ .*//')\"})\n  compadd -a found\n}\n\n"
      "_referee() {\n  local -a commands\n  commands=(\n";
  for (std::size_t index = 1; index < commands.size(); ++index) {
    out += fmt::format("    {}\n", shell_quoted(commands[index].name + ":" + zsh_text(briefly(commands[index].about))));
  }
  out += "  )\n  if ((CURRENT == 2)); then\n    _arguments" + zsh_arguments(commands.front()) +
         " \\\n        '1:COMMAND:->command' && return\n    _describe command commands\n    return\n  fi\n"
         "  local command=$words[2]\n  shift words\n  ((CURRENT--))\n  case $command in\n";
  for (std::size_t index = 1; index < commands.size(); ++index) {
    out += fmt::format("    {})\n      _arguments{} ;;\n", commands[index].name, zsh_arguments(commands[index]));
  }
  return out +
         "  esac\n}\n\nif [[ $funcstack[1] == _referee ]]; then _referee \"$@\"; else compdef _referee referee; fi\n";
}

// --- fish

std::string fish_action(const OptionText& option) {
  if (option.files) return " -F";
  if (!option.listed.empty()) return fmt::format(" -f -a '(__referee_list {})'", option.listed);
  if (!option.choices.empty()) return " -f -a " + shell_quoted(in_words(option.choices));
  return " -f";
}

/// In fish a backslash escapes a quote inside quotes.
std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "'";
}

std::string fish_script(const std::vector<CommandText>& commands) {
  std::string out =
      "# fish completion for referee; made by `referee completion fish`.\n"
      "function __referee_list\n    referee list $argv[1] 2>/dev/null | sed '/^$/,$d; s/ .*//'\nend\n"
      "complete -c referee -f\n";
  for (const auto& command : commands) {
    const bool program = &command == commands.data();
    const auto when = program ? std::string("__fish_use_subcommand") : "__fish_seen_subcommand_from " + command.name;
    if (!program) {
      out += fmt::format("complete -c referee -n __fish_use_subcommand -a {} -d {}\n", command.name,
                         fish_quoted(briefly(command.about)));
    }
    for (const auto& option : command.options) {
      out += fmt::format("complete -c referee -n '{}'", when);
      for (const auto& name : option.names) {
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      out +=
          (option.value.empty() ? "" : " -r" + fish_action(option)) + " -d " + fish_quoted(briefly(option.text)) + "\n";
    }
    for (const auto& argument : command.arguments) {
      out += fmt::format("complete -c referee -n '{}'{}\n", when, fish_action(argument));
    }
  }
  return out;
}

}  // namespace

std::string completion_script(std::string_view shell, const std::vector<CommandText>& commands) {
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  return "";
}

}  // namespace referee::cli
