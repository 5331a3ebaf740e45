#include "referee/reports/trend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <set>

namespace referee::reports {
namespace {

using conformance::Verdict;

bool fails(Verdict verdict, bool strict) {
  return verdict == Verdict::kFail || (strict && verdict == Verdict::kWarn);
}

/// Nothing can be said of a check that was blocked, not decided or not supported: neither broken nor fixed.
bool says_something(Verdict verdict) {
  return verdict == Verdict::kPass || verdict == Verdict::kObserved || verdict == Verdict::kWarn ||
         verdict == Verdict::kFail;
}

std::vector<std::string> marks_of(const conformance::RunInfo& before, const conformance::RunInfo& now) {
  std::vector<std::string> marks;
  const auto changed = [&](std::string_view what, const auto& a, const auto& b) {
    if (!(a == b)) marks.push_back(fmt::format("{} {} (was {})", what, b, a));
  };
  changed("Referee", before.tool_version, now.tool_version);
  changed("distribution-spec", conformance::name(before.spec), conformance::name(now.spec));
  changed("seed", before.seed, now.seed);
  changed("strict", before.strict, now.strict);
  changed("checks selected", before.selected, now.selected);
  return marks;
}

/// From the verdicts to what stands in the trend; `strict` of each run.
void judge_history(TrendCheck& check, const std::vector<TrendRun>& runs) {
  std::optional<bool> last;
  for (std::size_t at = 0; at < runs.size(); ++at) {
    const auto& verdict = check.verdicts[at];
    if (!verdict || !says_something(*verdict)) continue;
    const bool bad = fails(*verdict, runs[at].info.strict);
    if (last && *last != bad) ++check.flips;
    if (bad && (!last || !*last)) check.since = at;
    if (!bad) {
      check.since.reset();
      check.last_good = at;
    }
    last = bad;
  }
  check.failing = last.value_or(false);
  if (!check.failing) check.since.reset();
}

}  // namespace

void TrendMaker::add(const RunFile& run) {
  const auto at = runs_.size();
  TrendRun made{run.path, run.info, {}, {}, {}, {}};
  made.info.capabilities.clear();
  if (!runs_.empty()) made.marks = marks_of(runs_.back().info, run.info);
  if (!run.info.complete) made.marks.emplace_back("not complete");
  for (const auto& check : run.checks) {
    const auto verdict = check.verdict.value_or(Verdict::kError);
    ++made.counts[verdict];
    auto& known = known_[check.id];
    if (says_something(verdict)) {
      // The last run that says something of it, however long ago.
      const auto backwards = std::views::reverse(known.verdicts);
      const auto old = std::ranges::find_if(backwards, [](const auto& one) { return says_something(one.second); });
      if (old != backwards.end()) {
        const bool was = fails(old->second, runs_[old->first].info.strict);
        const bool is = fails(verdict, run.info.strict);
        if (is && !was) made.broke.push_back(check.id);
        if (was && !is) made.fixed.push_back(check.id);
      }
    }
    known.verdicts[at] = verdict;
    known.head = {};
    known.head.id = check.id;
    known.head.title = check.title;
    known.head.level = check.level;
    if (!check.requirements.empty()) known.head.requirements = {check.requirements.front()};
  }
  runs_.push_back(std::move(made));
}

Trend TrendMaker::finish() const {
  Trend trend;
  trend.runs = runs_;
  if (!runs_.empty()) trend.target = runs_.back().info.target;
  for (const auto& [id, known] : known_) {
    TrendCheck check;
    check.id = id;
    check.title = known.head.title;
    if (known.head.level) check.level = std::string(conformance::name(*known.head.level));
    if (!known.head.requirements.empty()) check.link = known.head.requirements.front().link;
    check.verdicts.resize(runs_.size());
    std::set<Verdict> seen;
    for (const auto& [at, verdict] : known.verdicts) {
      check.verdicts[at] = verdict;
      seen.insert(verdict);
    }
    judge_history(check, runs_);
    if (seen.size() == 1 && !check.failing) {
      ++trend.steady;
    } else {
      trend.checks.push_back(std::move(check));
    }
  }
  std::ranges::stable_sort(trend.checks, [](const TrendCheck& a, const TrendCheck& b) {
    if (a.failing != b.failing) return a.failing;
    return a.failing && a.since.value_or(0) < b.since.value_or(0);
  });
  return trend;
}

}  // namespace referee::reports
