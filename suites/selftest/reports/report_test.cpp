// The page that joins everything, and the way back from files to values.
#include "referee/reports/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bench_sample.hpp"
#include "load/sample.hpp"
#include "matrix_sample.hpp"
#include "referee/reports/matrix.hpp"
#include "referee/reports/reading.hpp"
#include "referee/reports/run_file.hpp"
#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

using conformance::Level;
using conformance::Verdict;
using testing::HasSubstr;
using testing::Not;

std::string verdict_text(const conformance::Run& run, const reports::Book& book) {
  reports::Report report;
  report.runs.push_back({&run, book});
  const auto verdict = reports::verdict_of(report);
  return verdict.tone + ": " + verdict.text;
}

conformance::Run run_with(const std::vector<std::pair<Verdict, Level>>& checks) {
  conformance::Run run;
  run.info.complete = true;
  for (const auto& [verdict, level] : checks) {
    conformance::CheckResult check;
    check.raw.id = "a/b/" + std::to_string(run.checks.size());
    check.verdict = verdict;
    check.level = level;
    run.checks.push_back(check);
  }
  return run;
}

std::string transcript_of(const conformance::Run& run) {
  std::string lines;
  for (const auto& check : run.checks) lines += reports::transcript_lines(check);
  return lines;
}

reports::Rubric small_rubric() {
  reports::Rubric rubric;
  rubric.info.target = "embedded:all";
  rubric.stories = {"F.2"};
  rubric.variants = {"A", "B"};
  rubric.cells = {
      {"F.2", "A", "embedded:a", "Y", "Y", "Y", "client", "held", {{"requests", "2"}}, "report.html#stories/f.2/a"},
      {"F.2", "B", "embedded:b", "Y", "Y", "N", "client", kHostile, {}, "report.html#stories/f.2/b"}};
  return rubric;
}

TEST(Verdict, IsOneSentence) {
  const Sample sample;
  const auto say = [&](const std::vector<std::pair<Verdict, Level>>& checks) {
    return verdict_text(run_with(checks), sample.book());
  };
  EXPECT_EQ(say({{Verdict::kPass, Level::kMust}}), "good: No requirement found broken");
  EXPECT_EQ(say({{Verdict::kFail, Level::kMust}, {Verdict::kWarn, Level::kShould}, {Verdict::kError, Level::kMust}}),
            "bad: Does not conform: 1 check fails (1 not decided, 1 warning)");
  EXPECT_EQ(say({{Verdict::kFail, Level::kMust}, {Verdict::kFail, Level::kImpl}}),
            "bad: Does not conform: 2 checks fail, 1 of them of what the text only implies");
  EXPECT_EQ(say({{Verdict::kFail, Level::kImpl}}),
            "bad: No MUST is broken, but 1 check of what the text implies fails");
  EXPECT_EQ(say({{Verdict::kWarn, Level::kShould}}), "warned: No MUST is broken; 1 recommendation not met");
  EXPECT_EQ(say({{Verdict::kInconclusive, Level::kMust}}), "unsure: Not decided: 1 check could not be judged");
  EXPECT_EQ(say({}), "unsure: Nothing judged yet");
  auto cut = run_with({{Verdict::kPass, Level::kMust}});
  cut.info.complete = false;
  EXPECT_EQ(verdict_text(cut, sample.book()), "unsure: No requirement found broken so far");
  EXPECT_EQ(reports::verdict_of({}).text, "Nothing judged or measured");
}

