// Two runs compared: what a change is called, what limits the comparison, and every format of it.
#include "referee/reports/run_comparison.hpp"

#include <gmock/gmock.h>

#include "referee/reports/reading.hpp"
#include "referee/reports/report.hpp"
#include "run_sample.hpp"
#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

using conformance::Verdict;
using reports::ChangeKind;
using reports::compare_runs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// What became of one check; nullopt: nothing.
std::optional<ChangeKind> kind_of(reports::FiledCheck before, reports::FiledCheck after, bool strict = false) {
  auto first = filed_run({std::move(before)});
  auto second = filed_run({std::move(after)});
  second.info.strict = strict;
  const auto comparison = compare_runs(first, second);
  if (comparison.changes.empty()) return std::nullopt;
  return comparison.changes.front().kind;
}

std::optional<ChangeKind> kind_of(Verdict before, Verdict after, bool strict = false) {
  return kind_of(filed("a/b/c", before), filed("a/b/c", after), strict);
}

TEST(RunComparisons, CallEachChangeByItsName) {
  EXPECT_EQ(kind_of(Verdict::kPass, Verdict::kFail), ChangeKind::kNewFailure);
  EXPECT_EQ(kind_of(Verdict::kWarn, Verdict::kFail), ChangeKind::kNewFailure);
  EXPECT_EQ(kind_of(Verdict::kBlocked, Verdict::kFail), ChangeKind::kNewFailure);
  EXPECT_EQ(kind_of(Verdict::kPass, Verdict::kWarn), ChangeKind::kNewWarning);
  EXPECT_EQ(kind_of(Verdict::kPass, Verdict::kWarn, true), ChangeKind::kNewFailure) << "a strict run fails by it";
  EXPECT_EQ(kind_of(Verdict::kFail, Verdict::kPass), ChangeKind::kFixed);
  EXPECT_EQ(kind_of(Verdict::kWarn, Verdict::kPass), ChangeKind::kFixed);
  EXPECT_EQ(kind_of(Verdict::kFail, Verdict::kWarn), ChangeKind::kVerdict);
  EXPECT_EQ(kind_of(Verdict::kPass, Verdict::kInconclusive), ChangeKind::kUndecided);
  EXPECT_EQ(kind_of(Verdict::kPass, Verdict::kError), ChangeKind::kUndecided);
  EXPECT_EQ(kind_of(Verdict::kPass, Verdict::kUnsupported), ChangeKind::kUnsupported);
  EXPECT_EQ(kind_of(Verdict::kUnsupported, Verdict::kPass), ChangeKind::kVerdict);
  EXPECT_EQ(kind_of(Verdict::kUnsupported, Verdict::kFail), ChangeKind::kNewFailure);
  EXPECT_EQ(kind_of(filed("a", Verdict::kPass), blocked("a", "b")), ChangeKind::kBlocked);
  for (const auto same : {Verdict::kPass, Verdict::kFail, Verdict::kWarn, Verdict::kUnsupported, Verdict::kObserved})
    EXPECT_EQ(kind_of(same, same), std::nullopt) << conformance::name(same);
}

TEST(RunComparisons, TellWhatWasNoted) {
  const auto before = filed("a", Verdict::kObserved, {{"status", "200"}, {"gone", "x"}, {"varies: time", "3"}});
  const auto after = filed("a", Verdict::kObserved, {{"status", "202"}, {"new", "y"}, {"varies: time", "4"}});
  EXPECT_EQ(kind_of(before, after), ChangeKind::kObservation);
  const auto comparison = compare_runs(filed_run({before}), filed_run({after}));
  ASSERT_EQ(comparison.changes.front().differences.size(), 3) << "what varies from run to run is no difference";
  EXPECT_EQ(kind_of(filed("a", Verdict::kPass, {{"k", "1"}}), filed("a", Verdict::kPass, {{"k", "2"}})),
            ChangeKind::kDetail);
  EXPECT_EQ(kind_of(filed("a", Verdict::kObserved, {{"varies: n", "1"}}),
                    filed("a", Verdict::kObserved, {{"varies: n", "2"}})),
            std::nullopt);
  auto broken = filed("a", Verdict::kObserved);
  broken.failures = {{"it held", "", "", ""}};
  EXPECT_EQ(kind_of(filed("a", Verdict::kObserved), broken), ChangeKind::kObservation);
  auto otherwise = filed("a", Verdict::kFail);
  otherwise.failures.front().what = "the body";
  EXPECT_EQ(kind_of(filed("a", Verdict::kFail), otherwise), ChangeKind::kFailsOtherwise);
}

