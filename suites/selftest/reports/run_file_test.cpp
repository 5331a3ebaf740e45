// results.json, rubric.json and matrix.json read back, also those that nobody should have written.
#include "referee/reports/run_file.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "matrix_sample.hpp"
#include "referee/oci/limits.hpp"
#include "referee/reports/matrix.hpp"
#include "sample.hpp"

namespace referee::selftest {
namespace {

using conformance::Verdict;
using reports::read_run_file;
using reports::RunKind;
using testing::HasSubstr;

std::string sample_results() {
  const Sample sample;
  return reports::results_json(sample.run(), sample.book());
}

/// The sample with something changed.
std::string changed(const std::string& pointer, const nlohmann::json& value) {
  auto document = nlohmann::json::parse(sample_results());
  document[nlohmann::json::json_pointer(pointer)] = value;
  return document.dump();
}

TEST(RunFiles, SayWhatTheRunSaid) {
  const Sample sample;
  const auto read = read_run_file(sample_results());
  ASSERT_TRUE(read) << read.error();
  ASSERT_TRUE(*read);
  const auto& file = **read;
  const auto& run = sample.run();
  EXPECT_EQ(file.kind, RunKind::kChecks);
  EXPECT_EQ(file.info.tool_version, kSampleVersion);
  EXPECT_EQ(file.info.seed, run.info.seed);
  EXPECT_EQ(file.info.complete, run.info.complete);
  EXPECT_NEAR(file.info.started, run.info.started, 0.001);
  ASSERT_EQ(file.checks.size(), run.checks.size());
  for (std::size_t at = 0; at < run.checks.size(); ++at) {
    const auto& check = file.checks[at];
    EXPECT_EQ(check.id, run.checks[at].raw.id);
    EXPECT_EQ(check.verdict, run.checks[at].verdict);
    EXPECT_EQ(check.level, run.checks[at].level);
    EXPECT_EQ(check.failures.size(), run.checks[at].raw.failures.size());
    EXPECT_EQ(file.find(check.id), &check);
  }
  const auto* failing = file.find("oci-1.1/referrers/empty-list");
  ASSERT_NE(failing, nullptr);
  EXPECT_THAT(failing->failures.front().curl, HasSubstr("curl"));
  EXPECT_EQ(failing->requirements.front().id, "sample.referrers.empty");
  EXPECT_EQ(file.find("nonsense"), nullptr);
}

TEST(RunFiles, TakeMatrices) {
  const auto read = read_run_file(reports::matrix_json(sample_matrix()));
  ASSERT_TRUE(read && *read);
  const auto& file = **read;
  EXPECT_EQ(file.kind, RunKind::kRuntimes);
  EXPECT_EQ(file.columns.size(), 3);
  EXPECT_EQ(file.columns[1].version, "20.10.24") << "a daemon's version is what decides";
  EXPECT_THAT(file.columns[2].absent, HasSubstr("not installed"));
  const auto* cell = file.find("two-matching podman");
  ASSERT_NE(cell, nullptr);
  EXPECT_EQ(cell->word, "wrong: second");
  EXPECT_EQ(cell->verdict, Verdict::kFail);
  EXPECT_EQ(file.find("nested-1 docker")->word, "timeout");
}

TEST(RunFiles, TakeRubrics) {
  const std::string text = R"([
    {"story":"F.2","variant":"E/api","claimed_first":"Y","claimed_last":"Y","measured":"N","work":"client","why":"because",
     "numbers":{"requests":"3"},"registry":"embedded:e","evidence":"report.html#stories/f.2/e-api"},
    {"story":"F.2","variant":"E/tag","claimed_first":"","claimed_last":"","measured":"unsupported","work":"","why":"",
     "numbers":{},"registry":"embedded:oci-1.0","evidence":"report.html#stories/f.2/e-tag"}])";
  const auto read = read_run_file(text);
  ASSERT_TRUE(read && *read) << (read ? "" : read.error());
  const auto& file = **read;
  EXPECT_EQ(file.kind, RunKind::kRubric);
  EXPECT_EQ(file.find("F.2 E/api")->verdict, Verdict::kFail);
  EXPECT_EQ(file.find("F.2 E/api")->word, "N");
  EXPECT_EQ(file.find("F.2 E/tag")->verdict, Verdict::kUnsupported);
  EXPECT_EQ(file.info.target, "embedded:all") << "two registries are those of every variant";
}

