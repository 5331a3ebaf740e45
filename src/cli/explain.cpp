#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "matrix/client_check.hpp"
#include "matrix/judge.hpp"
#include "referee/imitation/imitation.hpp"
#include "referee/registry/profile.hpp"

namespace referee::cli {
namespace {

using conformance::Check;
using conformance::Ledger;
using conformance::Requirement;
using conformance::Spec;
using Json = nlohmann::ordered_json;

std::string level_text(std::optional<conformance::Level> level, Spec spec) {
  return level ? std::string(conformance::name(*level)) : fmt::format("not asked for by {}", conformance::name(spec));
}

Json requirement_json(const Requirement& requirement, Spec spec) {
  Json json{{"id", requirement.id},       {"level", level_text(requirement.level(spec), spec)},
            {"actor", requirement.actor}, {"section", requirement.section},
            {"text", requirement.text},   {"link", requirement.link(spec)}};
  if (!requirement.also.empty()) json["also"] = requirement.also;
  return json;
}

void print_requirement(const Requirement& requirement, Spec spec) {
  say(stdout, "  {} ({})\n    {}\n    section \"{}\", {}\n", requirement.id, level_text(requirement.level(spec), spec),
      requirement.text, requirement.section, requirement.link(spec));
  if (!requirement.also.empty()) say(stdout, "    also called {}\n", fmt::join(requirement.also, ", "));
}

/// A titled list of names, or nothing.
void print_names(std::string_view title, const std::vector<std::string>& names) {
  if (names.empty()) return;
  say(stdout, "\n{}\n", title);
  for (const auto& name : names) {
    const auto* fault = registry::find_deviation(name);
    say(stdout, "  {}{}\n", name, fault != nullptr ? "  " + fault->description : "");
  }
}

void explain_check(const Check& check, const ExplainCommand& command) {
  std::vector<std::string> needs;
  for (const auto capability : check.needs) needs.emplace_back(distribution::name(capability));
  if (command.json) {
    Json requirements = Json::array();
    for (const auto& id : check.requirements) {
      requirements.push_back(requirement_json(*Ledger::builtin().find(id), command.spec));
    }
    const Json json{{"id", check.id},    {"title", check.title}, {"how", check.how},     {"requirements", requirements},
                    {"needs", needs},    {"after", check.after}, {"kills", check.kills}, {"profiles", check.profiles},
                    {"tags", check.tags}};
    say(stdout, "{}\n", json.dump(2));
    return;
  }
  say(stdout, "{}\n  {}\n\nRequirement\n", check.id, check.title);
  for (const auto& id : check.requirements) print_requirement(*Ledger::builtin().find(id), command.spec);
  say(stdout, "\nHow it is tested\n  {}\n", check.how);
  print_names("Runs only where the registry has", needs);
  print_names("Blocked when one of these fails", check.after);
  print_names("Faults that it catches", check.kills);
  print_names("Profiles of the reference registry on which it must hold", check.profiles);
  say(stdout, "\nRun it alone\n  referee check TARGET --select {}\n", check.id);
}

/// Checks that cite a requirement or catch a fault.
std::vector<std::string> checks_with(const std::vector<std::string> Check::* field, const std::string& name) {
  std::vector<std::string> ids;
  for (const auto& check : sound_catalogue().all()) {
    const auto& names = check.*field;
    if (std::ranges::find(names, name) != names.end()) ids.push_back(check.id);
  }
  return ids;
}

/// A content, a check of clients, or an imitation: what it is, what it stands on, how it is seen alone.
struct Entry {
  std::string id;
  std::string about;
  std::string expected;
  std::vector<std::string> requirements;
  std::string alone;
  std::string by_hand;  ///< a reference on `referee serve --contents`
};

std::optional<Entry> find_entry(const std::string& id) {
  const auto shapes = suites::matrix::shapes(1, {"amd64", "linux", "", ""},
                                             [&](const std::string& shape, bool /*full*/) { return shape == id; });
  if (!shapes.empty()) {
    const auto& shape = shapes.front();
    return Entry{id,
                 shape.about,
                 suites::matrix::expectation(shape, {"amd64", "linux", "", ""}).text(),
                 shape.requirements,
                 "referee runtime all --content " + id,
                 fmt::format("127.0.0.1:5000/referee/{}{}", id,
                             shape.by_digest ? "@" + shape.root().digest().str() : std::string(":v1"))};
  }
  const auto& checks = suites::clients::client_checks();
  if (const auto found = std::ranges::find(checks, id, &suites::clients::ClientCheck::id); found != checks.end()) {
    return Entry{id, found->about, found->expected, found->requirements, "referee client all --check " + id, ""};
  }
  if (const auto* one = imitation::find_imitation(id)) {
    return Entry{id, one->about, "", {}, "referee runtime " + id + ", referee client " + id, ""};
  }
  return std::nullopt;
}

void explain_entry(const Entry& entry, const ExplainCommand& command) {
  if (command.json) {
    Json requirements = Json::array();
    for (const auto& id : entry.requirements) {
      requirements.push_back(requirement_json(*Ledger::builtin().find(id), command.spec));
    }
    const Json json{{"id", entry.id},
                    {"text", entry.about},
                    {"expected", entry.expected},
                    {"requirements", requirements},
                    {"alone", entry.alone},
                    {"reference", entry.by_hand}};
    say(stdout, "{}\n", json.dump(2));
    return;
  }
  say(stdout, "{}\n  {}\n", entry.id, entry.about);
  if (!entry.expected.empty()) say(stdout, "  Expected: {}.\n\nRequirement\n", entry.expected);
  for (const auto& id : entry.requirements) print_requirement(*Ledger::builtin().find(id), command.spec);
  say(stdout, "\nRun it alone\n  {}\n", entry.alone);
  if (!entry.by_hand.empty()) {
    say(stdout, "\nBy hand\n  referee serve --contents --listen 127.0.0.1:5000, and pull {}\n", entry.by_hand);
  }
}

}  // namespace

ExitCode run_explain(const ExplainCommand& command) {
  if (const auto* check = sound_catalogue().find(command.id); check != nullptr) {
    explain_check(*check, command);
    return ExitCode::kOk;
  }
  if (const auto* requirement = Ledger::builtin().find(command.id); requirement != nullptr) {
    const auto ids = checks_with(&Check::requirements, requirement->id);
    if (command.json) {
      auto json = requirement_json(*requirement, command.spec);
      json["checks"] = ids;
      say(stdout, "{}\n", json.dump(2));
    } else {
      print_requirement(*requirement, command.spec);
      print_names("Checks", ids);
    }
    return ExitCode::kOk;
  }
  if (const auto* deviation = registry::find_deviation(command.id); deviation != nullptr) {
    const auto ids = checks_with(&Check::kills, command.id);
    if (command.json) {
      say(stdout, "{}\n", Json{{"id", deviation->name}, {"text", deviation->description}, {"caught_by", ids}}.dump(2));
    } else {
      say(stdout, "{}\n  {}\n", deviation->name, deviation->description);
      print_names("Caught by", ids);
    }
    return ExitCode::kOk;
  }
  if (const auto entry = find_entry(command.id)) {
    explain_entry(*entry, command);
    return ExitCode::kOk;
  }
  conformance::Selection nearest;
  nearest.select = {command.id};
  const auto selected = sound_catalogue().select(nearest, Ledger::builtin(), command.spec);
  const bool near = !selected && selected.error().find("did you mean") != std::string::npos;
  return refuse(
      ExitCode::kUsage,
      near ? selected.error() : "no check, requirement or fault is called '" + command.id + "'; see `referee list`");
}

}  // namespace referee::cli
