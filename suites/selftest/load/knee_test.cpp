#include "referee/load/knee.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace referee::load {
namespace {

/// A server that does so many a second, and is slow from another rate on.
Measure server(double capacity, double slow_from = 1e9) {
  return [=](double rate) {
    KneeStep step;
    step.achieved = std::min(rate, capacity);
    step.p99_ms = rate < slow_from ? 5 : 500;
    return step;
  };
}

TEST(Knees, AreFoundByWhatIsAchieved) {
  const auto knee = find_knee({}, server(3000));
  ASSERT_TRUE(knee);
  // 95 % of 3150 and a little are achieved by 3000.
  EXPECT_NEAR(knee->rate, 3100, 160);
  EXPECT_GT(knee->beyond, 3150);
  EXPECT_LE(knee->beyond - knee->rate, 0.05 * knee->rate);
  EXPECT_EQ(knee->steps[0].rate, 100);
  EXPECT_EQ(knee->steps[1].rate, 200);
  EXPECT_LT(knee->steps.size(), 14U);
  EXPECT_THAT(knee->steps[5].why, testing::StartsWith("achieved 94 %")) << "3200 were planned";
}

TEST(Knees, AreFoundByLatency) {
  const auto knee = find_knee({}, server(3000, 1000));
  ASSERT_TRUE(knee);
  EXPECT_NEAR(knee->rate, 975, 25);
  EXPECT_EQ(std::ranges::find(knee->steps, 1600, &KneeStep::rate)->why, "p99 above 100 ms");
}

TEST(Knees, MayLieBelowTheFirstRate) {
  const auto knee = find_knee({}, server(10));
  ASSERT_TRUE(knee);
  EXPECT_NEAR(knee->rate, 10, 1);
}

TEST(Knees, MayNotBeThere) {
  const auto none = find_knee({}, server(0));
  ASSERT_TRUE(none);
  EXPECT_EQ(none->rate, 0);
  EXPECT_LT(none->steps.size(), 10U);
  KneeOptions options;
  options.most = 1000;
  const auto all = find_knee(options, server(1e9));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->rate, 1000);
  EXPECT_EQ(all->beyond, 0);
}

TEST(Knees, EndWithWhatCannotBeMeasured) {
  const auto knee =
      find_knee({}, [](double) -> tl::expected<KneeStep, std::string> { return tl::unexpected(std::string("gone")); });
  ASSERT_FALSE(knee);
  EXPECT_EQ(knee.error(), "gone");
}

}  // namespace
}  // namespace referee::load
