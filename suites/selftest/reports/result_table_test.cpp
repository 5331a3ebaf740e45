// Results side by side: cells, names, and what all pass and yet do differently.
#include "referee/reports/result_table.hpp"

#include <gmock/gmock.h>

#include "matrix_sample.hpp"
#include "referee/reports/matrix.hpp"
#include "run_sample.hpp"
#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

using conformance::Verdict;
using reports::NamedRun;
using reports::table_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<NamedRun> three() {
  const auto run = [](const std::string& mount, Verdict order, const std::string& ranges, Verdict referrers) {
    return filed_run({filed("s/mount/fallback", Verdict::kPass, {{"a mount that is not possible", mount}}),
                      filed("s/tags/order", order),
                      filed("s/api/ranges", Verdict::kObserved, {{"Accept-Ranges", ranges}}),
                      filed("s/referrers/empty", referrers, {{"varies: n", mount}})});
  };
  return {{"one", run("202", Verdict::kPass, "bytes", Verdict::kUnsupported)},
          {"two", run("202", Verdict::kFail, "absent", Verdict::kPass)},
          {"three", run("404", Verdict::kPass, "bytes", Verdict::kPass)}};
}

TEST(ResultTables, CallOutWhatAllPassAndYetDoDifferently) {
  const auto table = table_of(three());
  ASSERT_TRUE(table) << table.error();
  ASSERT_EQ(table->divergences.size(), 2);
  const auto& first = table->divergences.front();
  EXPECT_TRUE(first.passed);
  EXPECT_EQ(first.check, "s/mount/fallback");
  EXPECT_EQ(first.values.front().first, "202") << "what most do stands first";
  EXPECT_THAT(first.values.front().second, ElementsAre("one", "two"));
  EXPECT_THAT(first.values.back().second, ElementsAre("three"));
  EXPECT_FALSE(table->divergences.back().passed);
  EXPECT_EQ(table->divergences.back().key, "Accept-Ranges");
  ASSERT_EQ(table->rows.size(), 4);
  EXPECT_TRUE(table->rows[0].differs);
  EXPECT_FALSE(table->rows[1].differs) << "where somebody fails the text was clear enough";
  EXPECT_TRUE(table->rows[3].quiet);
  EXPECT_EQ(table->rows[2].cells[1].word, "absent") << "what was observed stands in the cell";
}

TEST(ResultTables, SayThatTheyCountRequirements) {
  const std::vector tables{*table_of(three())};
  EXPECT_THAT(reports::result_tables_markdown(tables), HasSubstr("registries\n\nCounted in requirements; `referee"));
  EXPECT_THAT(reports::result_tables_html(tables), HasSubstr("<p>Counted in requirements; <code>referee check</code>"));
}

TEST(ResultTables, WhoDoesNotSupportItIsNamed) {
  auto runs = three();
  runs[1].run.checks[3].observations = {{"k", "1"}};
  runs[2].run.checks[3].observations = {{"k", "2"}};
  const auto table = table_of(runs);
  ASSERT_EQ(table->divergences.size(), 3);
  EXPECT_THAT(table->divergences[1].without, ElementsAre("one"));
}

TEST(ResultTables, ACellIsTheWorstOfItsChecks) {
  auto passes = filed("s/a/one", Verdict::kPass);
  auto fails = filed("s/a/two", Verdict::kFail);
  auto beside = filed("s/a/three", Verdict::kPass);
  fails.requirements = passes.requirements;
  beside.requirements.push_back({"req.other", {}, "", "", ""});
  const auto table = table_of({{"x", filed_run({passes, fails, beside})}});
  ASSERT_EQ(table->rows.size(), 2);
  EXPECT_EQ(table->rows[0].cells[0].verdict, Verdict::kFail);
  EXPECT_EQ(table->rows[0].cells[0].word, "fail 1 of 2");
  EXPECT_EQ(table->together, 1) << "a requirement that is tested only together with another has no row";
}

TEST(ResultTables, ColumnsHaveNamesOfTheirOwn) {
  auto runs = three();
  for (auto& run : runs) run.name = "same";
  const auto table = table_of(runs);
  EXPECT_EQ(table->columns[0].name, "same");
  EXPECT_EQ(table->columns[1].name, "same (2)");
  EXPECT_EQ(table->columns[2].name, "same (3)");
  runs[1].name = "same (2)";
  EXPECT_EQ(table_of(runs)->columns[2].name, "same (3)");
  EXPECT_THAT(table_of(std::vector<NamedRun>(21, runs[0])).error(), HasSubstr("more than the 20"));
  EXPECT_FALSE(table_of({}));
}

TEST(ResultTables, SayWhatKeepsColumnsApart) {
  auto runs = three();
  EXPECT_TRUE(table_of(runs)->limits.empty());
  runs[0].run.info.seed = 7;
  runs[1].run.info.tool_version = "9";
  runs[2].run.info.complete = false;
  EXPECT_THAT(table_of(runs)->limits, ElementsAre("Versions of Referee differ: 1.2.3, 9", "Seeds differ: 1, 7",
                                                  "The run of three is not complete"));
}

TEST(ResultTables, JoinMatricesOfRuntimes) {
  const auto read = reports::read_run_file(reports::matrix_json(sample_matrix()));
  ASSERT_TRUE(read && *read);
  const auto table = table_of({{"monday", **read}, {"tuesday", **read}});
  ASSERT_TRUE(table) << table.error();
  EXPECT_EQ(table->columns.size(), 6);
  EXPECT_EQ(table->columns[3].name, "podman (2)");
  EXPECT_EQ(table->rows.size(), 4);
  EXPECT_EQ(table->rows[1].cells[0].word, "wrong: second");
}

TEST(ResultTables, AreMarkdownJsonAndAPage) {
  const auto table = table_of(three());
  expect_golden("result-tables.md", reports::result_tables_markdown({*table}));
  expect_golden("result-tables.json", reports::result_tables_json({*table}));
  const auto page = reports::result_tables_html({*table});
  EXPECT_THAT(page, HasSubstr("<h3>All pass, yet they differ</h3>"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'; style-src 'sha256-"));
  EXPECT_THAT(page, HasSubstr("href=\"https://example.org/spec.md#s/mount/fallback\""));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

TEST(ResultTables, ShowHostileTextAsText) {
  auto runs = three();
  for (auto& [name, run] : runs) {
    name = kHostile;
    run.info.target = run.info.tool_version = kHostile;
    for (auto& check : run.checks) {
      check.title = check.reason = check.word = kHostile;
      check.requirements.front().id = check.requirements.front().text = check.requirements.front().section = kHostile;
      check.requirements.front().link = "https://example.org/" + kHostile;
      for (auto& observation : check.observations) observation.key += kHostile;
    }
  }
  const auto table = table_of(runs);
  ASSERT_TRUE(table);
  const auto page = reports::result_tables_html({*table});
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  const auto text = reports::result_tables_markdown({*table});
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_FALSE(reports::result_tables_json({*table}).empty());
}

}  // namespace
}  // namespace referee::selftest
