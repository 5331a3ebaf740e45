#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "sample.hpp"
#include "text.hpp"

namespace referee::selftest {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string report(const conformance::Run& run, const reports::Book& book, const reports::TerminalStyle& style = {}) {
  std::ostringstream out;
  reports::terminal_report(out, run, book, style);
  return out.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(Terminal, RootCausesComeFirstWorstFirst) {
  const Sample sample;
  const auto text = report(sample.run(), sample.book());
  std::vector<std::size_t> places;
  for (const auto* part : {"Root causes", "FAIL  ", "ERROR  ", "INCONCLUSIVE  ", "WARN  ", "Sections", "10 checks: "}) {
    ASSERT_THAT(text, HasSubstr(part));
    places.push_back(text.find(part));
  }
  EXPECT_TRUE(std::ranges::is_sorted(places)) << text;
}

TEST(Terminal, BlockedChecksStandUnderTheirRootOnly) {
  const Sample sample;
  const auto text = report(sample.run(), sample.book());
  EXPECT_THAT(text, HasSubstr("2: oci-1.1/referrers/filter, oci-1.1/referrers/pages"));
  EXPECT_EQ(text.find("oci-1.1/referrers/pages"), text.rfind("oci-1.1/referrers/pages"));
}

TEST(Terminal, BlockedChecksWithoutTheirRootAreNotLost) {
  const Sample sample;
  auto run = sample.copy();
  run.checks.erase(run.checks.begin() + 1);
  EXPECT_THAT(report(run, sample.book()), HasSubstr("oci-1.1/referrers/empty-list: oci-1.1/referrers/filter"));
}

TEST(Terminal, LinesFitAndHoldNoControls) {
  const Sample sample;
  for (const std::size_t width : {1U, 40U, 60U, 80U, 133U}) {
    reports::TerminalStyle style;
    style.width = width;
    for (const auto& line : lines_of(report(sample.run(), sample.book(), style))) {
      EXPECT_EQ(line, reports::terminal_text(line));
      const bool copied = line.find("curl ") != std::string::npos || line.find("https://") != std::string::npos;
      if (!copied) {
        EXPECT_LE(reports::display_width(line), std::max<std::size_t>(width, 40)) << line;
      }
    }
  }
}

TEST(Terminal, AReasonThatAFailureGivesIsPrintedOnce) {
  const Sample sample;
  auto run = sample.copy();
  const auto warned = std::ranges::find(run.checks, conformance::Verdict::kWarn, &conformance::CheckResult::verdict);
  ASSERT_NE(warned, run.checks.end());
  warned->raw.failures = {{"the answer had no Link.", "", "", {}}};
  warned->reason = "the answer had no Link";
  EXPECT_THAT(report(run, sample.book()), Not(HasSubstr("reason    the answer had no Link")));
  warned->reason = "the answer had no Link, and the worker ended";
  EXPECT_THAT(report(run, sample.book()), HasSubstr("reason    the answer had no Link, and the worker ended"));
}

TEST(Terminal, ACommandIsWholeOrLeftToTheReport) {
  Sample sample;
  EXPECT_THAT(report(sample.run(), sample.book()), HasSubstr("the curl command is in report.html"));
  auto& check = sample.check("oci-1.1/referrers/empty-list");
  check.raw.exchanges[1].url = "http://127.0.0.1:5000/v2/";
  EXPECT_THAT(report(sample.run(), sample.book()), HasSubstr(http::curl_command(check.raw.exchanges[1])));
}

TEST(Terminal, EachFailureHasItsOwnRequest) {
  Sample sample;
  auto& check = sample.check("oci-1.1/referrers/empty-list");
  auto exchange = check.raw.exchanges[1];
  exchange.request_body.clear();
  check.raw.exchanges.clear();
  check.raw.failures.clear();
  for (std::size_t number = 0; number < 5; ++number) {
    exchange.url = fmt::format("http://127.0.0.1:5000/v2/{}", number);
    check.raw.exchanges.push_back(exchange);
    check.raw.failures.push_back({"listed", "1", "0", number});
  }
  const auto text = report(sample.run(), sample.book());
  for (std::size_t number = 0; number < 5; ++number) {
    const auto command = "repeat    " + http::curl_command(check.raw.exchanges[number]);
    EXPECT_EQ(text.find(command) != std::string::npos, number < 3) << text;
  }
  EXPECT_THAT(text, HasSubstr("2 more in report.html"));
}

TEST(Terminal, ACommandMayWrapButIsNeverCut) {
  Sample sample;
  auto run = sample.copy();
  run.info.target = "https://registry.example/" + std::string(200, 'a');
  reports::TerminalStyle style;
  style.width = 40;
  auto text = report(run, sample.book(), style);
  EXPECT_THAT(text, HasSubstr("--keep"));
  text = text.substr(text.find("A run removes"));
  text = text.substr(0, text.find("Sections"));
  EXPECT_THAT(text, Not(HasSubstr("…")));
  EXPECT_THAT(text, HasSubstr("brings its content"));
}

TEST(Terminal, ColourIsOptional) {
  const Sample sample;
  reports::TerminalStyle style;
  style.colour = true;
  EXPECT_THAT(report(sample.run(), sample.book()), Not(HasSubstr("\x1b")));
  EXPECT_THAT(report(sample.run(), sample.book(), style), HasSubstr("\x1b[1;31m"));
}

TEST(Terminal, VerboseListsWhatPassed) {
  const Sample sample;
  reports::TerminalStyle style;
  style.verbose = true;
  EXPECT_THAT(report(sample.run(), sample.book()), Not(HasSubstr("oci-1.1/pull/by-digest")));
  EXPECT_THAT(report(sample.run(), sample.book(), style), HasSubstr("oci-1.1/pull/by-digest"));
}

TEST(Terminal, AnIncompleteRunSaysSo) {
  const Sample sample;
  auto run = sample.copy();
  EXPECT_THAT(report(run, sample.book()), Not(HasSubstr("INCOMPLETE")));
  run.info.complete = false;
  run.info.selected = 77;
  EXPECT_THAT(report(run, sample.book()), HasSubstr("INCOMPLETE: 10 of 77 checks"));
}

TEST(Terminal, AnEmptyRunIsNoError) {
  const Sample sample;
  EXPECT_THAT(report({}, sample.book()), HasSubstr("0 checks: nothing"));
}

}  // namespace
}  // namespace referee::selftest
