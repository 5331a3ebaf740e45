#include "referee/reports/run_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::Verdict;

struct KindNames {
  std::string_view name;
  std::string_view heading;
  std::string_view of_rubric;  ///< heading
};
constexpr std::array<KindNames, kChangeKinds> kKindNames{
    {{"new-failure", "New failures", "Fell to N"},
     {"new-warning", "New warnings", "Fell to P"},
     {"undecided", "Not decided any more", "Not decided any more"},
     {"blocked", "Blocked now", "Blocked now"},
     {"unsupported", "Not supported any more", "Not supported any more"},
     {"fixed", "Fixed", "Rose to Y"},
     {"observation", "Changed observations", "Other numbers"},
     {"fails-otherwise", "Still failing, but otherwise", "Same measure of N or P, other numbers"},
     {"verdict", "Other changed verdicts", "Other changes of the measure"},
     {"detail", "Same verdict, other details", "Same measure, other numbers"}}};

/// Of a target's name that a sentence shows.
constexpr std::size_t kTarget = 200;

/// How the text of failures is called among observations.
constexpr const char* kDidNotHold = "did not hold";

std::map<std::string, std::string> values_of(const FiledCheck& check) {
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : check.observations) {
    if (!key.starts_with(conformance::kVarying)) values.emplace(key, value);
  }
  std::string broken;
  for (const auto& failure : check.failures) broken += (broken.empty() ? "" : "; ") + failure.what;
  if (!broken.empty()) values.emplace(kDidNotHold, broken);
  return values;
}

std::vector<Difference> differences(const FiledCheck& before, const FiledCheck& after) {
  const auto old = values_of(before);
  const auto fresh = values_of(after);
  std::vector<Difference> found;
  for (const auto& [key, value] : old) {
    const auto other = fresh.find(key);
    if (other == fresh.end() || other->second != value)
      found.push_back({key, value, other == fresh.end() ? "" : other->second});
  }
  for (const auto& [key, value] : fresh) {
    if (!old.contains(key)) found.push_back({key, "", value});
  }
  return found;
}

bool is_failure(const FiledCheck& check, bool strict) {
  return check.verdict == Verdict::kFail || (strict && check.verdict == Verdict::kWarn);
}

bool is_broken(const FiledCheck& check) {
  return check.verdict == Verdict::kFail || check.verdict == Verdict::kWarn;
}

/// nullopt: nothing changed.
std::optional<ChangeKind> kind_of(const FiledCheck& before, const FiledCheck& after, bool strict, bool differ) {
  if (is_failure(after, strict) && !is_failure(before, strict)) return ChangeKind::kNewFailure;
  if (after.verdict == Verdict::kWarn && !is_broken(before)) return ChangeKind::kNewWarning;
  // An observation that was not tried because its prerequisite fails is blocked, whatever its version calls it.
  const auto stopped = [](const FiledCheck& check) { return !check.blocked_by.empty(); };
  if (stopped(after) && !stopped(before)) return ChangeKind::kBlocked;
  if (!after.decided() && before.decided() && !stopped(after)) return ChangeKind::kUndecided;
  if (before.verdict == after.verdict) {
    if (!differ || !before.decided() || !after.decided()) return std::nullopt;
    if (is_broken(after)) return ChangeKind::kFailsOtherwise;
    return after.verdict == Verdict::kObserved ? ChangeKind::kObservation : ChangeKind::kDetail;
  }
  if (after.verdict == Verdict::kUnsupported) return ChangeKind::kUnsupported;
  if (is_broken(before) && (after.verdict == Verdict::kPass || after.verdict == Verdict::kObserved))
    return ChangeKind::kFixed;
  return ChangeKind::kVerdict;
}

std::string yes(bool value, const char* word) {
  return value ? word : fmt::format("not {}", word);
}

/// Sentences: why a difference may not be the target's doing.
std::vector<std::string> limits_of(const RunFile& before, const RunFile& after) {
  std::vector<std::string> limits;
  const auto differ = [&](std::string_view what, const auto& a, const auto& b, std::string_view hence) {
    if (!(a == b)) limits.push_back(fmt::format("{} differ: {} and {}{}", what, a, b, hence));
  };
  const auto& old = before.info;
  const auto& fresh = after.info;
  differ("Versions of Referee", old.tool_version, fresh.tool_version, "; a check may have become another one");
  if (before.kind == RunKind::kChecks || before.kind == RunKind::kRubric) {
    differ("Targets", clip(old.target, kTarget), clip(fresh.target, kTarget),
           "; if that is not one registry at two addresses, what differs is between the two");
  }
  if (before.kind == RunKind::kChecks) {
    differ("Versions of the distribution-spec", conformance::name(old.spec), conformance::name(fresh.spec),
           "; levels are not the same");
    differ("Seeds", old.seed, fresh.seed, "; names and content are not the same");
    differ("Strictness", yes(old.strict, "strict"), yes(fresh.strict, "strict"), "; judged as the second run is");
  } else if (before.kind != RunKind::kRubric) {
    differ("Seeds", old.seed, fresh.seed, "; content is not the same");
    differ("Settings", before.setting, after.setting, "");
  }
  const auto cut = [&](std::string_view which, const RunFile& run) {
    if (run.info.complete) return;
    limits.push_back(run.info.selected > run.checks.size()
                         ? fmt::format("The {} run is not complete: it came to {} of its {}", which, run.checks.size(),
                                       oci::counted(run.info.selected, "check"))
                         : fmt::format("The {} run is not complete", which));
  };
  cut("first", before);
  cut("second", after);
  return limits;
}

