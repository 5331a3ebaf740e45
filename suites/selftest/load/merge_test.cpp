#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "referee/load/report.hpp"
#include "sample.hpp"

namespace referee::load {
namespace {

using selftest::sample_report;
using testing::HasSubstr;

TEST(MergedLoads, AreAsIfOneHadMeasuredEverything) {
  const auto one = sample_report(0);
  const auto other = sample_report(1);
  const auto all = merge(one, other);
  ASSERT_TRUE(all) << all.error();
  for (std::size_t kind = 0; kind < 2; ++kind) {
    auto corrected = one.kinds[kind].corrected;
    corrected.merge(other.kinds[kind].corrected);
    EXPECT_EQ(all->kinds[kind].corrected, corrected);
    EXPECT_EQ(all->kinds[kind].planned, 2 * one.kinds[kind].planned);
    EXPECT_EQ(all->kinds[kind].errors.at(static_cast<std::size_t>(Cause::kStatus)), kind == 0 ? 10U : 0U);
  }
  EXPECT_EQ(all->kinds[0].statuses.at(503), 8U);
  EXPECT_EQ(all->parts.size(), 2U);
  EXPECT_EQ(all->rate, 1000) << "a second apart, of ten: they ran at once";
  EXPECT_EQ(all->seconds, 10);
  EXPECT_EQ(all->connections, 64U);
  EXPECT_EQ(all->calibration->requests_per_second, 96'000);
  const auto turned = merge(other, one);
  ASSERT_TRUE(turned);
  EXPECT_EQ(report_json(*turned), report_json(*all)) << "the order does not matter";
  const auto read = read_report(report_json(*all));
  ASSERT_TRUE(read) << read.error();
  const auto more = merge(*read, sample_report(2));
  ASSERT_TRUE(more) << more.error();
  EXPECT_EQ(more->rate, 1500);
  EXPECT_EQ(more->kinds[0].right, 3U * 3490);
}

TEST(MergedLoads, OfDifferentTimesAreRepetitions) {
  const auto all = merge(sample_report(0), sample_report(100));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->rate, 500);
  EXPECT_EQ(all->seconds, 20);
  EXPECT_EQ(all->connections, 32U);
  EXPECT_EQ(all->thread_seconds, 20);
}

TEST(MergedLoads, AreOfOneMeasurement) {
  const std::vector<std::pair<std::string, std::function<void(Report&)>>> changes{
      {"version", [](Report& report) { report.tool_version = "0.2.0"; }},
      {"target", [](Report& report) { report.target = "other"; }},
      {"the mix differs: pull=70,push=30 and pull=70,push=31", [](Report& report) { report.mix[1].second = 31; }},
      {"duration", [](Report& report) { report.duration = 11; }},
      {"warm-up", [](Report& report) { report.warm_up = 1; }},
      {"time limit", [](Report& report) { report.time_limit = 1; }},
      {"size of blobs", [](Report& report) { report.blob_size = 1; }},
      {"as fast as possible", [](Report& report) { report.rate = 0; }}};
  for (const auto& [word, change] : changes) {
    auto other = sample_report(1);
    change(other);
    const auto merged = merge(sample_report(0), other);
    ASSERT_FALSE(merged) << word;
    EXPECT_THAT(merged.error(), HasSubstr(word));
  }
  const auto twice = merge(sample_report(0), sample_report(0));
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error(), HasSubstr("is in both"));
  EXPECT_FALSE(merge(*merge(sample_report(0), sample_report(1)), sample_report(1))) << "within a merged one, too";
}

TEST(MergedLoads, KeepThatAClientWasTheLimit) {
  auto slow = sample_report(1);
  slow.limits = {"its thread used 99 % of its time"};
  const auto all = merge(sample_report(0), slow);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->limits, slow.limits);
}

}  // namespace
}  // namespace referee::load
