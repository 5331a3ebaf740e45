#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "referee/bench/result.hpp"
#include "referee/oci/limits.hpp"

// What `referee bench` wrote, read back: three forms of files become results with charts.
namespace referee::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Json = nlohmann::ordered_json;

Json run_of(const std::string& name, double milliseconds, double requests) {
  return {{"name", name + "/manual_time"},
          {"run_name", name + "/manual_time"},
          {"run_type", "iteration"},
          {"real_time", milliseconds},
          {"time_unit", "ms"},
          {"requests", requests},
          {"bytes_up", 10},
          {"bytes_down", 2000}};
}

Json grid_of(std::initializer_list<Json> runs) {
  return {{"context",
           {{"target", "embedded:all"},
            {"seed", "7"},
            {"started", "1795000000.250"},
            {"seconds", "182.100"},
            {"num_cpus", 2},
            {"load_avg", {0.5, 0.4, 0.3}},
            {"virtualized", "yes"},
            {"absent", "D/index, n:10000: a manifest is too large: 4 MiB\nC, n:0: GET answered 404\n"}}},
          {"benchmarks", runs}};
}

Json growth_file() {
  const auto times = [](int count, double seconds) {
    return Json{{"count", count}, {"median", seconds}, {"seconds", {seconds, seconds * 2, seconds}}};
  };
  return {{"schema", "referee.growth/1"},
          {"target", "127.0.0.1:5000"},
          {"seed", "9"},
          {"incomplete", ""},
          {"host", {{"load", 0.25}, {"cpus", 4}}},
          {"endpoints",
           {{{"endpoint", "manifest by tag"},
             {"unmeasured", ""},
             {"answer_grows", false},
             {"worse_than_logarithmic", true},
             {"law", {{"name", "O(n)"}, {"base", 0.001}, {"factor", 0.1}, {"error", 0.02}, {"exponent", 0.98}}},
             {"times", {times(10, 0.001), times(100, 0.01)}}},
            {{"endpoint", "tags"}, {"unmeasured", "answered 404"}, {"law", nullptr}, {"times", Json::array()}}}}};
}

TEST(ReadResults, AScenarioIsWhatWasWritten) {
  Result result;
  result.scenario = "race";
  result.about = "Who loses what.";
  result.target = "embedded:all";
  result.seed = 18446744073709551615U;
  result.started = 1.5;
  result.incomplete = "interrupted";
  result.host = {"cpu", "performance", "yes", "6.1", 2, 0.5};
  result.findings = {"31 of 32 were lost."};
  result.tables = {{"Lost", {"variant", "lost"}, {{"A", "0"}}}};
  result.charts = {{"Lost", "writers", "lost", true, false, {{"A", {{2, 0}, {32, 1}}, "note"}}, "panel"}};
  result.samples = {{"race/A", "s", false, {0.5}}};
  const auto json = result_json(result);
  const auto read = read_results(json);
  ASSERT_TRUE(read) << read.error();
  ASSERT_THAT(*read, SizeIs(1));
  EXPECT_EQ(result_json(read->front()), json);
}

TEST(ReadResults, GrowthIsALineForEachRequestWithItsExponent) {
  const auto read = read_results(growth_file().dump());
  ASSERT_TRUE(read) << read.error();
  const auto& result = read->front();
  EXPECT_EQ(result.scenario, "growth");
  EXPECT_EQ(result.host.cpus, 4);
  ASSERT_THAT(result.charts, SizeIs(1));
  ASSERT_THAT(result.charts[0].series, SizeIs(1)) << "what was not measured is no line";
  EXPECT_EQ(result.charts[0].series[0].note, "n^0.98");
  EXPECT_THAT(result.charts[0].series[0].points, ElementsAre(testing::Pair(10, 0.001), testing::Pair(100, 0.01)));
  EXPECT_THAT(result.findings.front(), HasSubstr("manifest by tag (O(n), exponent 0.98)"));
  EXPECT_THAT(result.tables.back().rows, ElementsAre(ElementsAre("tags", "answered 404")));
}

