#include "referee/bench/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "referee/bench/host.hpp"

namespace referee::bench {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(SampleFiles, GoogleBenchmarksJsonIsRead) {
  const auto file = read_samples(R"({
    "context": {"num_cpus": 2, "cpu": "A B", "caches": [{"size": 1}], "cpu_scaling_enabled": false},
    "benchmarks": [
      {"name": "a/manual_time", "run_name": "a", "run_type": "iteration", "real_time": 1.5, "time_unit": "ms"},
      {"name": "b", "run_name": "b/manual_time", "real_time": 20, "time_unit": "us"},
      {"name": "a/manual_time", "run_name": "a", "run_type": "iteration", "real_time": 2e6, "time_unit": "ns"},
      {"name": "a_median", "run_name": "a", "run_type": "aggregate", "real_time": 1.7, "time_unit": "ms"},
      {"name": "c", "run_type": "iteration", "real_time": 1, "time_unit": "s"},
      {"name": "c", "run_type": "iteration", "error_occurred": true, "error_message": "wrong"}
    ]})");
  ASSERT_TRUE(file) << file.error();
  ASSERT_THAT(file->samples, SizeIs(2));
  EXPECT_EQ(file->samples[0].name, "a");
  EXPECT_THAT(file->samples[0].seconds, ElementsAre(DoubleEq(0.0015), DoubleEq(0.002)));
  EXPECT_EQ(file->samples[1].name, "b");
  EXPECT_THAT(file->samples[1].seconds, ElementsAre(DoubleEq(0.00002)));
  EXPECT_THAT(file->wrong, ElementsAre("c")) << "of which one repetition was wrong";
  EXPECT_EQ(file->context.at("num_cpus"), "2");
  EXPECT_EQ(file->context.at("cpu"), "A B");
  EXPECT_FALSE(file->context.contains("caches"));
}

TEST(SampleFiles, GrowthIsRead) {
  const auto file = read_samples(R"({"schema": "referee.growth/1", "target": "t", "seed": "7", "tool_version": "1",
    "endpoints": [
      {"endpoint": "blob", "unmeasured": "", "times": [{"count": 10, "median": 1, "seconds": [0.1, 0.2]},
                                                       {"count": 32, "median": 1, "seconds": [0.3]}]},
      {"endpoint": "first tags", "unmeasured": "answered 404", "times": []}]})");
  ASSERT_TRUE(file) << file.error();
  ASSERT_THAT(file->samples, SizeIs(2));
  EXPECT_EQ(file->samples[0].name, "growth/blob/n:10");
  EXPECT_THAT(file->samples[1].seconds, ElementsAre(0.3));
  EXPECT_THAT(file->wrong, ElementsAre("first tags"));
}

TEST(SampleFiles, WhatIsNoneIsRefusedInOneLine) {
  const std::string deep(100, '[');
  for (const auto& [text, why] : std::vector<std::pair<std::string, std::string>>{
           {"", "no JSON object"},
           {"[]", "no JSON object"},
           {R"({"benchmarks")", "no JSON object"},
           {R"({"benchmarks": {}})", "neither"},
           {R"({"x": 1})", "neither"},
           {R"({"x": )" + deep, "nested too deeply"},
           {R"({"benchmarks": [1]})", "no object"},
           {R"({"benchmarks": [{"real_time": 1, "time_unit": "ms"}]})", "no name"},
           {R"({"benchmarks": [{"name": "a", "real_time": "1", "time_unit": "ms"}]})", "a has no time"},
           {R"({"benchmarks": [{"name": "a", "real_time": -1, "time_unit": "ms"}]})", "a has no time"},
           {R"({"benchmarks": [{"name": "a", "real_time": 1, "time_unit": "years"}]})", "a has no time"},
           {R"({"schema": "referee.growth/1"})", "no list"},
           {R"({"schema": "referee.growth/1", "endpoints": [{}]})", "no times"},
           {R"({"schema": "referee.growth/1", "endpoints": [{"times": [{"count": "1"}]}]})", "times without"},
           {R"({"schema": "referee.growth/1", "endpoints": [{"times": [{"count": 1, "seconds": [-1]}]}]})",
            "that is none"},
       }) {
    const auto file = read_samples(text);
    ASSERT_FALSE(file) << text;
    EXPECT_THAT(file.error(), HasSubstr(why)) << text;
  }
}

TEST(Hosts, SayWhatIsKnown) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "referee-host";
  std::filesystem::create_directories(folder / "proc/sys/kernel");
  std::filesystem::create_directories(folder / "sys/devices/system/cpu/cpu0/cpufreq");
  std::ofstream(folder / "proc/cpuinfo")
      << "processor\t: 0\nmodel name\t: Example \x1b[1m CPU\nflags\t\t: fpu hypervisor avx\n\n"
      << "processor\t: 1\nmodel name\t: Another\n";
  std::ofstream(folder / "proc/sys/kernel/osrelease") << "6.1.0\n";
  std::ofstream(folder / "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") << "performance\n";
  const auto host = this_host(folder.string());
  EXPECT_EQ(host.cpu, "Example [1m CPU");
  EXPECT_EQ(host.virtualized, "yes");
  EXPECT_EQ(host.kernel, "6.1.0");
  EXPECT_EQ(host.governor, "performance");
  std::filesystem::remove_all(folder);
  const auto unknown = this_host(folder.string());
  EXPECT_THAT(unknown.cpu, IsEmpty());
  EXPECT_THAT(unknown.virtualized, IsEmpty());
}

}  // namespace
}  // namespace referee::bench