/// What a matrix says of a client's version, where it is another one.
void add_versions(const RunFile& before, const RunFile& after, std::vector<std::string>& limits) {
  for (const auto& column : after.columns) {
    const auto old = std::ranges::find(before.columns, column.name, &FiledColumn::name);
    if (old == before.columns.end() || old->version == column.version) continue;
    limits.push_back(fmt::format("{} is version {}, and was {}", column.name,
                                 column.version.empty() ? "unknown" : column.version,
                                 old->version.empty() ? "unknown" : old->version));
  }
}

RunFile head_of(const RunFile& file) {
  return {file.kind, file.path, file.info, file.setting, {}, {}, file.columns};
}

/// The checks that each new cause blocks stand with it.
void add_blocked(RunComparison& comparison) {
  std::map<std::string, std::vector<std::string>> blocked;
  for (const auto& change : comparison.changes) {
    if (change.kind == ChangeKind::kBlocked) blocked[change.after.blocked_by].push_back(change.after.id);
  }
  for (auto& change : comparison.changes) {
    const auto found = blocked.find(change.after.id);
    if (found != blocked.end()) change.blocks = found->second;
  }
}

}  // namespace

std::string_view name(ChangeKind kind) {
  return kKindNames.at(static_cast<std::size_t>(kind)).name;
}

std::string_view heading(ChangeKind kind, RunKind of) {
  const auto& names = kKindNames.at(static_cast<std::size_t>(kind));
  return of == RunKind::kRubric ? names.of_rubric : names.heading;
}

std::size_t RunComparison::count(ChangeKind kind) const {
  return static_cast<std::size_t>(std::ranges::count(changes, kind, &Change::kind));
}

RunComparison compare_runs(const RunFile& before, const RunFile& after) {
  RunComparison comparison{head_of(before), head_of(after), limits_of(before, after), 0, {}, {}, {}, {}};
  std::map<std::string_view, const FiledCheck*> old;
  for (const auto& check : before.checks) old.emplace(check.id, &check);
  std::size_t levels = 0;
  const bool strict = after.info.strict;
  for (const auto& check : after.checks) {
    const auto found = old.find(check.id);
    if (found == old.end()) {
      comparison.only_after.push_back(check);
      continue;
    }
    const auto& earlier = *found->second;
    old.erase(found);
    ++comparison.shared;
    levels += earlier.level != check.level ? 1 : 0;
    if (is_failure(earlier, strict) && is_failure(check, strict)) comparison.still_failing.push_back(check.id);
    auto values = differences(earlier, check);
    if (const auto kind = kind_of(earlier, check, strict, !values.empty()))
      comparison.changes.push_back({*kind, earlier, check, std::move(values), {}});
  }
  for (const auto& check : before.checks) {
    if (old.contains(check.id)) comparison.only_before.push_back(check);
  }
  if (levels > 0) {
    comparison.limits.push_back(levels == 1 ? "One check has another level"
                                            : fmt::format("{} checks have another level", levels));
  }
  if (!comparison.only_before.empty() || !comparison.only_after.empty()) {
    const auto what = before.kind == RunKind::kChecks ? "checks" : "cells";
    comparison.limits.push_back(
        fmt::format("Of {} {} in the first and {} in the second, {} are in both: what only one has cannot be compared",
                    before.checks.size(), what, after.checks.size(), comparison.shared));
  }
  add_versions(before, after, comparison.limits);
  std::ranges::stable_sort(comparison.changes, {}, &Change::kind);
  add_blocked(comparison);
  return comparison;
}

bool ResultComparison::regressed() const {
  return std::ranges::any_of(runs, [](const auto& run) { return run.count(ChangeKind::kNewFailure) > 0; }) ||
         std::ranges::any_of(benchmarks, [](const auto& part) { return part.comparison.regressed(); });
}

bool ResultComparison::undecided() const {
  return std::ranges::any_of(runs, [](const auto& run) { return run.count(ChangeKind::kUndecided) > 0; });
}

}  // namespace referee::reports
