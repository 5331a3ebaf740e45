#include "referee/conformance/verdict.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace referee::conformance {
namespace {

struct Row {
  std::optional<Level> level;
  Verdict held;
  Verdict broken;
  Verdict inconclusive;
};

TEST(Verdict, FollowsTheTableOfTheAlgebra) {
  const std::vector<Row> table{
      {Level::kMust, Verdict::kPass, Verdict::kFail, Verdict::kInconclusive},
      {Level::kImpl, Verdict::kPass, Verdict::kFail, Verdict::kInconclusive},
      {Level::kShould, Verdict::kPass, Verdict::kWarn, Verdict::kInconclusive},
      {Level::kMay, Verdict::kObserved, Verdict::kObserved, Verdict::kInconclusive},
      {Level::kInfo, Verdict::kObserved, Verdict::kObserved, Verdict::kInconclusive},
      {Level::kClaim, Verdict::kObserved, Verdict::kObserved, Verdict::kInconclusive},
      {std::nullopt, Verdict::kObserved, Verdict::kObserved, Verdict::kObserved},
  };
  for (const auto& row : table) {
    EXPECT_EQ(judge(Outcome::kHeld, row.level), row.held);
    EXPECT_EQ(judge(Outcome::kBroken, row.level), row.broken);
    EXPECT_EQ(judge(Outcome::kInconclusive, row.level), row.inconclusive);
    EXPECT_EQ(judge(Outcome::kError, row.level), Verdict::kError);
  }
}

TEST(Verdict, AFailureAlwaysWins) {
  for (int value = 0; value <= static_cast<int>(Verdict::kFail); ++value) {
    EXPECT_EQ(worse(static_cast<Verdict>(value), Verdict::kFail), Verdict::kFail);
    EXPECT_EQ(worse(Verdict::kFail, static_cast<Verdict>(value)), Verdict::kFail);
  }
  EXPECT_TRUE(worse_outcome(Outcome::kError, Outcome::kBroken));
  EXPECT_TRUE(worse_outcome(Outcome::kInconclusive, Outcome::kError));
  EXPECT_TRUE(worse_outcome(Outcome::kHeld, Outcome::kInconclusive));
  EXPECT_FALSE(worse_outcome(Outcome::kBroken, Outcome::kError));
  EXPECT_FALSE(worse_outcome(Outcome::kHeld, Outcome::kHeld));
}

TEST(Verdict, NamesReadBack) {
  for (int value = 0; value <= static_cast<int>(Verdict::kFail); ++value) {
    const auto verdict = static_cast<Verdict>(value);
    EXPECT_EQ(parse_verdict(name(verdict)), verdict);
  }
  EXPECT_EQ(parse_verdict("PASS"), std::nullopt);
}

TEST(Level, NegatedLevelsCountAsTheirOwn) {
  EXPECT_EQ(parse_level("MUST NOT"), Level::kMust);
  EXPECT_EQ(parse_level("SHOULD NOT"), Level::kShould);
  EXPECT_EQ(parse_level("must"), std::nullopt);
  EXPECT_EQ(name(Level::kMust), "MUST");
}

TEST(Spec, NamesReadBack) {
  for (const auto spec : {Spec::kV1_0, Spec::kV1_1, Spec::kMain}) EXPECT_EQ(parse_spec(name(spec)), spec);
  EXPECT_EQ(parse_spec("1.1.1"), std::nullopt);
}

}  // namespace
}  // namespace referee::conformance
