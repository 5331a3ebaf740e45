#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "referee/registry/profile.hpp"
#include "reference_parts.hpp"

namespace referee::reports {
namespace {

/// Links to everything that cites a requirement; the cells of a story are one.
std::map<std::string, std::string, std::less<>> citations(const Book& book, const std::vector<ReferenceEntry>& contents,
                                                          const std::vector<ReferenceEntry>& clients) {
  std::map<std::string, std::string, std::less<>> cited;
  const auto cite = [&](const std::string& id, const std::string& link) {
    const auto* requirement = book.ledger.find(id);
    auto& text = cited[requirement == nullptr ? id : requirement->id];
    text += (text.empty() ? "" : "<br>") + link;
  };
  std::map<std::string, std::vector<const conformance::Check*>> checks;
  for (const auto& check : book.catalogue.all()) {
    for (const auto& id : check.requirements) checks[id].push_back(&check);
  }
  for (const auto& [id, citing] : checks) {
    for (const auto& link : links_to(citing)) cite(id, link);
  }
  for (const auto& entry : contents) {
    for (const auto& id : entry.requirements) cite(id, fmt::format("[{0}](contents.md#{0})", entry.id));
  }
  for (const auto& entry : clients) {
    for (const auto& id : entry.requirements) cite(id, fmt::format("[{0}](clients.md#{0})", entry.id));
  }
  return cited;
}

void deviations_of(const Book& book, registry::DeviationKind kind, std::string_view title, std::string_view head,
                   std::string& out) {
  const bool caught = kind == registry::DeviationKind::kFault;
  out += fmt::format("\n## {}\n\n{}\n\n", title, head);
  out += caught ? "| name | what it does | caught by |\n|---|---|---|\n" : "| name | what it does |\n|---|---|\n";
  for (const auto& deviation : registry::deviations()) {
    if (deviation.kind != kind) continue;
    out += fmt::format("| <a id=\"{0}\"></a>`{0}` | {1}", deviation.name, in_cell(deviation.description));
    for (const auto& profile : deviation.profiles) {
      out += fmt::format("{}`{}`", &profile == deviation.profiles.data() ? "<br>only on " : ", ", profile);
    }
    out += " |";
    if (caught) {
      std::vector<const conformance::Check*> killers;
      for (const auto& check : book.catalogue.all()) {
        if (std::ranges::find(check.kills, deviation.name) != check.kills.end()) killers.push_back(&check);
      }
      std::string by;
      for (const auto& link : links_to(killers)) by += (by.empty() ? " " : "<br>") + link;
      out += by + " |";
    }
    out += "\n";
  }
}

}  // namespace

std::vector<ReferencePage> requirement_pages(const Book& book, const std::vector<ReferenceEntry>& contents,
                                             const std::vector<ReferenceEntry>& clients) {
  const auto cited = citations(book, contents, clients);
  std::map<std::string, std::string> pages;
  for (const auto& requirement : book.ledger.all()) {
    auto& page = pages[requirement_page(requirement.id)];
    if (page.empty()) {
      page =
          "# Requirements\n\nIn our words; the section says it in the specification's.\n\n"
          "| id | level | who | what | section | tested by |\n|---|---|---|---|---|---|\n";
    }
    std::string also;
    for (const auto& name : requirement.also) also += fmt::format("{}{}", also.empty() ? "<br>also " : ", ", name);
    const auto tested = cited.find(requirement.id);
    page += fmt::format("| <a id=\"{0}\"></a>{0}{1} | {2} | {3} | {4} | [{5}]({6}) | {7} |\n", requirement.id, also,
                        levels(requirement), requirement.actor, in_cell(requirement.text), in_cell(requirement.section),
                        requirement.link(conformance::Spec::kV1_1), tested == cited.end() ? "-" : tested->second);
  }
  std::vector<ReferencePage> list;
  for (auto& [file, text] : pages) list.push_back({file, std::move(text)});
  return list;
}

ReferencePage faults_page(const Book& book) {
  std::string out =
      "# Faults, variants and lies of the reference registry\n\n`referee serve --fault NAME` switches one on; "
      "`referee prove` shows who catches which.\n";
  deviations_of(book, registry::DeviationKind::kFault, "Faults", "Each breaks one requirement.", out);
  deviations_of(book, registry::DeviationKind::kVariant, "Variants", "Unusual and allowed: no check minds them.", out);
  deviations_of(book, registry::DeviationKind::kLie, "Lies", "For clients: what a registry may tell them and be wrong.",
                out);
  return {"faults.md", out};
}

}  // namespace referee::reports
