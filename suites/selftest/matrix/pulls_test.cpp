// What a run writes down of its pulls: judged again, it gives the same matrix, and nothing else passes for it.
#include <gmock/gmock.h>

#include <algorithm>

#include "matrix/pulls_file.hpp"
#include "models.hpp"
#include "referee/reports/matrix.hpp"

namespace referee::suites::matrix {
namespace {

using conformance::Ledger;
using conformance::Standing;
using testing::HasSubstr;

struct Run {
  conformance::Matrix matrix;
  Pulls pulls;
};

/// A sound one, one with a defect, and one that is not there, on a few contents.
const Run& run() {
  static const Run kRun = [] {
    auto missing = model("sound");
    missing.name = "missing";
    missing.programs["gone"] = {"/nonexistent"};
    MatrixOptions options;
    options.runtimes = {model("sound"), model("t.pick-last"), missing};
    options.contents = {"image", "two-matching", "nested-last", "foreign-only"};
    std::vector<PullRecord> records;
    options.recorded = [&](const PullRecord& record) { records.push_back(record); };
    auto matrix = run_matrix(options, Ledger::builtin());
    EXPECT_TRUE(matrix) << matrix.error();
    matrix->tool_version = "1.2.3";
    auto pulls = pulls_of(*matrix, options, records, "abc", Ledger::builtin());
    return Run{std::move(*matrix), std::move(pulls)};
  }();
  return kRun;
}

std::string refusal(const std::string& text) {
  const auto read = read_pulls(text);
  return read ? "" : read.error();
}

PullRecord& pull_of(Pulls& pulls, const std::string& runtime, const std::string& content) {
  return *std::ranges::find_if(
      pulls.records, [&](const auto& record) { return record.runtime == runtime && record.content == content; });
}

TEST(PullsFile, GivesTheSameMatrix) {
  const auto text = pulls_text(run().pulls);
  const auto read = read_pulls(text);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(pulls_text(*read), text);
  const auto judged = judge_pulls(*read, Ledger::builtin());
  ASSERT_TRUE(judged) << judged.error();
  EXPECT_EQ(reports::matrix_json(*judged), reports::matrix_json(run().matrix));
  EXPECT_EQ(judged->find("two-matching", "t.pick-last")->standing, Standing::kWrong);
  EXPECT_EQ(judged->find("image", "missing")->standing, Standing::kNotTried);
}

TEST(PullsFile, NamesWhatWasLeftOut) {
  const auto missing = left_out(run().pulls);
  EXPECT_GT(missing.size(), 50U);
  EXPECT_EQ(std::ranges::count(missing, "image"), 0);
  EXPECT_EQ(std::ranges::count(missing, "nested-2"), 1);
}

TEST(PullsFile, NoOtherByteIsTaken) {
  const auto text = pulls_text(run().pulls);
  for (std::size_t at = 0; at < text.size(); at += 1 + at % 97) {
    auto changed = text;
    changed[at] = changed[at] == '0' ? '1' : '0';
    EXPECT_NE(refusal(changed), "") << at;
    EXPECT_NE(refusal(text.substr(0, at)), "") << at;
  }
  EXPECT_THAT(refusal(""), HasSubstr("changed"));
  EXPECT_THAT(refusal("{}\n"), HasSubstr("line 1 of pulls.jsonl"));
  EXPECT_THAT(refusal(text + "\n"), HasSubstr("pulls.jsonl"));
  EXPECT_THAT(refusal(text + text), HasSubstr("pulls.jsonl"));
  const std::string deep(100'000, '[');
  EXPECT_THAT(refusal(deep + "\n"), HasSubstr("line 1"));
}

TEST(PullsFile, EveryRuntimeHasEveryContentOnce) {
  auto pulls = run().pulls;
  pulls.records.pop_back();
  EXPECT_THAT(refusal(pulls_text(pulls)), HasSubstr("is not the one that belongs there"));
  pulls = run().pulls;
  pulls.records.push_back(pulls.records.back());
  EXPECT_THAT(refusal(pulls_text(pulls)), HasSubstr("more pulls than"));
  pulls = run().pulls;
  std::swap(pulls.records[0], pulls.records[1]);
  EXPECT_THAT(refusal(pulls_text(pulls)), HasSubstr("pull 1 is not the one"));
  pulls = run().pulls;
  pulls.runtimes[0].role = "client";
  EXPECT_THAT(refusal(pulls_text(pulls)), HasSubstr("neither a runtime nor a copier"));
}

TEST(PullsFile, AnotherPullIsAnotherVerdict) {
  auto pulls = run().pulls;
  std::swap(pull_of(pulls, "sound", "two-matching").pull, pull_of(pulls, "t.pick-last", "two-matching").pull);
  const auto judged = judge_pulls(read_pulls(pulls_text(pulls)).value(), Ledger::builtin());
  ASSERT_TRUE(judged);
  EXPECT_EQ(judged->find("two-matching", "sound")->standing, Standing::kWrong);
  EXPECT_EQ(judged->find("two-matching", "t.pick-last")->standing, Standing::kRight);
}

TEST(PullsFile, IsJudgedByItsOwnContentsOnly) {
  auto pulls = run().pulls;
  pulls.contents = "sha256:" + std::string(64, '0');
  const auto other = judge_pulls(pulls, Ledger::builtin());
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error(), HasSubstr("other contents"));
  pulls = run().pulls;
  pulls.seed += 1;
  EXPECT_FALSE(judge_pulls(pulls, Ledger::builtin())) << "another seed has other bytes";
  pulls = run().pulls;
  pulls.rows[0] = "no-such-content";
  for (auto& record : pulls.records) {
    if (record.content == "image") record.content = "no-such-content";
  }
  pulls.contents = contents_digest(pulls.seed, {"amd64", "linux", "", ""}, pulls.rows, Ledger::builtin());
  const auto unknown = judge_pulls(pulls, Ledger::builtin());
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error(), HasSubstr("that there is not"));
}

TEST(PullsFile, BytesThatAreNoTextAreWrittenAsText) {
  runtimes::PullResult result;
  result.pull.exit_code = 1;
  result.pull.err = "Error: \xff\xfe /tmp/x/y at 127.0.0.1:5000\n";
  const auto pull = seen(result, {}, "/tmp/x", "127.0.0.1:5000");
  EXPECT_THAT(pull.words, HasSubstr("DIR/y at REGISTRY"));
  auto pulls = run().pulls;
  pulls.records.front().pull = pull;
  const auto read = read_pulls(pulls_text(pulls));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->records.front().pull->words, pull.words);
}

}  // namespace
}  // namespace referee::suites::matrix
