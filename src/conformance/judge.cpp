#include "judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "referee/conformance/runner.hpp"

namespace referee::conformance {

std::optional<std::string> Judge::missing_capability(const Check& check) const {
  for (const auto capability : check.needs) {
    const auto found = capabilities_.find(capability);
    if (found == capabilities_.end() || found->second.present) continue;
    const std::string_view label = distribution::name(capability);
    return found->second.evidence.empty() ? fmt::format("no {}", label)
                                          : fmt::format("no {}: {}", label, found->second.evidence);
  }
  return std::nullopt;
}

bool Judge::supported(const Check& check) const {
  const auto ids = catalogue_.with_prerequisites({check.id});
  return std::ranges::all_of(ids, [&](const std::string& id) {
    const Check* needed = catalogue_.find(id);
    return needed == nullptr || !missing_capability(*needed);
  });
}

/// The prerequisite that keeps a check from being judged: one that failed before one that is unsupported.
const Judge::Standing* Judge::stopped_by(const Check& check) const {
  const Standing* found = nullptr;
  for (const auto& id : check.after) {
    const auto standing = standings_.find(id);
    if (standing == standings_.end() || standing->second.held) continue;
    if (found == nullptr || (found->unsupported && !standing->second.unsupported)) found = &standing->second;
  }
  return found;
}

/// Which version asks for what this one does not: the next newer one, else the newest before.
std::string Judge::not_asked(const Check& check) const {
  const Requirement* requirement = check.requirements.empty() ? nullptr : ledger_.find(check.requirements.front());
  if (requirement == nullptr || requirement->levels.empty()) return "from no version";
  const auto next = requirement->levels.upper_bound(spec_);
  const Spec spec = next != requirement->levels.end() ? next->first : requirement->levels.rbegin()->first;
  return fmt::format("from {}", name(spec));
}

std::optional<CheckResult> Judge::judge(const Check& check, const RawResult* raw) {
  for (const auto& id : check.after) {
    if (!standings_.contains(id) && catalogue_.find(id) != nullptr) return std::nullopt;
  }
  CheckResult result;
  result.raw.id = check.id;
  result.level = catalogue_.level(check, ledger_, spec_);
  const std::string origin = result.level ? std::string() : not_asked(check);

  const Standing* stop = stopped_by(check);
  const auto missing = missing_capability(check);
  if (missing || (stop != nullptr && stop->unsupported)) {
    result.verdict = Verdict::kUnsupported;
    result.reason = missing ? *missing : stop->reason;
    standings_[check.id] = {false, true, missing ? check.id : stop->root, result.reason};
    return result;
  }
  if (stop != nullptr) {
    // What a dependent did on a target without its prerequisite proves nothing, even if it ran: no evidence is kept.
    const Standing standing{false, false, stop->root, stop->reason};
    result.blocked_by = standing.root;
    result.reason = fmt::format("`{}` did not hold", standing.root);
    result.verdict = result.level ? Verdict::kBlocked : Verdict::kObserved;
    if (!result.level) result.reason = fmt::format("{}: not tried, {}", origin, result.reason);
    standings_[check.id] = standing;
    return result;
  }
  if (raw == nullptr) return std::nullopt;

  result.raw = *raw;
  result.verdict = conformance::judge(raw->outcome, result.level);
  result.reason = raw->reason;
  if (!result.level && result.verdict == Verdict::kObserved) {
    const bool decided = raw->outcome == Outcome::kHeld || raw->outcome == Outcome::kBroken;
    result.reason = fmt::format("{}: {}", origin,
                                !decided                         ? "not decided: " + raw->reason
                                : raw->outcome == Outcome::kHeld ? "held"
                                                                 : "did not hold");
  }
  standings_[check.id] = {raw->outcome == Outcome::kHeld, false, check.id, result.reason};
  return result;
}

std::vector<CheckResult> judge_run(const Catalogue& catalogue, const Ledger& ledger, Spec spec,
                                   const distribution::Capabilities& capabilities,
                                   const std::vector<std::string>& selected, const std::vector<RawResult>& raw) {
  std::map<std::string_view, const RawResult*> by_id;
  for (const auto& result : raw) {
    auto& known = by_id[result.id];
    if (known == nullptr || worse_outcome(known->outcome, result.outcome)) known = &result;
  }
  Judge judge(catalogue, ledger, spec, capabilities);
  std::map<std::string, CheckResult> judged;
  for (const auto& id : catalogue.with_prerequisites(selected)) {
    const auto found = by_id.find(id);
    auto result = judge.judge(*catalogue.find(id), found == by_id.end() ? nullptr : found->second);
    if (result) judged.emplace(id, std::move(*result));
  }
  std::vector<CheckResult> ordered;
  for (const auto& check : catalogue.all()) {
    if (auto node = judged.extract(check.id); !node.empty()) ordered.push_back(std::move(node.mapped()));
  }
  return ordered;
}

}  // namespace referee::conformance
