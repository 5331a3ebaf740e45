#include "referee/reports/reference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "referee/oci/words.hpp"
#include "reference_parts.hpp"

namespace referee::reports {
namespace {

constexpr const char* kHead =
    R"(# Reference: what Referee asks

Written by `referee reference reports/reference`; a self-test holds it to be current. Change the sources, not these pages.
The words are explained in [terms.md](terms.md).

)";

constexpr const char* kLevels = R"(
A check has the level of the first requirement that it cites, in the version of the specification that a run judges by.

| level | if it is not met |
|---|---|
| MUST | `fail` |
| IMPL | `fail`: the text does not say it, and does not work without it |
| SHOULD | `warn`; `fail` with `--strict` |
| MAY, INFO | nothing: `observed`, with what happened |
| CLAIM | nothing: confirmed or refuted, with its numbers |
)";

std::size_t checks_in(const Book& book, const std::string& suite) {
  return static_cast<std::size_t>(std::ranges::count_if(
      book.catalogue.all(), [&](const conformance::Check& check) { return check.id.starts_with(suite + "/"); }));
}

}  // namespace

std::string prose(std::string_view text) {
  std::string out;
  bool code = false;
  for (const char c : text) {
    if (c == '`') code = !code;
    if (!code && (c == '<' || c == '>' || c == '*' || c == '_' || c == '[' || c == ']' || c == '\\')) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string in_cell(std::string_view text) {
  std::string out;
  for (const char c : prose(text)) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string requirement_page(std::string_view id) {
  const auto part = id.substr(0, id.find('.'));
  std::string name(part);
  if (part.size() == 1) name = "proposals";
  if (part == "copier") name = "runtime";
  return "requirements-" + name + ".md";
}

std::string requirement_link(std::string_view id) {
  return fmt::format("[{}]({}#{})", id, requirement_page(id), id);
}

std::string check_link(std::string_view id) {
  return fmt::format("[{}](checks-{}.md#{})", id, id.substr(0, id.find('/')), id);
}

std::string fault_link(std::string_view name) {
  return fmt::format("[{}](faults.md#{})", name, name);
}

std::string levels(const conformance::Requirement& requirement) {
  const auto& all = requirement.levels;
  if (all.empty()) return "-";
  const bool everywhere = requirement.level(conformance::Spec::kV1_0) && requirement.level(conformance::Spec::kMain);
  const bool same = std::ranges::all_of(all, [&](const auto& one) { return one.second == all.begin()->second; });
  if (same && everywhere) return std::string(conformance::name(all.begin()->second));
  std::string text;
  for (const auto& [spec, level] : all) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", conformance::name(spec), conformance::name(level));
  }
  return text;
}

std::vector<std::string> suites_of(const conformance::Catalogue& catalogue) {
  std::vector<std::string> suites;
  for (const auto& check : catalogue.all()) {
    auto suite = check.id.substr(0, check.id.find('/'));
    if (std::ranges::find(suites, suite) == suites.end()) suites.push_back(std::move(suite));
  }
  return suites;
}

std::vector<ReferencePage> reference(const Book& book, const std::vector<ReferenceEntry>& contents,
                                     const std::vector<ReferenceEntry>& clients) {
  std::vector<ReferencePage> pages;
  std::string index = kHead;
  index += "| page | holds |\n|---|---|\n";
  const auto add = [&](ReferencePage page, const std::string& about) {
    index += fmt::format("| [{0}]({0}) | {1} |\n", page.file, about);
    pages.push_back(std::move(page));
  };
  for (const auto& suite : suites_of(book.catalogue)) {
    add(checks_page(book, suite),
        fmt::format("the {} of the suite `{}`", oci::counted(checks_in(book, suite), "check"), suite));
  }
  add(entries_page(book, "contents.md", "Contents that runtimes are tried with",
                   "`referee runtime all --content ID` tries one of them; `referee serve --contents` has them all.",
                   contents),
      fmt::format("the {} contents that runtimes are tried with", contents.size()));
  add(entries_page(book, "clients.md", "Checks of clients",
                   "`referee client all --check ID` runs one of them. A client is judged by what the registry saw and "
                   "holds.",
                   clients),
      fmt::format("the {} checks of clients", clients.size()));
  for (auto& page : requirement_pages(book, contents, clients)) {
    const auto name = page.file.substr(0, page.file.rfind('.')).substr(std::string_view("requirements-").size());
    add(std::move(page), fmt::format("requirements whose ids begin with {}",
                                     name == "proposals" ? "a proposal's letter" : "`" + name + ".`"));
  }
  add(faults_page(book), "faults, legal variants and lies of the reference registry, and who catches which");
  pages.push_back({"README.md", index + kLevels});
  return pages;
}

}  // namespace referee::reports
