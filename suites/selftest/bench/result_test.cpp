#include "referee/bench/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "referee/bench/samples.hpp"

namespace referee::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

Result sample() {
  Result result;
  result.scenario = "race";
  result.about = "Who loses what.";
  result.seed = 18446744073709551615U;
  result.tables = {{"Lost", {"variant", "lost", "why"}, {{"A", "0", "-"}, {"E/tag", "31", "they write one document"}}}};
  result.findings = {"31 of 32 were lost."};
  result.charts = {{"Lost", "writers", "lost", true, true, {{"A", {{2, 0}, {32, 0}}, ""}}, ""}};
  result.samples = {{"race/A", "s", false, {0.5, std::numeric_limits<double>::infinity()}},
                    {"race/A/lost", "1", false, {0}}};
  return result;
}

TEST(BenchmarkResults, AreTablesAndSentencesOnATerminal) {
  auto result = sample();
  EXPECT_EQ(
      result_text(result),
      "race: Who loses what.\n\nLost\nvariant  lost  why\nA           0  -\nE/tag      31  they write one document\n"
      "\n31 of 32 were lost.\n");
  result.incomplete = "interrupted";
  EXPECT_THAT(result_text(result), testing::EndsWith("\nincomplete: interrupted\n"));
}

TEST(BenchmarkResults, KeepEveryNumberAsJson) {
  const auto json = nlohmann::json::parse(result_json(sample()));
  EXPECT_EQ(json["schema"], "referee.benchmark/1");
  EXPECT_EQ(json["seed"], "18446744073709551615");
  EXPECT_EQ(json["charts"][0]["series"][0]["points"][1][0], 32);
  EXPECT_EQ(json["charts"][0]["x"]["log"], true);
  EXPECT_EQ(json["samples"][0]["values"][1], 0) << "JSON has no infinity";
  EXPECT_EQ(json["tables"][0]["rows"][1][1], "31");
}

TEST(BenchmarkResults, CanBeCompared) {
  const auto file = read_samples(result_json(sample()));
  ASSERT_TRUE(file) << file.error();
  ASSERT_THAT(file->samples, SizeIs(1)) << "what is no time is not compared";
  EXPECT_EQ(file->samples[0].name, "race/A");
  EXPECT_THAT(file->samples[0].seconds, ElementsAre(0.5, 0));
}

}  // namespace
}  // namespace referee::bench
