#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "referee/embedded/files.hpp"
#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

nlohmann::json json_in(const std::string& page, const std::string& open) {
  const auto start = page.find(open) + open.size();
  return nlohmann::json::parse(page.substr(start, page.find("</script>", start) - start));
}
nlohmann::json data_of(const std::string& page) {
  return json_in(page, R"(<script id="data" type="application/json">)");
}
nlohmann::json transcript_of(const std::string& page, int check) {
  return json_in(page, R"(<script type="application/json" id="t)" + std::to_string(check) + "\">");
}

TEST(Html, HostileTextNeverBecomesMarkup) {
  const Sample sample;
  auto run = sample.copy();
  run.info.target = run.info.url = run.info.name_space = run.info.tool_version = kHostile;
  run.checks[0].raw.id = kHostile;
  run.checks[2].blocked_by = kHostile;
  run.checks[5].reason = kHostile;
  const auto page = reports::html_report(run, sample.book());
  // Theme, data and the page's own, and the transcripts of four checks.
  EXPECT_EQ(occurrences(page, "<script"), 7U);
  EXPECT_EQ(occurrences(page, "</script"), 7U);
  EXPECT_EQ(occurrences(page, "<!--"), 0U);
  EXPECT_EQ(occurrences(page, "<img"), 0U);
  EXPECT_EQ(occurrences(page, "\"schema\""), 0U);
  EXPECT_EQ(occurrences(page, "\"checks\":["), 1U) << "a value is not searched for names: {{data}} stays as it is";
}

TEST(Html, DataSurvivesTheEscaping) {
  const Sample sample;
  const auto data = data_of(reports::html_report(sample.run(), sample.book()));
  EXPECT_EQ(data["checks"].size(), 10U);
  EXPECT_EQ(data["checks"][1]["failures"][1]["actual"].get<std::string>().substr(0, 9), "</script>");
  EXPECT_EQ(data["checks"][1]["blocks"].size(), 2U);
  EXPECT_EQ(data["runs"][0]["target"], "127.0.0.1:5000");
  EXPECT_EQ(data["runs"][0]["summary"]["fail"], 1);
}

TEST(Html, ItsSourceHasNoControls) {
  const std::string escaped = R"(a\u202e b\u0085 c\u2066 d\u007f e)";
  const Sample sample;
  auto run = sample.copy();
  const auto odd = nlohmann::json::parse('"' + escaped + '"').get<std::string>();
  run.checks[0].raw.observations.push_back({"odd", odd});
  const auto page = reports::html_report(run, sample.book());
  for (const auto& raw : nlohmann::json::parse(R"(["\u202e", "\u0085", "\u2066", "\u007f"])")) {
    EXPECT_EQ(occurrences(page, raw.get<std::string>()), 0U) << raw.dump(-1, ' ', true);
  }
  EXPECT_THAT(page, HasSubstr(escaped));
  EXPECT_EQ(data_of(page)["checks"][0]["observations"]["odd"], odd);
}

TEST(Html, PassingChecksShowTenExchanges) {
  const Sample sample;
  const auto page = reports::html_report(sample.run(), sample.book());
  const auto data = data_of(page);
  EXPECT_EQ(data["checks"][0]["exchanges"], 10);
  EXPECT_EQ(transcript_of(page, 0).size(), 10U);
  EXPECT_EQ(data["checks"][0]["exchanges_omitted"], 2);
  EXPECT_EQ(transcript_of(page, 1).size(), 2U);
  EXPECT_EQ(transcript_of(page, 1)[1]["response"]["status"], 404);
}

TEST(Html, LoadsNothingAndAllowsOnlyItsOwnScript) {
  const Sample sample;
  const auto page = reports::html_report(large_run(3, 1, 10, 'x'), sample.book());
  EXPECT_THAT(page, HasSubstr("default-src 'none'; style-src 'sha256-"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-inline")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
  EXPECT_THAT(page, Not(HasSubstr(" style=\"")));
  EXPECT_LT(page.find("Content-Security-Policy"), page.find("<style>"));
}

/// What the page's own script does with texts: the browser test sees its effect, this names the means.
TEST(Html, ScriptUsesNoMarkupSinks) {
  for (const auto* name : {"reports/page/report.js", "reports/page/theme.js"}) {
    const std::string script(embedded::file(name).value_or(""));
    ASSERT_FALSE(script.empty());
    for (const auto* sink :
         {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "setTimeout('"}) {
      EXPECT_THAT(script, Not(HasSubstr(sink)));
    }
    EXPECT_THAT(script, Not(HasSubstr("</")));
  }
}

TEST(Html, ReadableWithoutJavaScript) {
  const Sample sample;
  const auto page = reports::html_report(sample.run(), sample.book());
  const auto start = page.find("<noscript>");
  const auto plain = page.substr(start, page.find("</noscript>") - start);
  EXPECT_THAT(plain, HasSubstr("<td>fail</td><td>1</td>"));
  const auto without = page.substr(0, page.find("<script id=\"data\""));
  EXPECT_THAT(without, HasSubstr(">Does not conform: 1 check fails (2 not decided, 1 warning).</p>"));
  EXPECT_THAT(without,
              HasSubstr("href=\"#oci-1.1/referrers/empty-list\">A subject without referrers has an empty list</a>"));
  EXPECT_THAT(without, HasSubstr("status 404"));
  EXPECT_THAT(without, HasSubstr("<code>tag-delete</code>"));
}

TEST(Html, AHostileTargetCannotMakeItLarge) {
  const Sample sample;
  auto run = large_run(400, 30, 2048, '<');
  for (auto& check : run.checks) {
    for (int number = 0; number < 40; ++number)
      check.raw.failures.push_back({"what", std::string(3000, '<'), std::string(3000, '<'), 0});
  }
  const auto page = reports::html_report(run, sample.book());
  EXPECT_LT(page.size(), 20U << 20U);
  const auto data = data_of(page);
  EXPECT_EQ(data["checks"].size(), 400U);
  EXPECT_GT(data["checks"][399]["exchanges_omitted"], 0);
}

TEST(Html, AnIncompleteRunSaysSo) {
  const Sample sample;
  auto run = sample.copy();
  run.info.complete = false;
  const auto page = reports::html_report(run, sample.book());
  EXPECT_EQ(data_of(page)["runs"][0]["complete"], false);
  EXPECT_THAT(page, HasSubstr("the run is not complete"));
}

}  // namespace
}  // namespace referee::selftest
