// Results over time: since when a check fails, what was fixed, which runs are not the same question.
#include "referee/reports/trend.hpp"

#include <gmock/gmock.h>

#include "run_sample.hpp"
#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

using conformance::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr double kDay = 86400;

/// One run a day with what three checks came to.
reports::Trend trend_of(const std::vector<std::vector<Verdict>>& days) {
  reports::TrendMaker maker;
  double time = 1764007200;
  for (const auto& day : days) {
    std::vector<reports::FiledCheck> checks;
    for (std::size_t at = 0; at < day.size(); ++at) checks.push_back(filed("s/g/c" + std::to_string(at), day[at]));
    auto run = filed_run(std::move(checks), time);
    run.path = "results/" + std::to_string(static_cast<int>((time - 1764007200) / kDay));
    if (time > 1764007200 + 1.5 * kDay) run.info.tool_version = "2.0.0";
    maker.add(run);
    time += kDay;
  }
  return maker.finish();
}

reports::Trend sample_trend() {
  return trend_of({{Verdict::kPass, Verdict::kFail, Verdict::kPass},
                   {Verdict::kFail, Verdict::kPass, Verdict::kPass},
                   {Verdict::kBlocked, Verdict::kPass, Verdict::kPass},
                   {Verdict::kFail, Verdict::kFail, Verdict::kPass}});
}

TEST(Trends, SayWhenWhatBroke) {
  const auto trend = sample_trend();
  ASSERT_EQ(trend.runs.size(), 4);
  EXPECT_THAT(trend.runs[0].broke, IsEmpty()) << "nothing is known of what was before";
  EXPECT_THAT(trend.runs[1].broke, ElementsAre("s/g/c0"));
  EXPECT_THAT(trend.runs[1].fixed, ElementsAre("s/g/c1"));
  EXPECT_THAT(trend.runs[2].marks, ElementsAre("Referee 2.0.0 (was 1.2.3)"));
  EXPECT_THAT(trend.runs[3].broke, ElementsAre("s/g/c1")) << "what was blocked meanwhile did not break again";
  ASSERT_EQ(trend.checks.size(), 2);
  EXPECT_EQ(trend.steady, 1);
  const auto& oldest = trend.checks[0];
  EXPECT_EQ(oldest.id, "s/g/c0");
  EXPECT_TRUE(oldest.failing);
  EXPECT_EQ(oldest.since, 1);
  EXPECT_EQ(oldest.last_good, 0);
  EXPECT_EQ(oldest.flips, 1);
  EXPECT_EQ(trend.checks[1].since, 3);
  EXPECT_EQ(trend.checks[1].flips, 2);
}

TEST(Trends, WhatIsFixedDoesNotFail) {
  const auto trend = trend_of({{Verdict::kFail}, {Verdict::kPass}});
  ASSERT_EQ(trend.checks.size(), 1);
  EXPECT_FALSE(trend.checks[0].failing);
  EXPECT_EQ(trend.checks[0].since, std::nullopt);
  const auto always = trend_of({{Verdict::kFail}, {Verdict::kFail}});
  EXPECT_EQ(always.checks[0].since, 0);
  EXPECT_EQ(always.checks[0].last_good, std::nullopt);
}

TEST(Trends, ARunThatWasCutSaysSoInTheHeadline) {
  reports::TrendMaker maker;
  auto run = filed_run({filed("a", Verdict::kPass)});
  run.info.complete = false;
  run.info.selected = 298;
  maker.add(run);
  const auto trend = maker.finish();
  EXPECT_THAT(reports::trend_text(trend, 100),
              HasSubstr("Nothing fails so far as of the only run, which is not complete (1 of 298 checks); 1 never"));
  EXPECT_THAT(reports::trend_html(trend), HasSubstr("<p class=\"verdict undecided\">Nothing fails so far"));
}