TEST(RunFiles, OfOtherKindsAreNone) {
  for (const char* text : {"{}", "[]", "3", R"({"benchmarks":[]})"}) {
    const auto read = read_run_file(text);
    ASSERT_TRUE(read) << text;
    EXPECT_FALSE(*read) << text;
  }
}

TEST(RunFiles, ThatAreWrongAreALineThatSaysWhere) {
  const std::pair<std::string, const char*> wrong[] = {
      {"", "no JSON"},
      {"{", "no JSON"},
      {changed("/schema", "referee.results/2"), "referee.results/2, which this version of Referee does not read"},
      {std::string(100'000, '['), "nested too deeply"},
      {changed("/run", 3), "`run` is no object"},
      {changed("/run/seed", "-1"), "`seed` is no number"},
      {changed("/run/jobs", 1001), "`jobs` is more than 1000"},
      {changed("/run/timing/seconds", -1.5), "`seconds` is below zero"},
      {changed("/run/timing/started", "yesterday"), "`started` is no time"},
      {changed("/run/capabilities/tag-list", true), "`present` is missing"},
      {changed("/checks/0/requests", -1), "check 1: `requests` is no count"},
      {changed("/checks/1/failures/0/exchange", 7), "check 2: `exchange` is no object"},
      {changed("/run/spec", "9.9"), "`spec` is no version"},
      {changed("/run/complete", "yes"), "`complete` is neither"},
      {changed("/checks", 3), "`checks` is no list"},
      {changed("/checks/0", 3), "check 1: `id` is missing"},
      {changed("/checks/1/verdict", "splendid"), "check 2: `verdict` is none that there is"},
      {changed("/checks/1/level", "EVERY"), "check 2: `level` is none"},
      {changed("/checks/0/failures", nlohmann::json::array({1})), "check 1: `what` is missing"},
      {changed("/checks/0/observations", {{"a", 1}}), "`observations` holds what is no text"},
      {changed("/checks/1/id", nlohmann::json::parse(sample_results())["checks"][0]["id"]), "is in it twice"},
      {std::string(R"({"schema":"referee.results/1",)") + sample_results().substr(1), "one name twice"},
      {sample_results() + '\0', "no JSON"},
      {R"([{"story":"F.2","variant":"E/api","measured":"Q"}])", "cell 1: `measured` is none of Y, P, N, unsupported"},
      {R"({"kind":"others","cells":[],"rows":[],"columns":[]})", "`kind` is neither"},
  };
  for (const auto& [text, why] : wrong) {
    const auto read = read_run_file(text);
    ASSERT_FALSE(read) << why;
    EXPECT_THAT(read.error(), HasSubstr(why));
    EXPECT_EQ(read.error().find('\n'), std::string::npos);
  }
}

TEST(RunFiles, AreBounded) {
  auto document = nlohmann::json::parse(sample_results());
  for (std::size_t at = 0; at <= reports::kMostFiledChecks; ++at) document["checks"].push_back(nullptr);
  EXPECT_THAT(read_run_file(document.dump()).error(), HasSubstr("has more than"));
  EXPECT_THAT(read_run_file(std::string(oci::kLargestResult + 1, ' ')).error(), HasSubstr("is larger than"));
  const auto read = read_run_file(changed("/checks/0/title", std::string(100'000, 'x')));
  ASSERT_TRUE(read && *read);
  EXPECT_LT((*read)->checks.front().title.size(), 5'000);
}

TEST(RunFiles, LinkToNothingButTheWeb) {
  auto document = nlohmann::json::parse(sample_results());
  for (auto& check : document["checks"]) {
    for (auto& requirement : check["requirements"]) requirement["link"] = "javascript:alert(1)";
  }
  const auto read = read_run_file(document.dump());
  ASSERT_TRUE(read && *read);
  for (const auto& check : (*read)->checks) {
    for (const auto& requirement : check.requirements) EXPECT_EQ(requirement.link, "");
  }
}

}  // namespace
}  // namespace referee::selftest
