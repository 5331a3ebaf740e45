#include <fmt/format.h>

#include <algorithm>

#include "reference_parts.hpp"

namespace referee::reports {
namespace {

using conformance::Check;

/// Checks that differ in a variant of the proposals alone are told once.
struct ReferenceGroup {
  const Check* first = nullptr;
  std::vector<const Check*> all;
};

std::vector<ReferenceGroup> groups_of(const conformance::Catalogue& catalogue, const std::string& suite) {
  std::vector<ReferenceGroup> groups;
  for (const auto& check : catalogue.all()) {
    if (!check.id.starts_with(suite + "/")) continue;
    const bool joins =
        !groups.empty() && one_for_each_variant(check) && stem(groups.back().first->id) == stem(check.id);
    if (!joins) groups.push_back({&check, {}});
    groups.back().all.push_back(&check);
  }
  return groups;
}

template <class Link>
std::string list_of(const std::vector<std::string>& names, Link link) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + link(name);
  return text;
}

std::string in_code(std::string_view text) {
  return fmt::format("`{}`", text);
}

void bullet(std::string& out, std::string_view title, const std::string& text) {
  if (!text.empty()) out += fmt::format("- {}: {}\n", title, text);
}

std::string section_of(const Book& book, const Check& check) {
  const auto* requirement = check.requirements.empty() ? nullptr : book.ledger.find(check.requirements.front());
  return requirement == nullptr ? "" : requirement->section;
}

/// The title ends with the variant's name.
std::string without_variant(const std::string& title) {
  return title.substr(0, title.rfind(" with "));
}

/// What a field of all of them holds, each once.
std::vector<std::string> all_of(const ReferenceGroup& group, const std::vector<std::string> Check::* field) {
  std::vector<std::string> all;
  for (const auto* check : group.all) {
    for (const auto& name : check->*field) {
      if (std::ranges::find(all, name) == all.end()) all.push_back(name);
    }
  }
  return all;
}

std::string told(const Book& book, const ReferenceGroup& group) {
  const auto& check = *group.first;
  std::string out;
  for (const auto* one : group.all) out += fmt::format("<a id=\"{}\"></a>", one->id);
  const bool many = group.all.size() > 1;
  out += fmt::format("\n\n### {}\n\n{}\n\n", many ? stem(check.id) + "/*" : check.id,
                     prose(many ? without_variant(check.title) : check.title));
  std::string requirements;
  for (const auto& id : check.requirements) {
    const auto& requirement = *book.ledger.find(id);
    requirements +=
        fmt::format("{}{} ({}; [{}]({}))", requirements.empty() ? "" : ", ", requirement_link(requirement.id),
                    levels(requirement), prose(requirement.section), requirement.link(conformance::Spec::kV1_1));
  }
  bullet(out, "requires", requirements);
  bullet(out, "how", prose(check.how));
  if (many) {
    std::string variants;
    for (const auto* one : group.all)
      variants += (variants.empty() ? "" : ", ") + in_code(one->id.substr(one->id.rfind('/') + 1));
    bullet(out, "once for each variant", variants);
  }
  std::string needs;
  for (const auto capability : check.needs)
    needs += (needs.empty() ? "" : ", ") + in_code(distribution::name(capability));
  bullet(out, "only where the registry has", needs);
  bullet(out, "blocked if one of these fails", list_of(check.after, check_link));
  bullet(out, "catches", list_of(all_of(group, &Check::kills), fault_link));
  bullet(out, "must hold on", list_of(all_of(group, &Check::profiles), in_code));
  bullet(out, "tags", list_of(check.tags, [](const std::string& tag) { return in_code("@" + tag); }));
  return out + "\n";
}

}  // namespace

bool one_for_each_variant(const Check& check) {
  return (check.id.starts_with("stories/") || check.id.starts_with("seed/")) && std::ranges::count(check.id, '/') > 1;
}

std::string stem(const std::string& id) {
  return id.substr(0, id.rfind('/'));
}

std::vector<std::string> links_to(const std::vector<const Check*>& checks) {
  std::vector<std::string> links;
  std::string last;
  for (const auto* check : checks) {
    if (!one_for_each_variant(*check)) {
      links.push_back(check_link(check->id));
    } else if (stem(check->id) != last) {
      last = stem(check->id);
      links.push_back(fmt::format("[{}/*](checks-{}.md#{})", last, last.substr(0, last.find('/')), check->id));
    }
  }
  return links;
}

ReferencePage checks_page(const Book& book, const std::string& suite) {
  const auto groups = groups_of(book.catalogue, suite);
  std::string out =
      fmt::format("# Checks of the suite `{}`\n\nRun one alone with `referee check TARGET --select ID`.\n", suite);
  std::string section;
  for (const auto& group : groups) {
    if (auto its = section_of(book, *group.first); its != section) {
      section = std::move(its);
      out += fmt::format("\n## {}\n\n", prose(section));
    }
    out += told(book, group);
  }
  return {fmt::format("checks-{}.md", suite), out};
}

ReferencePage entries_page(const Book& book, std::string file, std::string_view title, std::string_view head,
                           const std::vector<ReferenceEntry>& entries) {
  std::string out = fmt::format("# {}\n\n{}\n", title, head);
  for (const auto& entry : entries) {
    out += fmt::format("\n<a id=\"{0}\"></a>\n\n### {0}\n\n{1}\n\n", entry.id, prose(entry.about));
    bullet(out, "expected", prose(entry.expected));
    std::string requirements;
    for (const auto& id : entry.requirements) {
      const auto& requirement = *book.ledger.find(id);
      requirements +=
          fmt::format("{}{} ({}; [{}]({}))", requirements.empty() ? "" : ", ", requirement_link(requirement.id),
                      levels(requirement), prose(requirement.section), requirement.link(conformance::Spec::kV1_1));
    }
    bullet(out, "requires", requirements);
  }
  return {std::move(file), out};
}

}  // namespace referee::reports