TEST(Trends, RunsHaveTheNumberOfTheirColumn) {
  const auto page = reports::trend_html(sample_trend());
  EXPECT_THAT(page, HasSubstr("<b>4</b> 2025-11-27"));
  EXPECT_THAT(page, HasSubstr("<b>1</b> 2025-11-24"));
  EXPECT_THAT(page, HasSubstr("<p class=\"ends\">2025-11-24T18:00Z to 2025-11-27T18:00Z</p>"));
}

reports::Trend two_runs(double first, double second, const std::vector<std::string>& ids) {
  reports::TrendMaker maker;
  for (const auto& [time, verdict] : {std::pair{first, Verdict::kPass}, std::pair{second, Verdict::kFail}}) {
    std::vector<reports::FiledCheck> checks;
    for (const auto& id : ids) checks.push_back(filed(id, verdict));
    maker.add(filed_run(std::move(checks), time));
  }
  return maker.finish();
}

TEST(Trends, TellRunsOfOneMinuteApart) {
  const auto trend = two_runs(1764007205, 1764007230, {"s/g/c"});
  EXPECT_THAT(reports::trend_text(trend, 100), HasSubstr("since 2025-11-24T18:00:30Z, last good 2025-11-24T18:00:05Z"));
  EXPECT_THAT(reports::trend_html(trend),
              HasSubstr("<p class=\"ends\">2025-11-24T18:00:05Z to 2025-11-24T18:00:30Z</p>"));
  EXPECT_THAT(reports::trend_text(two_runs(1764007205, 1764007205.25, {"s/g/c"}), 100),
              HasSubstr("since 2025-11-24T18:00:05.250Z, last good 2025-11-24T18:00:05.000Z"));
}

TEST(Trends, ShowIdsWhole) {
  std::vector<std::string> ids;
  for (int at = 0; at < 10; ++at)
    ids.push_back("distribution/manifests/not-a-reference-of-the-kind-" + std::to_string(at));
  const auto text = reports::trend_text(two_runs(1764007200, 1764093600, ids), 60);
  const auto broke = text.substr(0, text.find("\nFailing"));
  for (const auto& id : ids) EXPECT_THAT(broke, HasSubstr(id));
  EXPECT_THAT(broke, Not(HasSubstr("…")));
}

TEST(Trends, OfNothingAreNothing) {
  const auto trend = reports::TrendMaker().finish();
  EXPECT_TRUE(trend.runs.empty());
  EXPECT_FALSE(reports::trend_text(trend, 80).empty());
  EXPECT_FALSE(reports::trend_html(trend).empty());
  EXPECT_FALSE(reports::trend_markdown(trend).empty());
}

TEST(Trends, AreTextMarkdownJsonAndAPage) {
  const auto trend = sample_trend();
  expect_golden("trend.txt", reports::trend_text(trend, 100));
  expect_golden("trend.md", reports::trend_markdown(trend));
  expect_golden("trend.json", reports::trend_json(trend));
  const auto page = reports::trend_html(trend);
  EXPECT_THAT(page, HasSubstr("2 checks fail as of the last of 4 runs, 1 of them new"));
  EXPECT_THAT(page, HasSubstr("<svg"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

TEST(Trends, ShowHostileTextAsText) {
  reports::TrendMaker maker;
  for (const auto verdict : {Verdict::kPass, Verdict::kFail}) {
    auto check = filed(kHostile, verdict);
    check.title = kHostile;
    auto run = filed_run({check});
    run.path = run.info.target = run.info.tool_version = kHostile;
    run.info.started = 0;
    maker.add(run);
  }
  const auto trend = maker.finish();
  EXPECT_THAT(reports::trend_html(trend), Not(HasSubstr("<script")));
  EXPECT_THAT(reports::trend_markdown(trend), Not(HasSubstr("<script")));
  EXPECT_EQ(reports::trend_text(trend, 80).find('\x1b'), std::string::npos);
  EXPECT_FALSE(reports::trend_json(trend).empty());
}

}  // namespace
}  // namespace referee::selftest
