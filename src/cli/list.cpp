#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "matrix/client_run.hpp"
#include "matrix/shape.hpp"
#include "referee/imitation/imitation.hpp"
#include "referee/oci/words.hpp"
#include "referee/registry/profile.hpp"
#include "referee/runtimes/description.hpp"

namespace referee::cli {
namespace {

using conformance::Ledger;
using Json = nlohmann::ordered_json;

std::string level_text(std::optional<conformance::Level> level) {
  return level ? std::string(conformance::name(*level)) : "-";
}

/// One table for every kind of thing: rows of (name, level or kind, sentence), printed or as JSON.
struct Row {
  std::string name;
  std::string kind;
  std::string text;
  Json more;
};

void print(const std::vector<Row>& rows, const std::string& kind_key, bool json) {
  if (json) {
    Json list = Json::array();
    for (const auto& row : rows) {
      Json item{{"id", row.name}};
      if (!row.kind.empty()) item[kind_key] = row.kind;
      item["text"] = row.text;
      if (row.more.is_object()) item.update(row.more);
      list.push_back(std::move(item));
    }
    say(stdout, "{}\n", list.dump(2));
    return;
  }
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.name.size());
  for (const auto& row : rows) say(stdout, "{:<{}}  {:<6}  {}\n", row.name, width, row.kind, row.text);
}

/// Of what is cited first.
std::optional<conformance::Level> level_of(const std::vector<std::string>& requirements) {
  const auto* first = requirements.empty() ? nullptr : Ledger::builtin().find(requirements.front());
  return first == nullptr ? std::nullopt : first->level(conformance::Spec::kV1_1);
}

std::vector<Row> deviation_rows(registry::DeviationKind kind) {
  std::vector<Row> rows;
  for (const auto& deviation : registry::deviations()) {
    if (deviation.kind != kind) continue;
    auto more = deviation.profiles.empty() ? Json() : Json{{"profiles", deviation.profiles}};
    rows.push_back({deviation.name, "", deviation.description, std::move(more)});
  }
  return rows;
}

std::vector<Row> profile_rows() {
  std::vector<Row> rows;
  for (const auto& profile : registry::profiles()) rows.push_back({profile.name, "", profile.description, {}});
  return rows;
}

std::vector<std::string> profiles_of(const conformance::Check& check) {
  return check.profiles.empty() ? std::vector<std::string>{"oci-1.1"} : check.profiles;
}

std::vector<Row> requirement_rows(conformance::Spec spec) {
  std::vector<Row> rows;
  for (const auto& requirement : Ledger::builtin().all()) {
    Json more{{"section", requirement.section}, {"actor", requirement.actor}, {"link", requirement.link(spec)}};
    if (!requirement.also.empty()) more["also"] = requirement.also;
    rows.push_back({requirement.id, level_text(requirement.level(spec)), requirement.text, std::move(more)});
  }
  return rows;
}

std::vector<Row> runtime_rows() {
  std::vector<Row> rows;
  for (const auto& runtime : runtimes::builtin_descriptions()) {
    rows.push_back({runtime.name, std::string(name(runtime.role)), runtime.about, {{"install", runtime.install}}});
  }
  return rows;
}

std::vector<Row> content_rows() {
  std::vector<Row> rows;
  for (const auto& shape : suites::matrix::shapes(1, {"amd64", "linux", "", ""})) {
    rows.push_back({shape.id, shape.full ? "full" : "", shape.about, {{"requirements", shape.requirements}}});
  }
  return rows;
}

std::vector<Row> client_rows() {
  std::vector<Row> rows;
  const auto checks = suites::clients::chosen_checks({});
  if (!checks) return rows;
  for (const auto& check : *checks) {
    rows.push_back(
        {check.id, level_text(level_of(check.requirements)), check.about, {{"requirements", check.requirements}}});
  }
  return rows;
}

std::vector<Row> imitation_rows() {
  std::vector<Row> rows;
  for (const auto& one : imitation::imitations()) rows.push_back({one.name, "", one.about, {}});
  return rows;
}

}  // namespace

ExitCode run_list(const ListCommand& command) {
  if (command.what == "requirements") {
    print(requirement_rows(command.spec), "level", command.json);
  } else if (command.what == "faults") {
    print(deviation_rows(registry::DeviationKind::kFault), "kind", command.json);
  } else if (command.what == "variants") {
    print(deviation_rows(registry::DeviationKind::kVariant), "kind", command.json);
  } else if (command.what == "profiles") {
    print(profile_rows(), "kind", command.json);
  } else if (command.what == "runtimes") {
    print(runtime_rows(), "role", command.json);
  } else if (command.what == "contents") {
    print(content_rows(), "kind", command.json);
  } else if (command.what == "client-checks") {
    print(client_rows(), "level", command.json);
  } else if (command.what == "lies") {
    print(deviation_rows(registry::DeviationKind::kLie), "kind", command.json);
  } else if (command.what == "imitations") {
    print(imitation_rows(), "kind", command.json);
  } else {
    const auto& catalogue = sound_catalogue();
    const auto ids = catalogue.select(command.selection, Ledger::builtin(), command.spec);
    if (!ids) return refuse(selection_code(command.selection), ids.error());
    if (ids->empty()) return refuse(ExitCode::kNothingSelected, "no check is selected");
    std::vector<Row> rows;
    for (const auto& id : *ids) {
      const auto& check = *catalogue.find(id);
      rows.push_back({id, level_text(catalogue.level(check, Ledger::builtin(), command.spec)), check.title,
                      Json{{"requirements", check.requirements},
                           {"after", check.after},
                           {"kills", check.kills},
                           {"profiles", profiles_of(check)},
                           {"tags", check.tags}}});
    }
    print(rows, "level", command.json);
    if (!command.json) say(stdout, "\n{}\n", oci::counted(rows.size(), "check"));
  }
  return ExitCode::kOk;
}

}  // namespace referee::cli
