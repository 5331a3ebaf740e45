#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

using nlohmann::json;

json without_timing(json value) {
  if (value.is_object()) value.erase("timing");
  if (value.is_structured()) {
    for (auto& each : value) each = without_timing(each);
  }
  return value;
}

json results(const conformance::Run& run, const reports::Book& book) {
  return json::parse(reports::results_json(run, book));
}

TEST(Results, TwoRunsDifferOnlyInTiming) {
  const Sample sample;
  auto later = sample.copy();
  later.info.started += 86400;
  later.info.seconds *= 2;
  for (auto& check : later.checks) {
    check.raw.started += 86400;
    check.raw.seconds *= 3;
    for (auto& exchange : check.raw.exchanges) exchange.started += 86400;
  }
  EXPECT_NE(results(sample.run(), sample.book()), results(later, sample.book()));
  EXPECT_EQ(without_timing(results(sample.run(), sample.book())), without_timing(results(later, sample.book())));
}

TEST(Results, SameRunGivesSameBytes) {
  const Sample sample;
  EXPECT_EQ(reports::results_json(sample.run(), sample.book()), reports::results_json(sample.copy(), sample.book()));
}

TEST(Results, SummaryCountsEveryVerdict) {
  const Sample sample;
  const auto found = results(sample.run(), sample.book());
  std::map<std::string, std::size_t> counted;
  for (const auto& check : found["checks"]) ++counted[check["verdict"].get<std::string>()];
  for (const auto& [verdict, number] : found["summary"].items()) {
    EXPECT_EQ(number, verdict == "total" ? found["checks"].size() : counted[verdict]) << verdict;
    EXPECT_GE(number, 1) << verdict << ": the sample holds every verdict";
  }
}

TEST(Results, SeedSurvivesReadersWithDoubles) {
  const Sample sample;
  EXPECT_EQ(results(sample.run(), sample.book())["run"]["seed"], "18446744073709551615");
}

TEST(Results, AFailureNamesTheRequestThatShowsIt) {
  const Sample sample;
  const auto failures = results(sample.run(), sample.book())["checks"][1]["failures"];
  ASSERT_EQ(failures.size(), 4U);
  EXPECT_EQ(failures[0]["expected"], "status 200");
  EXPECT_EQ(failures[0]["exchange"]["status"], 404);
  EXPECT_THAT(failures[0]["exchange"]["curl"].get<std::string>(), testing::HasSubstr("curl "));
  EXPECT_TRUE(failures[2]["exchange"].is_null());
  EXPECT_TRUE(failures[3]["exchange"].is_null()) << "an index beyond the transcript names nothing";
}

TEST(Results, RepeatedObservationsKeepEveryValue) {
  const Sample sample;
  EXPECT_EQ(results(sample.run(), sample.book())["checks"][8]["observations"]["status"], "201; 202");
}

TEST(Results, ATargetCannotMakeThemLarge) {
  Sample sample;
  auto& check = sample.check("oci-1.1/referrers/empty-list");
  for (int number = 0; number < 5000; ++number) {
    check.raw.failures.push_back(
        {std::string(10000, 'w'), std::string(10000, 'e'), std::string(10000, 'a'), std::nullopt});
    check.raw.observations.push_back({std::to_string(number), std::string(10000, 'o')});
  }
  const auto text = reports::results_json(sample.run(), sample.book());
  EXPECT_LT(text.size(), 4U << 20U);
  EXPECT_EQ(json::parse(text)["checks"][1]["failures_omitted"], 4904);
  EXPECT_LT(reports::junit_xml(sample.run(), sample.book()).size(), 4U << 20U);
}

TEST(Results, TranscriptLinesKeepHostileTextAsText) {
  const Sample sample;
  const auto lines = reports::transcript_lines(sample.run().checks[1]);
  EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
  const auto second = json::parse(lines.substr(lines.find('\n') + 1));
  EXPECT_THAT(second["response"]["body"].get<std::string>(), testing::HasSubstr("<script>window.hacked=1</script>"));
  EXPECT_EQ(second["response"]["headers"][2][0], "X-Hostile");
}

}  // namespace
}  // namespace referee::selftest
