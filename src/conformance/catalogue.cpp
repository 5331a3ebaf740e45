#include "referee/conformance/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "referee/oci/digest.hpp"
#include "referee/registry/profile.hpp"

namespace referee::conformance {
namespace {

constexpr std::array<Spec, 3> kAllSpecs{Spec::kV1_0, Spec::kV1_1, Spec::kMain};

bool valid_id(std::string_view id) {
  const bool characters = std::ranges::all_of(
      id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '/' || c == '-'; });
  return characters && !id.empty() && id.front() != '/' && id.back() != '/' && id.find('/') != std::string_view::npos &&
         id.find("//") == std::string_view::npos;
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::ranges::find(list, item) != list.end();
}

}  // namespace

bool Check::holds_on(std::string_view profile) const {
  return profiles.empty() ? profile == "oci-1.1" : std::ranges::find(profiles, profile) != profiles.end();
}

void Catalogue::add(Check check) {
  // Of two checks with one id the first is found; problems() names the second.
  by_id_.emplace(check.id, checks_.size());
  checks_.push_back(std::move(check));
}

const Check* Catalogue::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &checks_[found->second];
}

// A member, since callers think of it as the catalogue's knowledge.
// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
std::optional<Level> Catalogue::level(const Check& check, const Ledger& ledger, Spec spec) const {
  if (check.requirements.empty()) return std::nullopt;
  const Requirement* requirement = ledger.find(check.requirements.front());
  return requirement == nullptr ? std::nullopt : requirement->level(spec);
}

std::vector<std::string> Catalogue::problems(const Ledger& ledger, const std::vector<std::string>& known_faults) const {
  std::vector<std::string> lines;
  const auto report = [&](const Check& check, const std::string& text) {
    lines.push_back(fmt::format("check `{}`: {}", check.id, text));
  };
  std::set<std::string> seen;
  for (const auto& check : checks_) {
    if (!seen.insert(check.id).second) report(check, "the id is used twice");
    if (!valid_id(check.id)) report(check, "an id is `suite/name` of a-z, 0-9, dot, slash and dash");
    if (check.title.empty()) report(check, "has no title");
    if (!check.body) report(check, "has no body");
    if (check.requirements.empty()) report(check, "cites no requirement");
    for (const auto& id : check.requirements) {
      const Requirement* requirement = ledger.find(id);
      if (requirement == nullptr) {
        report(check, fmt::format("cites the unknown requirement `{}`", id));
      } else if (requirement->id != id) {
        // Reports group by id: one requirement must not appear under two.
        report(check, fmt::format("cites `{}`, another name of `{}`", id, requirement->id));
      }
    }
    for (const auto& profile : check.profiles) {
      if (registry::find_profile(profile) == nullptr)
        report(check, fmt::format("has the unknown profile `{}`", profile));
    }
    for (const auto& fault : check.kills) {
      if (!contains(known_faults, fault)) report(check, fmt::format("names the unknown fault `{}`", fault));
    }
    for (const auto& id : check.after) {
      const Check* before = find(id);
      if (before == nullptr) {
        report(check, fmt::format("comes after the unknown check `{}`", id));
        continue;
      }
      for (const Spec spec : kAllSpecs) {
        const auto own = level(check, ledger, spec);
        const auto theirs = level(*before, ledger, spec);
        if (own && theirs != Level::kMust && theirs != Level::kImpl) {
          report(check, fmt::format("its prerequisite `{}` is no MUST under {}", id, name(spec)));
        }
      }
    }
  }
  // A check that can reach itself through its prerequisites.
  for (const auto& check : checks_) {
    std::set<std::string> reached;
    const std::function<void(const Check&)> walk = [&](const Check& from) {
      for (const auto& id : from.after) {
        const Check* before = find(id);
        if (before != nullptr && reached.insert(id).second) walk(*before);
      }
    };
    walk(check);
    if (reached.contains(check.id)) report(check, "is its own prerequisite");
  }
  return lines;
}

std::vector<std::string> Catalogue::profiles(const std::vector<std::string>& ids) const {
  std::vector<std::string> names;
  for (const auto& profile : registry::profiles()) {
    const auto holds = [&](const std::string& id) {
      const Check* check = find(id);
      return check != nullptr && check->holds_on(profile.name);
    };
    if (std::ranges::any_of(ids, holds)) names.push_back(profile.name);
  }
  return names;
}

std::vector<std::string> Catalogue::with_prerequisites(const std::vector<std::string>& ids) const {
  std::vector<std::string> ordered;
  std::set<std::string> seen;
  const std::function<void(const std::string&)> visit = [&](const std::string& id) {
    const Check* check = find(id);
    if (check == nullptr || !seen.insert(id).second) return;
    for (const auto& before : check->after) visit(before);
    ordered.push_back(id);
  };
  for (const auto& id : ids) visit(id);
  return ordered;
}

std::string suite_digest(const Catalogue& catalogue, const Ledger& ledger) {
  using Line = nlohmann::ordered_json;
  // One line for each check and requirement: its own JSON, keys in this order.
  std::string text;
  for (const auto& check : catalogue.all()) {
    Line line{
        {"check", check.id},     {"title", check.title}, {"how", check.how},   {"requirements", check.requirements},
        {"after", check.after},  {"kills", check.kills}, {"tags", check.tags}, {"profiles", check.profiles},
        {"needs", Line::array()}};
    for (const auto capability : check.needs) line["needs"].push_back(distribution::name(capability));
    text += line.dump() + '\n';
  }
  for (const auto& requirement : ledger.all()) {
    Line line{{"requirement", requirement.id}, {"actor", requirement.actor}, {"section", requirement.section},
              {"text", requirement.text},      {"also", requirement.also},   {"levels", Line::object()},
              {"links", Line::object()}};
    for (const auto& [spec, level] : requirement.levels) line["levels"][std::string(name(spec))] = name(level);
    for (const auto& [spec, link] : requirement.links) line["links"][std::string(name(spec))] = link;
    text += line.dump() + '\n';
  }
  return oci::Digest::of(text).str();
}

}  // namespace referee::conformance
