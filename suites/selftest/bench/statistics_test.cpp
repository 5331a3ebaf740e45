// Tests and intervals against values that R gives, and against simulations in which the truth is known.
#include "referee/bench/statistics.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

namespace referee::bench {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using Samples = std::vector<double>;

/// Times around `middle` whose logarithm is normal with this spread.
Samples times(std::mt19937_64& random, std::size_t count, double middle, double spread = 0.03) {
  // By hand, since the distributions of the standard library differ between implementations.
  const auto uniform = [&] { return (static_cast<double>(random() >> 11U) + 0.5) / 9007199254740992.0; };
  Samples made;
  while (made.size() < count) {
    const double normal = std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform());
    made.push_back(middle * std::exp(spread * normal));
  }
  return made;
}

TEST(Statistics, QuantilesLieBetweenNeighbours) {
  EXPECT_EQ(quantile(Samples{4, 1, 3, 2}, 0.25), 1.75);
  EXPECT_EQ(median(Samples{4, 1, 3, 2}), 2.5);
  EXPECT_EQ(median(Samples{5}), 5);
  EXPECT_EQ(quantile(Samples{1, 2}, 1), 2);
  EXPECT_EQ(quantile(Samples{1, 2}, 7), 2);
  EXPECT_EQ(median({}), 0);
}

