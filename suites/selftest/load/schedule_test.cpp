#include "referee/load/schedule.hpp"

#include <gtest/gtest.h>

#include <array>

namespace referee::load {
namespace {

using namespace std::chrono_literals;

Plan plan(double rate, std::vector<unsigned> weights, std::uint64_t seed = 1) {
  Plan made;
  made.rate = rate;
  made.warm_up = 1s;
  made.duration = 9s;
  made.weights = std::move(weights);
  made.seed = seed;
  return made;
}

TEST(Schedules, SpaceOperationsEvenly) {
  const Schedule schedule(plan(400, {1}));
  EXPECT_EQ(schedule.count(), 4000U);
  EXPECT_EQ(schedule.due(0), 0ns);
  EXPECT_EQ(schedule.due(1), 2500us);
  EXPECT_EQ(schedule.due(4000), 10s);
  const Schedule odd(plan(3, {1}));
  EXPECT_EQ(odd.due(3), 1s) << "what is rounded does not add up";
  EXPECT_EQ(odd.due(3'000'000), 1'000'000s);
}

TEST(Schedules, WithoutARateAreEndless) {
  EXPECT_EQ(Schedule(plan(0, {1})).count(), Schedule::kEndless);
}

TEST(Schedules, DealKindsByTheirShares) {
  const Schedule schedule(plan(100, {70, 20, 10}));
  std::array<int, 3> seen{};
  for (std::uint64_t number = 0; number < 1000; ++number) ++seen.at(schedule.kind(number));
  EXPECT_EQ(seen, (std::array<int, 3>{700, 200, 100}));
}

TEST(Schedules, FollowFromTheSeed) {
  const Schedule one(plan(100, {51, 50}, 1));
  const Schedule again(plan(100, {51, 50}, 1));
  const Schedule other(plan(100, {51, 50}, 2));
  int differ = 0;
  for (std::uint64_t number = 0; number < 100; ++number) {
    EXPECT_EQ(one.kind(number), again.kind(number));
    differ += one.kind(number) == other.kind(number) ? 0 : 1;
  }
  EXPECT_GT(differ, 10);
}

}  // namespace
}  // namespace referee::load
