#include <algorithm>

#include "referee/runtimes/description.hpp"
#include "variables.hpp"

namespace referee::runtimes {
namespace {

/// The name of the variable that begins at `at`, if one does.
std::optional<std::string_view> variable_at(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("${")) return std::nullopt;
  const auto end = text.find('}', at);
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(at + 2, end - at - 2);
}

}  // namespace

std::vector<std::string> variables_of(std::string_view text) {
  std::vector<std::string> names;
  for (auto at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 2)) {
    if (const auto name = variable_at(text, at)) names.emplace_back(*name);
  }
  return names;
}

std::string expand(std::string_view text, const Variables& variables) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto name = variable_at(text, at).value_or("");
    const auto found = name.empty() ? variables.end() : variables.find(name);
    if (found == variables.end()) {
      out += text[at++];
      continue;
    }
    out += found->second;
    at += name.size() + 3;
  }
  return out;
}

std::vector<std::string> expand(const CommandLine& command, const Variables& variables) {
  std::vector<std::string> words;
  for (const auto& word : command.words) {
    auto expanded = expand(word, variables);
    const bool only_variable = word.starts_with("${") && word.find('}') == word.size() - 1;
    if (!only_variable || !expanded.empty()) words.push_back(std::move(expanded));
  }
  return words;
}

}  // namespace referee::runtimes
