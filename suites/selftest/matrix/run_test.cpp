// A whole matrix with imitations, which are real processes against a real registry: the sound one is right everywhere,
// and each defect is told from it.
#include "matrix/run.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "models.hpp"

namespace referee::suites::matrix {
namespace {

using conformance::Matrix;
using conformance::Standing;
using testing::AllOf;
using testing::Each;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

Matrix run(std::vector<runtimes::Description> runtimes, std::vector<std::string> contents) {
  MatrixOptions options;
  options.runtimes = std::move(runtimes);
  options.contents = std::move(contents);
  auto matrix = run_matrix(options, conformance::Ledger::builtin());
  EXPECT_TRUE(matrix) << matrix.error();
  return matrix ? *matrix : Matrix{};
}

TEST(MatrixRuns, TellADefectFromTheSoundOne) {
  const auto matrix =
      run({model("sound"), model("t.pick-last"), model("t.no-nested")}, {"two-matching", "nested-last"});
  EXPECT_TRUE(matrix.complete);
  ASSERT_EQ(matrix.cells.size(), 6);
  EXPECT_EQ(matrix.find("two-matching", "sound")->standing, Standing::kRight);
  EXPECT_EQ(matrix.find("nested-last", "sound")->standing, Standing::kRight);
  EXPECT_EQ(matrix.find("two-matching", "t.pick-last")->selected, "second");
  EXPECT_EQ(matrix.find("two-matching", "t.pick-last")->standing, Standing::kWrong);
  EXPECT_EQ(matrix.find("nested-last", "t.no-nested")->standing, Standing::kFailed);
  EXPECT_THAT(matrix.find("nested-last", "t.no-nested")->words, HasSubstr("nested index"));
  for (const auto& column : matrix.columns) {
    EXPECT_THAT(column.leftovers, IsEmpty()) << column.name;
    EXPECT_THAT(column.client_version, testing::Not(IsEmpty())) << column.name;
  }
  EXPECT_GT(matrix.find("two-matching", "sound")->requests, 3);
  EXPECT_GT(matrix.find("two-matching", "sound")->bytes, 500);
}

TEST(MatrixRuns, GoOnWithTheOthers) {
  auto missing = model("sound");
  missing.name = "missing";
  missing.programs["gone"] = {"/nonexistent"};
  auto broken = model("sound");
  broken.name = "broken";
  broken.daemons.push_back({"d", {{"/bin/false"}, {}}, {{"/bin/false"}, {}}, std::chrono::seconds(5)});
  const auto matrix = run({missing, broken, model("sound")}, {"image", "nested-1"});
  EXPECT_THAT(matrix.columns[0].absent, HasSubstr("not installed: gone is missing"));
  EXPECT_EQ(matrix.find("image", "missing")->standing, Standing::kNotTried);
  EXPECT_THAT(matrix.columns[1].absent, HasSubstr("d ended while it started"));
  EXPECT_EQ(matrix.find("image", "broken")->standing, Standing::kUnclear);
  EXPECT_EQ(matrix.find("nested-1", "sound")->standing, Standing::kRight);
}

TEST(MatrixRuns, StartADaemonThatEndedAnew) {
  auto fragile = model("sound");
  fragile.programs["sh"] = {"/bin/sh"};
  fragile.daemons.push_back({"d",
                             {{"${sh}", "-c", "echo $$ > ${dir}/pid; exec sleep 600"}, {}},
                             {{"${sh}", "-c", "test -s ${dir}/pid"}, {}},
                             std::chrono::seconds(5)});
  fragile.remove.push_back({{"${sh}", "-c", "kill $(cat ${dir}/pid); sleep 0.2"}, {}});
  const auto matrix = run({fragile}, {"image", "nested-1", "nested-2", "two-matching"});
  ASSERT_EQ(matrix.cells.size(), 4);
  EXPECT_EQ(matrix.cells[2].standing, Standing::kRight);
  EXPECT_EQ(matrix.cells[3].standing, Standing::kUnclear);
  EXPECT_EQ(matrix.cells[3].why, "its daemon ended again and again");
}

TEST(MatrixRuns, StartADaemonAnewAfterAPullThatWasCutOff) {
  // Its "daemon" stays busy with nested-1 for as long as its folder is there, which no pull outlasts.
  auto busy = model("sound");
  busy.programs["sh"] = {"/bin/sh"};
  busy.daemons.push_back({"d",
                          {{"${sh}", "-c", "touch ${dir}/up; exec sleep 600"}, {}},
                          {{"${sh}", "-c", "test -e ${dir}/up"}, {}},
                          std::chrono::seconds(5)});
  const std::vector<std::string> sound = busy.pull.words;
  busy.pull.words = {"${sh}", "-c",
                     "case ${reference} in *nested-1*) touch ${dir}/busy;; esac; "
                     "if test -e ${dir}/busy; then exec sleep 600; fi; exec \"$@\"",
                     "pull"};
  busy.pull.words.insert(busy.pull.words.end(), sound.begin(), sound.end());
  busy.pull.limit = std::chrono::seconds(2);
  const auto matrix = run({busy}, {"nested-1", "nested-2", "two-matching"});
  ASSERT_EQ(matrix.cells.size(), 3);
  EXPECT_THAT(matrix.find("nested-1", "sound")->why, HasSubstr("limit")) << matrix.find("nested-1", "sound")->words;
  EXPECT_NE(matrix.find("nested-1", "sound")->standing, Standing::kRight);
  EXPECT_EQ(matrix.find("nested-2", "sound")->standing, Standing::kRight);
  EXPECT_EQ(matrix.find("two-matching", "sound")->standing, Standing::kRight);
  EXPECT_THAT(matrix.columns[0].absent, IsEmpty());
}

TEST(MatrixRuns, ChooseContents) {
  MatrixOptions options;
  options.contents = {"nested-?"};
  ASSERT_TRUE(chosen_shapes(options));
  EXPECT_EQ(chosen_shapes(options)->size(), 3);
  options.contents = {"image-8mib"};
  EXPECT_EQ(chosen_shapes(options)->size(), 1) << "named exactly, it is taken without --full";
  options.contents = {"image-8mib*"};
  EXPECT_FALSE(chosen_shapes(options) && chosen_shapes(options)->size() > 1);
  options.contents = {"nonsense"};
  EXPECT_THAT(chosen_shapes(options).error(), HasSubstr("no content matches 'nonsense'"));
}

}  // namespace
}  // namespace referee::suites::matrix