TEST(RunComparisons, WhatWasNotDecidedIsNoObservation) {
  auto cut = filed("a", Verdict::kObserved);
  cut.level.reset();
  cut.reason = "from main: not decided: connection lost";
  auto held = filed("a", Verdict::kObserved, {{"k", "1"}});
  held.level.reset();
  held.reason = "from main: held";
  EXPECT_EQ(kind_of(held, cut), ChangeKind::kUndecided);
  EXPECT_EQ(kind_of(cut, held), std::nullopt);
  cut.blocked_by = "b";
  EXPECT_EQ(kind_of(held, cut), ChangeKind::kBlocked);
}

TEST(RunComparisons, GatherWhatACauseBlocks) {
  const auto before =
      filed_run({filed("cause", Verdict::kPass), filed("one", Verdict::kPass), filed("two", Verdict::kPass)});
  const auto after = filed_run({filed("cause", Verdict::kFail), blocked("one", "cause"), blocked("two", "cause")});
  const auto comparison = compare_runs(before, after);
  EXPECT_THAT(comparison.changes.front().blocks, ElementsAre("one", "two"));
  EXPECT_EQ(comparison.count(ChangeKind::kBlocked), 2);
  EXPECT_EQ(comparison.count(ChangeKind::kNewFailure), 1);
}

TEST(RunComparisons, SayWhatLimitsThem) {
  auto before = filed_run({filed("a", Verdict::kPass), filed("b", Verdict::kPass)});
  auto after = filed_run({filed("a", Verdict::kPass), filed("c", Verdict::kFail)});
  after.info.tool_version = "2.0.0";
  after.info.seed = 2;
  after.info.spec = conformance::Spec::kMain;
  after.info.complete = false;
  after.checks.front().level = conformance::Level::kShould;
  const auto comparison = compare_runs(before, after);
  EXPECT_EQ(comparison.limits.size(), 6) << testing::PrintToString(comparison.limits);
  EXPECT_EQ(comparison.shared, 1);
  EXPECT_EQ(comparison.only_before.front().id, "b");
  EXPECT_EQ(comparison.only_after.front().id, "c");
  EXPECT_EQ(comparison.count(ChangeKind::kNewFailure), 0) << "what only one has is no new failure";
  EXPECT_TRUE(compare_runs(before, before).limits.empty());
  EXPECT_EQ(compare_runs(before, filed_run({filed("z", Verdict::kPass)})).shared, 0);
}

TEST(RunComparisons, SayThatTargetsDiffer) {
  auto before = filed_run({filed("a", Verdict::kPass)});
  auto after = before;
  after.info.target = "https://other.example";
  EXPECT_THAT(compare_runs(before, after).limits,
              ElementsAre(HasSubstr("Targets differ: registry.example and https://other.example; if that is not one")));
  after.info.target = std::string(5000, 'a');
  EXPECT_LT(compare_runs(before, after).limits.front().size(), 600);
}

TEST(RunComparisons, TheSummaryNamesWhatOnlyOneHas) {
  const auto last_line = [](const reports::RunComparison& run) {
    reports::ResultComparison all;
    all.runs = {run};
    EXPECT_FALSE(all.regressed()) << "it is not comparable";
    const auto text = reports::result_comparison_text(all, 100);
    return text.substr(text.rfind('\n', text.size() - 2) + 1);
  };
  const auto same = filed("a", Verdict::kPass);
  const auto one = filed_run({same});
  auto more = filed_run({same, filed("b", Verdict::kFail), filed("c", Verdict::kWarn), filed("d", Verdict::kPass)});
  EXPECT_EQ(last_line(compare_runs(one, more)),
            "no difference in 1 that both have; 3 only in the second run, of which 1 fails\n");
  EXPECT_EQ(last_line(compare_runs(more, one)), "no difference in 1 that both have; 3 only in the first run\n");
  auto strict = more;
  strict.info.strict = true;
  EXPECT_THAT(last_line(compare_runs(one, strict)), HasSubstr("; 3 only in the second run, of which 2 fail\n"));
  EXPECT_THAT(last_line(compare_runs(filed_run({same, filed("z", Verdict::kFail)}), more)),
              HasSubstr("; 1 only in the first run, 3 only in the second, of which 1 fails\n"));
}

