// The matrix of runtimes and contents, in every format, with hostile words in it.
#include "referee/reports/matrix.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "matrix_sample.hpp"
#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

using conformance::Standing;
using testing::HasSubstr;
using testing::Not;

TEST(MatrixReports, OutcomesSayWhatMustBeTheSameInTwoRuns) {
  const auto matrix = sample_matrix();
  EXPECT_EQ(matrix.find("two-matching", "podman")->outcome(), "wrong, second, exit 0");
  EXPECT_EQ(matrix.find("nested-1", "podman")->outcome(), "failed, nothing, exit 125");
  EXPECT_EQ(matrix.find("nested-1", "docker")->outcome(), "timeout");
  EXPECT_EQ(matrix.find("image", "regctl")->outcome(), "not tried");
  EXPECT_EQ(matrix.find("image", "nobody"), nullptr);
}

TEST(MatrixReports, StandingsHaveNames) {
  for (int at = 0; at <= static_cast<int>(Standing::kNotTried); ++at) {
    const auto standing = static_cast<Standing>(at);
    EXPECT_EQ(conformance::parse_standing(name(standing)), standing);
  }
  EXPECT_FALSE(conformance::parse_standing("nonsense"));
}

TEST(MatrixReports, ABaselineMarksWhatChanged) {
  auto matrix = sample_matrix();
  const auto before = reports::read_outcomes(reports::matrix_json(matrix), "runtimes");
  ASSERT_TRUE(before) << before.error();
  reports::mark_changes(matrix, *before, "old.json");
  for (const auto& cell : matrix.cells) EXPECT_EQ(cell.was, "") << cell.row;
  auto& changed = matrix.cells.front();
  changed.standing = Standing::kFailed;
  changed.selected.clear();
  matrix.cells.back().row = "image-subject";
  reports::mark_changes(matrix, *before, "old.json");
  EXPECT_EQ(changed.was, "right, image, exit 0");
  EXPECT_EQ(matrix.cells.back().was, "new");
  EXPECT_THAT(reports::matrix_text(matrix, 120), HasSubstr("2 cells differ from old.json"));
  EXPECT_THAT(reports::matrix_html(matrix, conformance::Ledger::builtin()),
              HasSubstr("<strong>2 cells differ</strong>"));
}

TEST(MatrixReports, WhatIsNoBaselineIsALine) {
  for (const char* text : {"", "[]", "{}", R"({"kind":"clients","cells":[]})", R"({"kind":"runtimes"})",
                           R"({"kind":"runtimes","cells":[1]})", R"({"kind":"runtimes","cells":[{"row":"a"}]})"}) {
    const auto read = reports::read_outcomes(text, "runtimes");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().find('\n'), std::string::npos);
  }
  EXPECT_EQ(reports::read_outcomes(reports::matrix_json(sample_matrix()), "clients").error(),
            "it is no matrix.json of `clients`");
  EXPECT_FALSE(reports::read_outcomes(std::string(100'000, '['), "runtimes"));
}

TEST(MatrixReports, TheRunHasACheckForEachCell) {
  const auto made = reports::run_of(sample_matrix());
  const reports::Book book{made.catalogue, conformance::Ledger::builtin()};
  EXPECT_EQ(made.run.checks.size(), sample_matrix().cells.size());
  EXPECT_NE(made.catalogue.find("runtimes/podman/two-matching"), nullptr);
  const auto junit = reports::junit_xml(made.run, book);
  EXPECT_THAT(junit, HasSubstr("<failure"));
  EXPECT_THAT(junit, HasSubstr("it reports success with second; expected: image"));
  EXPECT_THAT(junit, HasSubstr("<skipped"));
  EXPECT_THAT(reports::results_json(made.run, book), HasSubstr("runtimes/docker/nested-1"));
}

TEST(MatrixReports, HostileWordsAreText) {
  auto matrix = sample_matrix();
  for (auto& cell : matrix.cells) cell.words = cell.why = cell.selected = cell.create = kHostile;
  for (auto& column : matrix.columns) column.client_version = column.about = kHostile;
  const auto html = reports::matrix_html(matrix, conformance::Ledger::builtin());
  EXPECT_THAT(html, Not(HasSubstr("<script>window")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_TRUE(nlohmann::json::accept(reports::matrix_json(matrix)));
  EXPECT_THAT(reports::matrix_text(matrix, 120), Not(HasSubstr("\x1b")));
}

TEST(Golden, MatrixJson) {
  expect_golden("matrix.json", reports::matrix_json(sample_matrix()));
}

TEST(Golden, MatrixMarkdown) {
  expect_golden("matrix.md", reports::matrix_markdown(sample_matrix()));
}

TEST(Golden, MatrixText) {
  expect_golden("matrix.txt", reports::matrix_text(sample_matrix(), 120));
}

TEST(Golden, MatrixHtml) {
  auto text = reports::matrix_html(sample_matrix(), conformance::Ledger::builtin());
  expect_golden("matrix.html", without_sources(std::move(text)));
}

}  // namespace
}  // namespace referee::selftest