TEST(Report, JoinsWhatThereIs) {
  const Sample sample;
  auto other = sample.copy();
  const auto rubric = small_rubric();
  const auto matrix = sample_matrix();
  const auto results = sample_results();
  reports::Report report;
  report.runs.push_back({&sample.run(), sample.book()});
  report.runs.push_back({&other, sample.book()});
  report.rubrics = {&rubric};
  report.matrices = {&matrix};
  report.results = results;
  report.notes = {"Not in this report: " + kHostile};
  EXPECT_THAT(reports::verdict_of(report).text,
              testing::AllOf(testing::StartsWith("127.0.0.1:5000: does not conform: 1 check fails"),
                             HasSubstr("; 127.0.0.1:5000 (2): does not conform"),
                             HasSubstr("; 1 of 2 cells of the rubric differs from what the proposals claim"),
                             HasSubstr("takes a wrong object somewhere"), HasSubstr("benchmarks measured")));
  const auto page = reports::report_html(report);
  for (const char* part :
       {"id=\"roots\"", "id=\"rubric1\"", "id=\"matrix1\"", "id=\"bench\"", "id=\"contents\"",
        "href=\"#2@oci-1.1/referrers/empty-list\"", "href=\"#rubric1-F.2-B\"", "<a href=\"#checks\">"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  EXPECT_THAT(page, Not(HasSubstr("<script>window")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
}

TEST(Report, ManyRootCausesAreFolded) {
  const Sample sample;
  const auto run = large_run(4000, 0, 0, 'x');
  const auto page = reports::html_report(run, sample.book());
  EXPECT_THAT(page, HasSubstr("<details class=\"more\"><summary>775 more</summary>"));
  EXPECT_THAT(page, HasSubstr("300 more are in the list of checks."));
}

TEST(Reading, ARunIsThePageThatItWas) {
  const Sample sample;
  const auto read = reports::read_run(reports::results_json(sample.run(), sample.book()), transcript_of(sample.run()));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->run.info.seed, sample.run().info.seed);
  EXPECT_EQ(read->run.info.started, sample.run().info.started);
  EXPECT_EQ(read->run.checks[1].raw.failures[0].exchange, 1U);
  const reports::Book book{read->catalogue, read->ledger};
  EXPECT_EQ(reports::results_json(read->run, book), reports::results_json(sample.run(), sample.book()));
  EXPECT_EQ(reports::html_report(read->run, book), reports::html_report(sample.run(), sample.book()));
}

TEST(Reading, ATranscriptThatIsCutIsUsedAsFarAsItGoes) {
  const Sample sample;
  const auto lines = transcript_of(sample.run());
  const auto read =
      reports::read_run(reports::results_json(sample.run(), sample.book()), lines.substr(0, lines.find('\n') + 40));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->run.checks[0].raw.exchanges.size(), 1U);
  EXPECT_TRUE(read->run.checks[1].raw.exchanges.empty());
  EXPECT_EQ(read->no_transcript, "");
}

TEST(Reading, ATranscriptThatIsDamagedIsNamedAndTheChecksAreThere) {
  const Sample sample;
  const auto results = reports::results_json(sample.run(), sample.book());
  const auto lines = transcript_of(sample.run());
  const auto first = lines.substr(0, lines.find('\n') + 1);
  auto odd = nlohmann::json::parse(first);
  odd["response"]["status"] = 1000;
  for (const auto& [line, why] : {std::pair<std::string, const char*>{"no json", "line 2: it is no JSON"},
                                  {"{}", "line 2: `check` is missing"},
                                  {odd.dump(), "line 2: `status` is more than 999"}}) {
    const auto read = reports::read_run(results, first + line + '\n' + lines);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->no_transcript, why);
    EXPECT_EQ(read->run.checks.size(), sample.run().checks.size());
    for (const auto& check : read->run.checks) EXPECT_TRUE(check.raw.exchanges.empty());
  }
}

TEST(Reading, WhatAFileLeftOutIsNotForgotten) {
  const Sample sample;
  auto run = sample.copy();
  run.checks[1].raw.failures.resize(250, run.checks[1].raw.failures.back());
  const auto read = reports::read_run(reports::results_json(run, sample.book()), transcript_of(run));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->run.checks[1].raw.failures_omitted, 150U);
  const reports::Book book{read->catalogue, read->ledger};
  EXPECT_EQ(reports::results_json(read->run, book), reports::results_json(run, sample.book()));
}