reports::ResultComparison sample_comparison() {
  const auto before = filed_run(
      {filed("s/tags/order", Verdict::kPass), filed("s/tags/n", Verdict::kFail), filed("s/tags/walk", Verdict::kPass),
       filed("s/api/range", Verdict::kObserved, {{"Accept-Ranges", "bytes"}}), filed("s/api/old", Verdict::kPass)});
  const auto after = filed_run(
      {filed("s/tags/order", Verdict::kFail), filed("s/tags/n", Verdict::kPass), blocked("s/tags/walk", "s/tags/order"),
       filed("s/api/range", Verdict::kObserved, {{"Accept-Ranges", "absent"}}), filed("s/api/new", Verdict::kWarn)},
      1764093600);
  reports::ResultComparison all;
  all.before = "results/monday";
  all.after = "results/tuesday";
  all.runs = {compare_runs(before, after)};
  bench::Comparison times;
  times.compared = {{"verify/oci-1.1/api/n:10", 12, 12, 0.010, 0.013, {}}};
  times.compared.front().judgement.difference = bench::Difference::kLarger;
  all.benchmarks = {{"protocol.json", times}};
  all.missing = {"rubric.json (rubric) is in the first alone"};
  return all;
}

TEST(RunComparisons, AreTextMarkdownJsonAndAPage) {
  const auto all = sample_comparison();
  EXPECT_TRUE(all.regressed());
  EXPECT_FALSE(all.undecided());
  expect_golden("result-comparison.txt", reports::result_comparison_text(all, 100));
  expect_golden("result-comparison.md", reports::result_comparison_markdown(all));
  expect_golden("result-comparison.json", reports::result_comparison_json(all));
  const auto page = reports::result_comparison_html(all);
  EXPECT_THAT(page, HasSubstr("default-src 'none'; style-src 'sha256-"));
  EXPECT_THAT(page, HasSubstr("<del>bytes</del> → <ins>absent</ins>"));
  EXPECT_THAT(page, HasSubstr("blocks 1"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

TEST(RunComparisons, ShowHostileTextAsText) {
  auto hostile = filed(kHostile, Verdict::kFail, {{kHostile, kHostile}});
  hostile.title = hostile.reason = hostile.blocked_by = kHostile;
  hostile.failures = {{kHostile, kHostile, kHostile, kHostile}};
  auto before = hostile;
  before.verdict = Verdict::kPass;
  before.word = "pass";
  reports::ResultComparison all;
  all.before = all.after = kHostile;
  all.runs = {compare_runs(filed_run({before}), filed_run({hostile}))};
  all.missing = {kHostile};
  const auto page = reports::result_comparison_html(all);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  const auto text = reports::result_comparison_text(all, 80);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(reports::result_comparison_markdown(all).find("<script"), std::string::npos);
  EXPECT_FALSE(reports::result_comparison_json(all).empty());
}

TEST(RunComparisons, ArePartsOfAReport) {
  auto hostile = filed("shared/a/new", Verdict::kFail);
  hostile.failures.front().what = kHostile;
  reports::ResultComparison comparison;
  comparison.before = kHostile;
  comparison.after = "after";
  comparison.runs.push_back(compare_runs(filed_run({filed("shared/a/new", Verdict::kPass)}), filed_run({hostile})));
  bench::Compared slower{"verify", 12, 12, 0.1, 0.2, {}};
  slower.judgement = {bench::Difference::kLarger, {}, bench::Ratio{2, 1.9, 2.1}, 0.001};
  comparison.benchmarks.push_back({"protocol.json", {{}, {slower}, {}, {}, {"machines differ"}, 0}});
  const auto written = reports::result_comparison_json(comparison);
  const auto read = reports::read_comparison(written);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(reports::result_comparison_json(*read), written);
  reports::Report report;
  report.comparisons = {&*read};
  EXPECT_EQ(reports::verdict_of(report).text, "1 new failure, and a benchmark is slower since the run compared with");
  const auto page = reports::report_html(report);
  EXPECT_THAT(page, HasSubstr("id=\"comparison1\""));
  EXPECT_THAT(page, HasSubstr("shared/a/new (MUST)"));
  EXPECT_THAT(page, HasSubstr("+100.0 % [+90.0, +110.0]"));
  EXPECT_THAT(page, Not(HasSubstr("<img")));

  const auto of_benchmarks = reports::read_comparison(bench::comparison_json(comparison.benchmarks.front().comparison));
  ASSERT_TRUE(of_benchmarks) << of_benchmarks.error();
  EXPECT_EQ(of_benchmarks->benchmarks.size(), 1U);
  for (const auto& [from, to, why] :
       {std::tuple{R"("kind": "new-failure")", R"("kind": "new-fear")", "change 1: `kind` is no change"},
        {"\"slower\"", "\"fast\"", "benchmark 1: `difference` is none"},
        {"\"shared\": 1", "\"shared\": 0", "`changes` are more than"},
        {"result-comparison/1", "result-comparison/2", "no comparison.json"}}) {
    auto bad = written;
    bad.replace(bad.find(from), std::string_view(from).size(), to);
    const auto refused = reports::read_comparison(bad);
    ASSERT_FALSE(refused) << to;
    EXPECT_THAT(refused.error(), HasSubstr(why));
  }
}

}  // namespace
}  // namespace referee::selftest
