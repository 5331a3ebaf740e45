#include "referee/reports/rubric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "referee/conformance/story.hpp"
#include "referee/embedded/files.hpp"
#include "referee/proposals/proposal.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kFile = "fixtures/rubric.json";

/// Takes an observation out of a check's list; empty if there is none.
std::string take_value(std::vector<conformance::Observation>& observations, std::string_view key) {
  const auto found = std::ranges::find(observations, key, &conformance::Observation::key);
  if (found == observations.end()) return {};
  auto value = std::move(found->value);
  observations.erase(found);
  return value;
}

RubricCell cell_of(const conformance::CheckResult& check) {
  RubricCell cell;
  cell.numbers = check.raw.observations;
  cell.measured = take_value(cell.numbers, "measured");
  cell.work = take_value(cell.numbers, "work");
  cell.why = take_value(cell.numbers, "why");
  if (cell.measured.empty() || check.raw.outcome != conformance::Outcome::kHeld) {
    cell.measured = "inconclusive";
    cell.why = check.reason.empty() ? check.raw.reason : check.reason;
  }
  for (auto& [key, value] : cell.numbers) {
    if (key.starts_with(conformance::kVarying)) key.erase(0, conformance::kVarying.size());
  }
  cell.evidence = "report.html#" + check.raw.id;
  return cell;
}

}  // namespace

tl::expected<Claims, std::string> Claims::parse(std::string_view json) try {
  const auto document = nlohmann::json::parse(json);
  Claims claims;
  document.at("derived").get_to(claims.derived_);
  for (const auto& story : document.at("stories")) {
    const auto id = story.at("id").get<std::string>();
    claims.stories_.push_back(id);
    for (const char* group : {"claims", "variants"}) {
      for (const auto& [whose, claim] : story.at(group).items()) {
        claims.claims_[fmt::format("{} {}", id, whose)] = {claim.at("first").get<std::string>(),
                                                           claim.at("last").get<std::string>()};
      }
    }
  }
  return claims;
} catch (const nlohmann::json::exception& error) {
  return tl::unexpected(fmt::format("{}: {}", kFile, error.what()));
}

const Claims& Claims::builtin() {
  static const Claims kClaims = [] {
    auto claims = parse(embedded::file(kFile).value_or(""));
    if (!claims) {
      (void)std::fputs(("referee: " + claims.error() + "\n").c_str(), stderr);
      std::exit(70);
    }
    return std::move(*claims);
  }();
  return kClaims;
}

const Claim* Claims::find(std::string_view story, std::string_view variant, std::string_view proposal) const {
  auto found = claims_.find(fmt::format("{} {}", story, variant));
  if (found == claims_.end()) found = claims_.find(fmt::format("{} {}", story, proposal));
  return found == claims_.end() ? nullptr : &found->second;
}

bool Claims::derived(std::string_view proposal) const {
  return std::ranges::find(derived_, proposal) != derived_.end();
}

bool RubricCell::contradicts() const {
  const bool decided =
      (measured == "Y" || measured == "P" || measured == "N") &&
      std::ranges::find(numbers, conformance::kNotComparable, &conformance::Observation::key) == numbers.end();
  return decided && !claimed_last.empty() && claimed_last != "T" && claimed_last != measured;
}

const RubricCell* Rubric::find(std::string_view story, std::string_view variant) const {
  const auto found = std::ranges::find_if(
      cells, [&](const RubricCell& cell) { return cell.story == story && cell.variant == variant; });
  return found == cells.end() ? nullptr : &*found;
}

Rubric rubric_of(const conformance::Run& run, const Book& book, const Claims& claims, bool fresh) {
  Rubric rubric;
  rubric.info = run.info;
  std::map<std::string, const conformance::CheckResult*> checks;
  for (const auto& check : run.checks) checks[check.raw.id] = &check;
  for (const auto& story : claims.stories()) {
    std::size_t before = rubric.cells.size();
    for (const auto& variant : proposals::variants()) {
      const auto id = conformance::check_id(story, variant);
      const auto found = checks.find(id);
      if (found == checks.end()) continue;
      auto cell = cell_of(*found->second);
      cell.story = story;
      cell.variant = variant.id;
      cell.registry = fresh ? "embedded:" + variant.profile : run.info.target;
      if (const auto* claim = claims.find(story, variant.id, variant.proposal)) {
        cell.claimed_first = claim->first;
        cell.claimed_last = claim->last;
      }
      if (std::ranges::find(rubric.variants, variant.id) == rubric.variants.end())
        rubric.variants.push_back(variant.id);
      if (const auto* check = book.catalogue.find(id)) {
        auto title = check->title;
        title.resize(title.size() - std::min(title.size(), std::string_view(" with ").size() + variant.id.size()));
        rubric.titles[story] = title;
      }
      rubric.cells.push_back(std::move(cell));
    }
    if (rubric.cells.size() > before) rubric.stories.push_back(story);
  }
  // In the order in which they are registered, whatever the first story has: pointers into one list.
  std::ranges::sort(rubric.variants, {}, [](const std::string& id) { return proposals::find_variant(id); });
  return rubric;
}

std::string rubric_json(const Rubric& rubric) {
  ordered_json cells = ordered_json::array();
  for (const auto& cell : rubric.cells) {
    ordered_json numbers = ordered_json::object();
    for (const auto& [key, value] : cell.numbers) numbers[key] = clip(value, kTextBytes);
    cells.push_back({{"story", cell.story},
                     {"variant", cell.variant},
                     {"claimed_first", cell.claimed_first},
                     {"claimed_last", cell.claimed_last},
                     {"measured", cell.measured},
                     {"work", cell.work},
                     {"why", clip(cell.why, kTextBytes)},
                     {"numbers", numbers},
                     {"registry", cell.registry},
                     {"evidence", cell.evidence}});
  }
  return dump(cells, 2);
}

}  // namespace referee::reports