// The example of R's wilcox.test: W = 35 for the first, p = 0.1272 one-sided, exact.
TEST(MannWhitneyTest, IsExactForFewSamples) {
  const Samples first{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
  const Samples second{1.15, 0.88, 0.90, 0.74, 1.21};
  const auto test = mann_whitney(first, second);
  EXPECT_EQ(test.u, 50 - 35);
  EXPECT_TRUE(test.exact);
  EXPECT_THAT(test.p, DoubleNear(2 * 0.1272, 1e-4));
  EXPECT_EQ(test.superiority, 0.3);
  EXPECT_EQ(mann_whitney(second, first).u, 35);
  EXPECT_DOUBLE_EQ(mann_whitney(second, first).p, test.p);
}

// Another one: ozone in May and in August, with ties. W = 127.5, p = 0.0001208.
TEST(MannWhitneyTest, CorrectsForTies) {
  const Samples may{41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37};
  const Samples august{39, 9,  16, 78, 35, 66, 122, 89,  110, 44, 28,  65, 22,
                       59, 23, 31, 44, 21, 9,  45,  168, 73,  76, 118, 84, 85};
  const auto test = mann_whitney(may, august);
  EXPECT_EQ(test.u, (26 * 26) - 127.5);
  EXPECT_FALSE(test.exact);
  EXPECT_THAT(test.p, DoubleNear(0.0001208, 5e-8));
}

TEST(MannWhitneyTest, TakesWhateverComes) {
  EXPECT_EQ(mann_whitney({}, Samples{1}).p, 1);
  EXPECT_EQ(mann_whitney(Samples{2, 2, 2}, Samples{2, 2}).p, 1) << "all equal";
  EXPECT_EQ(mann_whitney(Samples{2, 2, 2}, Samples{2, 2}).superiority, 0.5);
  // 2 of 20 choose 10 orders.
  const auto apart =
      mann_whitney(Samples{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, Samples{11, 12, 13, 14, 15, 16, 17, 18, 19, 20});
  EXPECT_THAT(apart.p, DoubleNear(2.0 / 184756, 1e-12));
  EXPECT_EQ(apart.superiority, 1);
}

TEST(MannWhitneyTest, IsRightAsOftenAsItSays) {
  std::mt19937_64 random(11);  // NOLINT(cert-msc51-cpp): the same each time
  int below = 0;
  int below_large = 0;
  for (int round = 0; round < 2000; ++round) {
    below += mann_whitney(times(random, 10, 1), times(random, 10, 1)).p < 0.05 ? 1 : 0;
    below_large += mann_whitney(times(random, 30, 1), times(random, 25, 1)).p < 0.05 ? 1 : 0;
  }
  // Four standard deviations of a share of 0.05 are 39 of 2000; the exact test says a little less than 0.05.
  EXPECT_THAT(below, testing::AllOf(testing::Ge(50), testing::Le(139)));
  EXPECT_THAT(below_large, testing::AllOf(testing::Ge(61), testing::Le(139)));
}

TEST(RatioTest, FindsTheFactor) {
  const Samples first{1.0, 1.1, 1.2, 0.9, 1.05};
  Samples second;
  for (const double value : first) second.push_back(value * 1.25);
  const auto found = ratio(first, second);
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->estimate, 1.25);
  EXPECT_LT(found->low, 1.25);
  EXPECT_GT(found->high, 1.25);
  const auto inverse = ratio(second, first);
  EXPECT_DOUBLE_EQ(inverse->estimate, 0.8);
  EXPECT_DOUBLE_EQ(inverse->low, 1 / found->high);
  EXPECT_FALSE(ratio(Samples{1, 2, 3}, second)) << "too few";
  EXPECT_FALSE(ratio(Samples{0, 1, 2, 3}, second)) << "zero has no ratio";
}

TEST(RatioTest, HoldsTheTruthNineteenTimesOfTwenty) {
  std::mt19937_64 random(12);  // NOLINT(cert-msc51-cpp): the same each time
  for (const std::size_t count : {std::size_t{10}, std::size_t{30}}) {
    int held = 0;
    for (int round = 0; round < 1000; ++round) {
      const auto found = ratio(times(random, count, 1, 0.2), times(random, count, 1.1, 0.2));
      ASSERT_TRUE(found);
      held += found->low <= 1.1 && found->high >= 1.1 ? 1 : 0;
    }
    // Four standard deviations below 950.
    EXPECT_GE(held, 922) << count;
    EXPECT_LE(held, 985) << count << ": wider than it has to be";
  }
}

TEST(Holm, AdjustsForTheNumberOfComparisons) {
  EXPECT_THAT(holm(Samples{0.01, 0.04, 0.03, 0.005}), ElementsAre(DoubleNear(0.03, 1e-12), DoubleNear(0.06, 1e-12),
                                                                  DoubleNear(0.06, 1e-12), DoubleNear(0.02, 1e-12)));
  EXPECT_THAT(holm(Samples{0.9, 0.8}), ElementsAre(1, 1));
  EXPECT_TRUE(holm({}).empty());
}

TEST(Judging, RaisesNoAlarmWhereThereIsNothing) {
  std::mt19937_64 random(13);  // NOLINT(cert-msc51-cpp): the same each time
  int alarms = 0;
  for (int run = 0; run < 40; ++run) {
    std::vector<Pair> pairs;
    for (int at = 0; at < 50; ++at) pairs.push_back({times(random, 12, 1), times(random, 12, 1)});
    for (const auto& one : judge(pairs)) alarms += one.difference == Difference::kNone ? 0 : 1;
  }
  EXPECT_EQ(alarms, 0);
}

TEST(Judging, FindsATwentyPercentSlowDownAndNamesItsDirection) {
  std::mt19937_64 random(14);  // NOLINT(cert-msc51-cpp): the same each time
  for (int run = 0; run < 20; ++run) {
    std::vector<Pair> pairs;
    for (int at = 0; at < 49; ++at) pairs.push_back({times(random, 12, 1), times(random, 12, 1)});
    pairs.push_back({times(random, 12, 1), times(random, 12, 1.2)});
    pairs.push_back({times(random, 12, 1.2), times(random, 12, 1)});
    pairs.push_back({times(random, 12, 1), times(random, 12, 1.07, 0.01)});
    const auto judged = judge(pairs);
    EXPECT_EQ(judged[49].difference, Difference::kLarger) << run;
    EXPECT_EQ(judged[50].difference, Difference::kSmaller) << run;
    EXPECT_THAT(judged[51].difference, testing::AnyOf(Difference::kSmall, Difference::kNone)) << run;
  }
}

TEST(Judging, SaysNothingOfTooFew) {
  const Samples nine(9, 1.0);
  Samples ten(10, 2.0);
  EXPECT_EQ(judge(std::vector<Pair>{{nine, ten}})[0].difference, Difference::kTooFew);
  ten[0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(judge(std::vector<Pair>{{ten, ten}})[0].difference, Difference::kTooFew);
  EXPECT_TRUE(judge({}).empty());
}

TEST(Judging, TellsZeroFromSomething) {
  const Samples none(12, 0.0);
  const Samples some{3, 4, 5, 3, 4, 5, 3, 4, 5, 3, 4, 5};
  EXPECT_EQ(judge(std::vector<Pair>{{none, some}})[0].difference, Difference::kLarger);
  EXPECT_EQ(judge(std::vector<Pair>{{some, none}})[0].difference, Difference::kSmaller);
  EXPECT_EQ(judge(std::vector<Pair>{{none, none}})[0].difference, Difference::kNone);
}

}  // namespace
}  // namespace referee::bench
