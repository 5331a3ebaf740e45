#include "referee/load/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "../reports/tools.hpp"
#include "sample.hpp"

namespace referee::load {
namespace {

using selftest::sample_report;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Report with_knee() {
  auto report = sample_report();
  report.knee = Knee{500,
                     525,
                     {{500, 499.8, 48.1, 10, true, ""},
                      {1000, 620, 4100, 900, false, "achieved 62 %"},
                      {525, 480, 400.2, 40, false, "achieved 91 %"}}};
  report.limits = {"its thread used 91 % of its time"};
  return report;
}

TEST(LoadReports, AreATableOnATerminal) {
  selftest::expect_golden("load/report.txt", report_text(sample_report()));
  selftest::expect_golden("load/knee.txt", report_text(with_knee()));
  auto closed = sample_report();
  closed.rate = 0;
  closed.calibration.reset();
  selftest::expect_golden("load/closed.txt", report_text(closed));
}

TEST(LoadReports, KeepEveryNumberAsJson) {
  for (const auto& report : {sample_report(), with_knee()}) {
    const auto json = report_json(report);
    const auto read = read_report(json);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(report_json(*read), json);
  }
}

TEST(LoadReports, AreReadOnlyIfTheyAreWhole) {
  const auto whole = nlohmann::json::parse(report_json(with_knee()));
  const auto refused = [&](const nlohmann::json& document) {
    const auto read = read_report(document.dump());
    return read ? std::string() : read.error();
  };
  EXPECT_EQ(refused(whole), "");
  for (const auto& [key, unused] : whole.items()) {
    if (key == "all") continue;  // the sum of the others, for who reads the file
    auto less = whole;
    less.erase(key);
    EXPECT_NE(refused(less), "") << key;
    for (const auto& other :
         {nlohmann::json(-1), nlohmann::json("x"), nlohmann::json::array({1}), nlohmann::json::object()}) {
      auto changed = whole;
      changed[key] = other;
      if (key == "target" || key == "tool_version") continue;
      EXPECT_NE(refused(changed), "") << key << other;
    }
  }
  for (const auto* pointer : {"/operations/0/planned", "/operations/0/right", "/operations/0/errors/timeout",
                              "/operations/0/statuses/503", "/operations/1/corrected/histogram/count"}) {
    auto changed = whole;
    changed[nlohmann::json::json_pointer(pointer)] = 17;
    EXPECT_NE(refused(changed), "") << pointer;
  }
  EXPECT_THAT(refused(nlohmann::json::array()), HasSubstr("not a JSON object"));
  EXPECT_FALSE(read_report(std::string(100'000, '[')));
  EXPECT_FALSE(read_report(""));
}

TEST(LoadReports, SayWhenTheClientWasTheLimit) {
  auto report = sample_report();
  EXPECT_THAT(client_limits(report), IsEmpty());
  report.cpu_seconds = 8.5;
  EXPECT_THAT(client_limits(report), ElementsAre("its thread used 85 % of its time"));
  report = sample_report();
  report.calibration->requests_per_second = 1800;
  EXPECT_THAT(client_limits(report), ElementsAre("it sent 1497 requests/s and can send 1800"));
  report = sample_report();
  report.lag.record(20'000'000, 100);
  EXPECT_THAT(client_limits(report), ElementsAre(HasSubstr("were sent at least 20.0 ms late")));
}

}  // namespace
}  // namespace referee::load
