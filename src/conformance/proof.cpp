#include "proof.hpp"

#include <algorithm>
#include <set>

namespace referee::conformance {
namespace {

bool decided(const CheckResult& result) {
  return result.blocked_by.empty() && (result.raw.outcome == Outcome::kHeld || result.raw.outcome == Outcome::kBroken);
}

/// What an observed check says: its observations and the expectations that did not hold.
std::vector<std::string> value_of(const CheckResult& result) {
  std::vector<std::string> value;
  for (const auto& [key, text] : result.raw.observations) {
    if (!key.starts_with(kVarying)) value.push_back(key + "=" + text);
  }
  for (const auto& failure : result.raw.failures) value.push_back("!" + failure.what);
  return value;
}

bool bad(Verdict verdict) {
  return verdict == Verdict::kFail || verdict == Verdict::kWarn || verdict == Verdict::kError ||
         verdict == Verdict::kInconclusive;
}

const CheckResult* find(const std::map<std::string, CheckResult>& results, const std::string& id) {
  const auto found = results.find(id);
  return found == results.end() ? nullptr : &found->second;
}

}  // namespace

Execution judge_execution(const Catalogue& catalogue, const Ledger& ledger, const std::vector<std::string>& ids,
                          const Run& run) {
  std::vector<RawResult> raw;
  for (const auto& result : run.checks) {
    // These did not run, or ran without their prerequisite; that does not depend on the version.
    if (result.verdict == Verdict::kUnsupported || !result.blocked_by.empty()) continue;
    raw.push_back(result.raw);
  }
  Execution execution;
  for (std::size_t index = 0; index < kProofSpecs.size(); ++index) {
    for (auto& result : judge_run(catalogue, ledger, kProofSpecs.at(index), run.info.capabilities, ids, raw)) {
      std::string id = result.raw.id;
      execution.judged.at(index).emplace(std::move(id), std::move(result));
    }
  }
  return execution;
}

bool catches(const CheckResult& clean, const CheckResult& faulty) {
  if (clean.verdict == Verdict::kPass) return faulty.verdict == Verdict::kFail || faulty.verdict == Verdict::kWarn;
  if (clean.verdict != Verdict::kObserved || faulty.verdict != Verdict::kObserved) return false;
  return decided(clean) && decided(faulty) && value_of(clean) != value_of(faulty);
}

std::vector<std::string> clean_failures(const Execution& clean) {
  std::set<std::string> failed;
  for (const auto& results : clean.judged) {
    for (const auto& [id, result] : results) {
      if (bad(result.verdict) || result.verdict == Verdict::kBlocked) failed.insert(id);
    }
  }
  return {failed.begin(), failed.end()};
}

FaultRow judge_fault(const Catalogue& catalogue, const std::vector<std::string>& ids, const std::string& fault,
                     const Execution& clean, const Execution& faulty) {
  FaultRow row;
  row.fault = fault;
  for (const auto& id : ids) {
    bool caught = false;
    for (std::size_t index = 0; index < kProofSpecs.size(); ++index) {
      const CheckResult* before = find(clean.judged.at(index), id);
      const CheckResult* after = find(faulty.judged.at(index), id);
      caught = caught || (before != nullptr && after != nullptr && catches(*before, *after));
    }
    const auto& kills = catalogue.find(id)->kills;
    const bool named = std::ranges::find(kills, fault) != kills.end();
    if (named) (caught ? row.caught_by : row.missed_by).push_back(id);
    if (!named && caught) row.extra.push_back(id);
  }
  return row;
}

VariantRow judge_variant(const std::vector<std::string>& ids, const std::string& variant, const Execution& clean,
                         const Execution& other) {
  VariantRow row;
  row.variant = variant;
  if (!other.trouble.empty()) row.failed.push_back(other.trouble);
  for (const auto& id : ids) {
    bool failed = false;
    for (std::size_t index = 0; index < kProofSpecs.size(); ++index) {
      const CheckResult* before = find(clean.judged.at(index), id);
      const CheckResult* after = find(other.judged.at(index), id);
      if (before == nullptr || after == nullptr || bad(before->verdict)) continue;
      failed = failed || bad(after->verdict);
    }
    if (failed) row.failed.push_back(id);
  }
  return row;
}

bool Proof::holds() const {
  const bool caught = std::ranges::all_of(faults, [](const FaultRow& row) {
    return row.missed_by.empty() && !(row.caught_by.empty() && row.extra.empty());
  });
  const bool legal = std::ranges::all_of(variants, [](const VariantRow& row) { return row.failed.empty(); });
  return reference_failures.empty() && idle_checks.empty() && caught && legal;
}

}  // namespace referee::conformance