TEST(Reading, TablesAreWhatTheyWere) {
  const auto matrix = reports::read_matrix(reports::matrix_json(sample_matrix()));
  ASSERT_TRUE(matrix) << matrix.error();
  EXPECT_EQ(reports::matrix_json(*matrix), reports::matrix_json(sample_matrix()));
  const auto rubric = reports::read_rubric(reports::rubric_json(small_rubric()), {});
  ASSERT_TRUE(rubric) << rubric.error();
  EXPECT_EQ(reports::rubric_json(*rubric), reports::rubric_json(small_rubric()));
}

TEST(Reading, WhatIsNoFileOfOursIsALine) {
  const auto deep = std::string(100'000, '[');
  for (const auto& text : {std::string(), std::string("[]"), std::string("{}"), std::string("\"x\""), deep,
                           std::string(R"({"schema":"referee.results/1","run":[],"checks":[{}]})"),
                           std::string(R"({"schema":"referee.results/2","run":{"spec":"1.1"},"checks":[]})"),
                           std::string(R"({"kind":"runtimes","cells":[{"row":1}]})"),
                           std::string(R"([{"story":"F.2"}])"), std::string(R"({"schema":"referee.load/2"})")}) {
    const auto run = reports::read_run(text, deep + "\n{}\n");
    ASSERT_FALSE(run) << text.substr(0, 80);
    EXPECT_EQ(run.error().find('\n'), std::string::npos);
    EXPECT_FALSE(reports::read_matrix(text)) << text.substr(0, 80);
    // A rubric without cells is one.
    EXPECT_EQ(reports::read_rubric(text, {}).has_value(), text == "[]") << text.substr(0, 80);
    EXPECT_FALSE(reports::read_load(text)) << text.substr(0, 80);
  }
  EXPECT_THAT(reports::read_run("[]", "").error(), HasSubstr("no results.json"));
}

/// Few cells may make a large table.
TEST(Reading, TablesOfStrangersAreBounded) {
  auto rubric = small_rubric();
  auto matrix = sample_matrix();
  for (int number = 0; number < 98; ++number) {
    matrix.rows.push_back({std::to_string(number), "", {}, ""});
    matrix.columns.push_back({std::to_string(number), "", "", "", "", "", {}, {}, 0});
  }
  EXPECT_THAT(reports::read_matrix(reports::matrix_json(matrix)).error(), HasSubstr("too large"));
  matrix.rows.resize(90);
  EXPECT_TRUE(reports::read_matrix(reports::matrix_json(matrix)));
  const auto cell = rubric.cells.front();
  rubric.cells.clear();
  for (int number = 0; number < 101; ++number) {
    rubric.cells.push_back(cell);
    rubric.cells.back().story = rubric.cells.back().variant = std::to_string(number);
  }
  EXPECT_THAT(reports::read_rubric(reports::rubric_json(rubric), {}).error(), HasSubstr("too large"));
  rubric.cells.pop_back();
  EXPECT_TRUE(reports::read_rubric(reports::rubric_json(rubric), {}));
}

/// The page, comparisons and tables read alike.
TEST(Reading, WhatOneRefusesTheOtherRefuses) {
  const Sample sample;
  for (const auto& good : {reports::results_json(sample.run(), sample.book()), reports::matrix_json(sample_matrix()),
                           reports::rubric_json(small_rubric())}) {
    const auto flat = nlohmann::json::parse(good).flatten();
    for (const auto& [path, value] : flat.items()) {
      auto bad = nlohmann::json::parse(good);
      bad[nlohmann::json::json_pointer(path)] = -1;
      const auto text = bad.dump();
      const auto strict = reports::read_run_file(text);
      const auto page = good.starts_with('[')  ? reports::read_rubric(text, {}).has_value()
                        : bad.contains("kind") ? reports::read_matrix(text).has_value()
                                               : reports::read_run(text, "").has_value();
      EXPECT_EQ(strict && *strict, page) << path;
    }
  }
}

/// Every value of a good file replaced by one of another type, one at a time: a line or a page, never an end.
TEST(Reading, NoFieldCanBreakIt) {
  const Sample sample;
  const auto good = nlohmann::json::parse(reports::results_json(sample.run(), sample.book()));
  const auto flat = good.flatten();
  std::size_t tried = 0;
  for (const auto& [path, value] : flat.items()) {
    for (const auto& odd : {nlohmann::json(-1.5e300), nlohmann::json::array(), nlohmann::json()}) {
      auto bad = good;
      bad[nlohmann::json::json_pointer(path)] = odd;
      const auto read = reports::read_run(bad.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), "");
      if (++tried % 40 == 0 && read) {
        EXPECT_THAT(reports::html_report(read->run, {read->catalogue, read->ledger}), HasSubstr("</html>"));
      }
    }
  }
  EXPECT_GT(tried, 300U);
}

TEST(Reading, ALoadBecomesAChart) {
  const std::string text = R"({"schema":"referee.load/1","target":"t","tool_version":"1","seconds":3,
    "plan":{"rate":100,"connections":8},"parts":[{"started":5,"seed":"7","host":"2 x cpu"}],
    "operations":[{"kind":"pull","planned":10,"right":9,"errors":{"body":1},"planned_rate":5,"achieved_rate":4,
      "corrected":{"p50_ms":1,"p90_ms":2,"p95_ms":2.5,"p99_ms":3,"p99.9_ms":4,"max_ms":9}}],
    "all":{"planned":10,"right":9,"errors":{"body":1},"planned_rate":5,"achieved_rate":4,
      "corrected":{"p50_ms":1,"p90_ms":2,"p95_ms":2.5,"p99_ms":3,"p99.9_ms":4,"max_ms":9}},
    "client":{"limits":["it was slow"]},
    "knee":{"rate":80,"beyond":90,"steps":[{"rate":80,"achieved":80,"p99_ms":2,"errors":0,"held":true,"why":""}]}})";
  auto odd = nlohmann::json::parse(text);
  odd["operations"][0]["corrected"]["p99_ms"] = -3;
  EXPECT_THAT(reports::read_load(odd.dump()).error(), HasSubstr("operation 1: `p99_ms` is below zero"));
  const auto read = reports::read_load(text);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->charts.size(), 2U);
  EXPECT_EQ(read->tables[0].rows[0][3], "1");
  EXPECT_THAT(read->findings, testing::ElementsAre("The client was the limit: it was slow",
                                                   "The highest rate that was held is 80 operations a second"));
  reports::Report report;
  report.results = std::span(&*read, 1);
  const auto page = reports::report_html(report);
  EXPECT_THAT(page, HasSubstr("How long the slowest take"));
  EXPECT_THAT(page, HasSubstr("in a results folder: load.json with every number."));
  EXPECT_THAT(page, Not(HasSubstr("junit.xml for programs")));
  EXPECT_THAT(page, Not(HasSubstr("A proposal has one colour")));
  EXPECT_THAT(page, Not(HasSubstr("no or unknown"))) << "nobody looked";
}

TEST(Reading, ALoadHasTheMachineThatMadeIt) {
  auto sample = sample_report(1);
  sample.parts.front().machine = {"some cpu", "", "yes", "6.1", 2, 1.91};
  const auto json = load::report_json(sample);
  const auto whole = load::read_report(json);
  ASSERT_TRUE(whole) << whole.error();
  EXPECT_EQ(load::report_json(*whole), json) << "what is merged keeps it";
  const auto read = reports::read_load(json);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->host.cpu, "some cpu");
  const auto page = reports::bench_html(std::span(&*read, 1));
  for (const auto* words : {">1.91<", ">yes<", ">unknown<", "some cpu, 2 CPUs, kernel 6.1"}) {
    EXPECT_THAT(page, HasSubstr(words));
  }
  auto odd = nlohmann::json::parse(json);
  odd["parts"][0]["machine"]["cpus"] = -1;
  EXPECT_FALSE(load::read_report(odd.dump()));
  EXPECT_FALSE(reports::read_load(odd.dump()));
}

}  // namespace
}  // namespace referee::selftest