TEST(ReadResults, TheGridBecomesChartsAgainstAttachments) {
  const auto read =
      read_results(grid_of({run_of("verify/oci-1.1/api/n:100/policy:all/by:reference/rtt:0/parallel:8", 20, 101),
                            run_of("verify/oci-1.1/api/n:0/policy:all/by:reference/rtt:0/parallel:8", 1, 1),
                            run_of("verify/oci-1.1/api/n:100/policy:all/by:reference/rtt:0/parallel:8", 40, 101),
                            run_of("verify/oci-1.1/api/n:100/policy:all/by:reference/rtt:0/parallel:8", 30, 101),
                            run_of("verify/A/n:100/policy:all/by:reference/rtt:0/parallel:8", 60, 102),
                            run_of("verify/A/n:100/policy:all/by:reference/rtt:5/parallel:64", 90, 102),
                            run_of("attach/A/n:0/by:inlined/rtt:0", 3, 4)})
                       .dump());
  ASSERT_TRUE(read) << read.error();
  const auto& result = read->front();
  EXPECT_EQ(result.seed, 7U);
  EXPECT_EQ(result.started, 1795000000.25);
  EXPECT_EQ(result.seconds, 182.1);
  EXPECT_EQ(result.host.load, 0.5);
  ASSERT_THAT(result.charts, SizeIs(5));
  const auto& times = result.charts[0];
  EXPECT_EQ(times.title, "verify: time");
  EXPECT_EQ(times.panel, "policy all, by reference, 8 in flight");
  ASSERT_THAT(times.series, SizeIs(2));
  EXPECT_THAT(times.series[1].points, ElementsAre(testing::Pair(0, 0.001), testing::Pair(100, 0.03)))
      << "medians, rising in x, whatever the order of the file";
  EXPECT_EQ(result.charts[1].panel, "policy all, by reference, round trip 5 ms, 64 in flight");
  EXPECT_EQ(result.charts[2].title, "verify: requests");
  EXPECT_THAT(result.charts[2].series[0].points, ElementsAre(testing::Pair(100, 102))) << "the same on every way";
  EXPECT_EQ(result.charts[3].panel, "inlined");
  EXPECT_THAT(result.findings,
              ElementsAre("verify, policy all, by reference, 8 in flight, 100 attachments: 30.00 ms with "
                          "oci-1.1/api and 60.00 ms with A (2.0 times as long), medians."));
  EXPECT_THAT(result.tables.back().rows, ElementsAre(ElementsAre("D/index, n:10000", "a manifest is too large: 4 MiB"),
                                                     ElementsAre("C, n:0", "GET answered 404")));
}

TEST(ReadResults, WhatDoesNotCountIsNoPoint) {
  auto broken = run_of("discover/A/n:10/by:reference/rtt:0", 1, 1);
  broken["error_occurred"] = true;
  broken["error_message"] = "it took 102 requests, and the formula says 3";
  const auto read = read_results(grid_of({broken, run_of("discover/B/n:10/by:reference/rtt:0", 1, 1)}).dump());
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->front().incomplete, "1 of 2 benchmarks does not count");
  ASSERT_THAT(read->front().charts[0].series, SizeIs(1));
  EXPECT_THAT(read->front().tables.back().rows.back()[1], HasSubstr("the formula says 3"));
}

TEST(ReadResults, TwoTargetsInOneFileAreTwoResults) {
  auto file = grid_of(
      {run_of("A/discover/A/n:10/by:reference/rtt:0", 1, 1), run_of("B/discover/A/n:10/by:reference/rtt:0", 2, 1)});
  file["context"]["second_target"] = "127.0.0.1:5001";
  const auto read = read_results(file.dump());
  ASSERT_TRUE(read) << read.error();
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_EQ((*read)[0].target, "embedded:all");
  EXPECT_EQ((*read)[1].target, "127.0.0.1:5001");
  EXPECT_THAT((*read)[1].charts[0].series[0].points, ElementsAre(testing::Pair(10, 0.002)));
}

TEST(ReadResults, NonsenseIsOneLine) {
  auto grown = growth_file();
  grown["endpoints"][0]["times"][0]["seconds"][1] = "soon";
  auto endless = grid_of({run_of("verify/A/n:1e999/by:reference", 1, 1)});
  auto foreign = grid_of({run_of("BM_Sort/8", 1, 1)});
  auto nameless = grid_of({run_of("", 1, 1)});
  auto backwards = grid_of({run_of("discover/A/n:10/by:reference/rtt:0", -1, 1)});
  for (
      const std::string& text :
      {std::string(),
       std::string("{"),
       std::string("[]"),
       std::string("{}"),
       std::string("null"),
       std::string(R"({"schema":"referee.comparison/1"})"),
       std::string(R"({"schema":"referee.benchmark/2"})"),
       std::string(R"({"schema":"referee.benchmark/1"})"),
       std::string(R"({"schema":"referee.benchmark/1","scenario":"race"})"),
       std::string(R"({"schema":"referee.benchmark/1","scenario":"race","findings":[1]})"),
       std::string(R"({"schema":"referee.benchmark/1","scenario":"race","findings":[],"charts":[1]})"),
       std::string(
           R"({"schema":"referee.benchmark/1","scenario":"race","findings":[],"charts":[{"series":[{"points":[[1]]}]}]})"),
       std::string(
           R"({"schema":"referee.benchmark/1","scenario":"race","findings":[],"tables":[{"columns":["a"],"rows":[["1","2"]]}]})"),
       std::string(
           R"({"schema":"referee.benchmark/1","scenario":"race","findings":[],"charts":[{"series":[{"points":[[1,1e999]]}]}]})"),
       std::string(R"({"schema":"referee.growth/1"})"),
       std::string(R"({"schema":"referee.growth/1","endpoints":[7]})"),
       std::string(R"({"benchmarks":[]})"),
       std::string(R"({"benchmarks":[1]})"),
       std::string(200'000, '['),
       grown.dump(),
       endless.dump(),
       foreign.dump(),
       nameless.dump(),
       backwards.dump()}) {
    const auto read = read_results(text);
    ASSERT_FALSE(read) << text.substr(0, 200);
    EXPECT_FALSE(read.error().empty());
    EXPECT_THAT(read.error(), testing::Not(HasSubstr("\n")));
  }
  EXPECT_THAT(read_results(std::string(oci::kLargestResult + 1, ' ')).error(), HasSubstr("larger than"));
}

}  // namespace
}  // namespace referee::bench
