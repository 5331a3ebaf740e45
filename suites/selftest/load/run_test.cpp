#include "referee/load/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "get_kind.hpp"
#include "referee/load/calibrate.hpp"
#include "referee/load/null_server.hpp"
#include "talk_server.hpp"

namespace referee::load {
namespace {

using namespace std::chrono_literals;
using selftest::get_kinds;
using selftest::Talk;
using selftest::TalkServer;

Plan plan_for(std::uint16_t port, double rate) {
  Plan plan;
  plan.port = port;
  plan.rate = rate;
  plan.warm_up = 200ms;
  plan.duration = 1s;
  plan.weights = {1};
  return plan;
}

TEST(Loads, SendWhatIsPlannedHoweverManyThreads) {
  const auto server = NullServer::start({});
  ASSERT_TRUE(server);
  for (const unsigned threads : {1U, 3U}) {
    auto plan = plan_for((*server)->port(), 500);
    plan.threads = threads;
    plan.connections = 10;
    const auto before = (*server)->requests();
    const auto outcome = run(plan, get_kinds((*server)->body()));
    ASSERT_TRUE(outcome) << outcome.error();
    const auto all = outcome->total();
    EXPECT_EQ(all.planned, 500U);
    EXPECT_EQ(all.right, 500U);
    EXPECT_EQ(all.corrected.count(), 500U);
    EXPECT_EQ(all.requests, 500U);
    EXPECT_EQ(outcome->lag.count() + outcome->waited, 500U);
    EXPECT_EQ((*server)->requests() - before, 600U) << "with those of the warm-up";
    EXPECT_GE(all.corrected.max(), all.uncorrected.max());
    EXPECT_EQ(all.bytes_received, 500U * 40);
    EXPECT_GT(outcome->cpu_seconds, 0);
  }
}

TEST(Loads, WithoutARateAreAsFastAsTheyGo) {
  const auto server = NullServer::start({0, 100'000, 0ms, 0ms});
  ASSERT_TRUE(server);
  auto plan = plan_for((*server)->port(), 0);
  plan.duration = 300ms;
  const auto outcome = run(plan, get_kinds((*server)->body()));
  ASSERT_TRUE(outcome) << outcome.error();
  const auto all = outcome->total();
  EXPECT_GT(all.right, 100U);
  EXPECT_EQ(all.planned, all.right);
  EXPECT_EQ(all.corrected, all.uncorrected) << "what is sent at once is sent when it is due";
  EXPECT_GT(all.bytes_received, all.right * 100'000);
}

/// What p99 is if every operation that is due in a stall is answered at its end, and others at once.
double computed_p99(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point stalls,
                    double rate, int count, std::chrono::milliseconds every, std::chrono::milliseconds stall) {
  std::vector<double> ms;
  for (int number = 0; number < count; ++number) {
    const auto due = from + std::chrono::nanoseconds(std::llround(1e9 / rate * number));
    const auto into = (due - stalls) % every;
    ms.push_back(into < stall ? std::chrono::duration<double, std::milli>(stall - into).count() : 0);
  }
  std::ranges::sort(ms);
  return ms[static_cast<std::size_t>(std::ceil(0.99 * count)) - 1];
}

TEST(Loads, CountWhatAStallHoldsUp) {
  const auto server = NullServer::start({0, 2, 500ms, 100ms});
  ASSERT_TRUE(server);
  auto plan = plan_for((*server)->port(), 1000);
  plan.duration = 2s;
  plan.connections = 8;
  const auto outcome = run(plan, get_kinds((*server)->body()));
  ASSERT_TRUE(outcome) << outcome.error();
  const auto all = outcome->total();
  EXPECT_EQ(all.right, 2000U);
  const auto since =
      std::chrono::system_clock::now().time_since_epoch() - std::chrono::duration<double>(outcome->started);
  const auto from = std::chrono::steady_clock::now() - std::chrono::duration_cast<std::chrono::nanoseconds>(since);
  const auto computed = computed_p99(from, (*server)->started(), 1000, 2000, 500ms, 100ms);
  EXPECT_NEAR(computed, 95, 2);
  // A fifth of the operations are due in a stall, of which eight are sent: without correction only they would be seen.
  const auto corrected = static_cast<double>(all.corrected.quantile(0.99)) / 1e6;
  EXPECT_GT(corrected, computed * 0.98);
  EXPECT_LT(corrected, computed + 100) << "a slow machine may add to it";
  EXPECT_LT(all.uncorrected.quantile(0.9), all.corrected.quantile(0.9));
  EXPECT_GT(outcome->waited, 100U);
}

TEST(Loads, WhatIsNeverSentCounts) {
  // One connection, 20 a second at most, 200 wanted.
  const TalkServer server([](Talk& talk, int) {
    while (!talk.request().empty()) {
      std::this_thread::sleep_for(50ms);
      if (!talk.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) return;
    }
  });
  auto plan = plan_for(server.port(), 200);
  plan.connections = 1;
  plan.time_limit = 1s;
  const auto outcome = run(plan, get_kinds("{}"));
  ASSERT_TRUE(outcome) << outcome.error();
  const auto all = outcome->total();
  const auto unsent = all.errors.at(static_cast<std::size_t>(Cause::kUnsent));
  EXPECT_EQ(all.planned, 200U);
  EXPECT_GT(unsent, 100U);
  EXPECT_EQ(all.corrected.count(), all.right + unsent);
  EXPECT_EQ(all.uncorrected.count(), all.right);
  EXPECT_GE(all.corrected.quantile(0.999), 1'000'000'000U);
}

TEST(Loads, EndWhenTheyAreInterrupted) {
  const auto server = NullServer::start({});
  ASSERT_TRUE(server);
  auto plan = plan_for((*server)->port(), 100);
  plan.duration = 600s;
  std::atomic<int> asked{0};
  const auto outcome = run(plan, get_kinds((*server)->body()), [&] { return ++asked > 10; });
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->interrupted);
}

TEST(Loads, SayThatNothingListens) {
  const auto outcome = run(plan_for(1, 100), get_kinds("{}"));
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error(), testing::StartsWith("127.0.0.1:1 takes no connection: "));
  auto nowhere = plan_for(80, 100);
  nowhere.host = "no-such-host.invalid";
  EXPECT_THAT(run(nowhere, get_kinds("{}")).error(), testing::HasSubstr("has no address"));
}

TEST(Calibrations, SayWhatThisClientCan) {
  Plan plan;
  plan.connections = 8;
  const auto calibration = calibrate(plan, 200ms);
  ASSERT_TRUE(calibration) << calibration.error();
  EXPECT_GT(calibration->requests_per_second, 500);
  EXPECT_GT(calibration->cpu_seconds_per_request, 0);
  EXPECT_LT(calibration->cpu_seconds_per_request, 0.002);
}

}  // namespace
}  // namespace referee::load
