// Charts of benchmarks: what stands where, and that nothing in a result, however odd, breaks the page.
#include "referee/reports/bench.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <limits>
#include <pugixml.hpp>
#include <regex>
#include <set>

#include "bench_axis.hpp"
#include "bench_draw.hpp"
#include "bench_sample.hpp"
#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

using reports::Axis;
using reports::Quantity;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

std::vector<std::string> tick_texts(const Axis& axis, std::size_t most = 7) {
  std::vector<std::string> texts;
  for (const auto& tick : axis.ticks(most)) texts.push_back(tick.text);
  return texts;
}

bench::Result with_chart(bench::Chart chart) {
  auto result = sample_results().front();
  result.charts = {std::move(chart)};
  return result;
}

std::string page_of(const bench::Result& result) {
  return reports::bench_html(std::vector<bench::Result>{result});
}

/// The drawings of a page, each of which has to be well-formed.
std::vector<std::string> drawings(const std::string& page) {
  std::vector<std::string> found;
  for (auto at = page.find("<svg"); at != std::string::npos; at = page.find("<svg", at + 1)) {
    found.push_back(page.substr(at, page.find("</svg>", at) + 6 - at));
    pugi::xml_document document;
    const auto parsed = document.load_string(found.back().c_str());
    EXPECT_TRUE(parsed) << parsed.description() << " in " << found.back().substr(0, 500);
  }
  return found;
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(BenchAxis, DecadesOnALogarithmicAxis) {
  const Axis axis({1, 10, 1000}, true, Quantity::kNumber);
  EXPECT_THAT(tick_texts(axis), ElementsAre("1", "3", "10", "30", "100", "300", "1,000"));
  EXPECT_THAT(tick_texts(axis, 4), ElementsAre("1", "10", "100", "1,000"));
  EXPECT_EQ(axis.place(1), 0);
  EXPECT_EQ(axis.place(1000), 1);
  EXPECT_NEAR(axis.place(10).value_or(0), 1.0 / 3, 1e-9);
  EXPECT_FALSE(axis.has_gap());
}

TEST(BenchAxis, ZeroStandsApartOnALogarithmicAxis) {
  const Axis axis({0, 1, 100}, true, Quantity::kNumber);
  EXPECT_TRUE(axis.has_gap());
  EXPECT_EQ(axis.place(0), 0);
  EXPECT_GE(axis.place(1).value_or(0), Axis::kGap);
  EXPECT_THAT(tick_texts(axis, 4), ElementsAre("0", "1", "10", "100"));
}

TEST(BenchAxis, ALinearOneBeginsAtZero) {
  const Axis axis({0.003, 0.018}, false, Quantity::kSeconds);
  EXPECT_THAT(tick_texts(axis, 5), ElementsAre("0", "5 ms", "10 ms", "15 ms", "20 ms"));
  EXPECT_EQ(axis.place(0), 0);
}

TEST(BenchAxis, CountsThatSomebodyChoseAreTicks) {
  const Axis writers({2, 8, 32}, true, Quantity::kNumber, Axis::Ends::kTight);
  EXPECT_THAT(tick_texts(writers), ElementsAre("2", "8", "32"));
  EXPECT_EQ(writers.place(2), 0);
  EXPECT_EQ(writers.place(32), 1);
  const Axis shares({0, 0.01, 0.5, 0.9, 1}, false, Quantity::kNumber, Axis::Ends::kTight);
  EXPECT_THAT(tick_texts(shares), ElementsAre("0", "0.5", "0.9", "1")) << "what is too close to another has no tick";
  const Axis one({0, 10}, true, Quantity::kNumber, Axis::Ends::kTight);
  EXPECT_THAT(tick_texts(one), ElementsAre("0", "10"));
  EXPECT_EQ(one.place(10), 1);
  std::vector<double> many;
  for (int day = 1; day <= 30; ++day) many.push_back(day);
  EXPECT_THAT(tick_texts(Axis(many, false, Quantity::kNumber, Axis::Ends::kTight)),
              ElementsAre("5", "10", "15", "20", "25", "30"));
}

TEST(BenchAxis, WhatIsNoMeasurementHasNoPlace) {
  for (const bool log : {false, true}) {
    const Axis axis({kNan, kInfinite, -kInfinite, 1e300, 5}, log, Quantity::kNumber);
    for (const double value : {kNan, kInfinite, -kInfinite, 1e300}) EXPECT_FALSE(axis.place(value)) << value;
    EXPECT_TRUE(axis.place(5));
    EXPECT_FALSE(axis.ticks(7).empty());
  }
  EXPECT_FALSE(Axis({1}, true, Quantity::kNumber).place(-1));
  EXPECT_TRUE(Axis({-1, 1}, false, Quantity::kNumber).place(-1));
  const Axis wide({1e-12, 1e18}, true, Quantity::kNumber);
  EXPECT_LE(wide.ticks(7).size(), 9U) << "thirty decades";
  EXPECT_FALSE(Axis({}, true, Quantity::kNumber).ticks(7).empty());
}

TEST(BenchAxis, TicksRiseAndAreNotTheSame) {
  for (const bool log : {false, true}) {
    for (const double low : {1e-9, 0.0007, 0.5, 3.0, 999.0, 123456.0}) {
      for (const double factor : {1.0, 1.1, 3.0, 70.0, 1e5}) {
        const auto all = Axis({low, low * factor}, log, Quantity::kSeconds).ticks(7);
        ASSERT_GE(all.size(), 2U) << low << " " << factor << " " << log;
        ASSERT_LE(all.size(), 12U) << low << " " << factor << " " << log;
        for (std::size_t at = 1; at < all.size(); ++at) {
          EXPECT_LT(all[at - 1].at, all[at].at);
          EXPECT_NE(all[at - 1].text, all[at].text) << low << " " << factor << " " << log;
        }
      }
    }
  }
}

TEST(BenchAxis, ValuesHaveUnits) {
  EXPECT_EQ(reports::value_text(0.0342, Quantity::kSeconds), "34.2 ms");
  EXPECT_EQ(reports::value_text(0.9999, Quantity::kSeconds), "1 s");
  EXPECT_EQ(reports::value_text(2.5e-5, Quantity::kSeconds), "25 µs");
  EXPECT_EQ(reports::value_text(1'048'576, Quantity::kBytes), "1.05 MB");
  EXPECT_EQ(reports::value_text(12'000, Quantity::kNumber), "12,000");
  EXPECT_EQ(reports::value_text(-1'000, Quantity::kNumber), "-1,000");
  EXPECT_EQ(reports::value_text(0.25, Quantity::kNumber), "0.25");
  EXPECT_EQ(reports::value_text(kNan, Quantity::kNumber), "not a number");
}

TEST(BenchCharts, NamesDoNotTouchEachOther) {
  const auto places = reports::spread({10, 10, 10, 12, 90, 95}, 11, 0, 100);
  for (std::size_t at = 1; at < places.size(); ++at) EXPECT_GE(places[at] - places[at - 1], 11 - 1e-9);
  EXPECT_GE(places.front(), 0);
  EXPECT_LE(places.back(), 100 + 1e-9);
  EXPECT_THAT(reports::spread({5, 50}, 11, 0, 100), ElementsAre(5, 50)) << "nobody moves without a need";
  EXPECT_TRUE(reports::spread({}, 11, 0, 100).empty());
  EXPECT_EQ(reports::spread(std::vector<double>(50, 1), 11, 0, 100).size(), 50U) << "no room";
}

TEST(BenchCharts, TargetsStandSideBySideOnTheSameAxes) {
  const auto page = reports::bench_html(sample_results());
  const auto all = drawings(page);
  ASSERT_EQ(all.size(), 7U) << "two of the grid, five of the race";
  EXPECT_LT(page.find(">The grid: what each operation costs</h3>"), page.find(">Several clients attach at once</h3>"));
  const std::regex axes("<g class=\"axes\">.*?</g>");
  std::smatch first;
  std::smatch second;
  // Both targets lose with the same axes, though only one of them loses something under conditions.
  ASSERT_TRUE(std::regex_search(all[2], first, axes));
  ASSERT_TRUE(std::regex_search(all[5], second, axes));
  EXPECT_EQ(first.str(), second.str());
  EXPECT_THAT(page, HasSubstr("<b>without conditional writes, window 50 ms</b> <span>embedded:all</span>"));
  EXPECT_THAT(page, HasSubstr("<p class=\"notice\">Not whole: interrupted.</p>"));
  EXPECT_THAT(page, HasSubstr("when 1 of 3 runs began: a load of up to 1.8 on 2 CPUs"));
}

TEST(BenchCharts, OneCountIsARowForEachName) {
  const auto all = drawings(reports::bench_html(sample_results()));
  EXPECT_THAT(all[1], HasSubstr(">2 ms</text>"));
  EXPECT_THAT(all[1], Not(HasSubstr("class=\"l\"")));
  EXPECT_THAT(all[0], HasSubstr(">oci-1.1/api, n^1.00</text>"));
}

TEST(BenchCharts, ANameLooksTheSameOnTheWholePage) {
  const auto page = reports::bench_html(sample_results());
  const std::regex one("class=\"s (c[0-9] d[0-9])\"><title>D/index");
  std::set<std::string> looks;
  for (std::sregex_iterator each(page.begin(), page.end(), one), end; each != end; ++each) looks.insert((*each)[1]);
  EXPECT_EQ(looks.size(), 1U);
}

TEST(BenchCharts, WhatHasNoPlaceIsLeftOutAndCounted) {
  const auto page = page_of(with_chart({"Odd",
                                        "n",
                                        "seconds",
                                        true,
                                        true,
                                        {{"a", {{1, kNan}, {2, 0.5}, {kInfinite, 1}, {4, -1}, {-5, 1}, {8, 0}}, ""},
                                         {"b", {}, ""},
                                         {"c", {{1, kNan}}, ""}},
                                        ""}));
  EXPECT_THAT(page, HasSubstr("5 values have no place on the axes and are left out."));
  EXPECT_THAT(drawings(page).front(), Not(testing::ContainsRegex("nan|inf")));
  EXPECT_THAT(page, HasSubstr(">not a number</td>"));
}

TEST(BenchCharts, OnePointOrNoneIsAChart) {
  const auto one =
      drawings(page_of(with_chart({"One", "n", "requests", true, true, {{"a", {{7, 3}}, ""}}, ""}))).front();
  EXPECT_EQ(count_of(one, "<circle"), 1U);
  const auto none = drawings(page_of(with_chart({"None", "n", "requests", true, false, {}, ""}))).front();
  EXPECT_THAT(none, HasSubstr("nothing that can be drawn"));
  const auto odd =
      drawings(page_of(with_chart({"Odd", "", "", true, true, {{"a", {{1, kNan}, {2, kNan}}, ""}}, ""}))).front();
  EXPECT_THAT(odd, HasSubstr("nothing that can be drawn"));
}

TEST(BenchCharts, TenThousandPointsAreThinnedAndKeepTheirExtremes) {
  bench::Series series{"many", {}, ""};
  for (int at = 1; at <= 10'000; ++at) series.points.emplace_back(at, at == 5000 ? 1000 : 1);
  const auto page = page_of(with_chart({"Many", "n", "requests", false, false, {series}, ""}));
  EXPECT_LT(page.size(), 500'000U);
  const auto drawn = drawings(page).front();
  EXPECT_LT(drawn.size(), 60'000U);
  EXPECT_THAT(drawn, testing::ContainsRegex("L[0-9.]+ 12.0L")) << "the only high one stands at the top of the box";
  EXPECT_THAT(page, HasSubstr("<span>10000 rows</span>"));
  EXPECT_THAT(page, HasSubstr("9500 more rows are in the file."));
  for (auto& point : series.points) point.first = 1;
  EXPECT_EQ(count_of(page_of(with_chart({"Many", "n", "requests", false, false, {series}, ""})), "<circle"), 20U);
}

TEST(BenchCharts, TooManyLinesAreAPartOfThem) {
  bench::Chart chart{"Many", "n", "requests", true, true, {}, ""};
  for (int at = 0; at < 1000; ++at) chart.series.push_back({fmt::format("line {}", at), {{1, at + 1.0}, {2, 5}}, ""});
  const auto page = page_of(with_chart(chart));
  EXPECT_THAT(page, HasSubstr("24 of 1000 lines are drawn"));
  EXPECT_THAT(page, HasSubstr("500 more rows are in the file."));
  EXPECT_EQ(count_of(drawings(page).front(), "<g class=\"s "), 24U);
  auto result = with_chart(chart);
  result.charts.assign(500, {"Same", "n", "m", true, true, {{"a", {{1, 1}, {2, 2}}, ""}}, "p"});
  EXPECT_THAT(page_of(result), HasSubstr("100 more charts of this kind are in the files."));
  for (std::size_t at = 0; at < result.charts.size(); ++at) result.charts[at].title += std::to_string(at);
  EXPECT_THAT(page_of(result), HasSubstr("440 more charts are in the files."));
}

TEST(BenchCharts, HostileTextIsText) {
  auto result = sample_results().front();
  result.scenario = result.about = result.target = result.tool_version = result.incomplete = kHostile;
  result.host = {kHostile, kHostile, kHostile, kHostile, 2, 9};
  result.findings = {kHostile};
  result.tables = {{kHostile, {kHostile, kHostile}, {{kHostile, kHostile}}}};
  result.charts = {{kHostile, kHostile, kHostile, true, true, {{kHostile, {{1, 2}, {3, 4}}, kHostile}}, kHostile},
                   {kHostile + "2", kHostile, kHostile, true, true, {{kHostile, {{1, 2}}, kHostile}}, kHostile}};
  const auto page = page_of(result);
  EXPECT_THAT(page, Not(HasSubstr("<script>window")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_EQ(drawings(page).size(), 2U);
  const auto markdown = reports::bench_markdown(std::vector<bench::Result>{result});
  EXPECT_THAT(markdown, Not(HasSubstr("<script")));
  EXPECT_THAT(markdown, Not(HasSubstr("<img")));
}

TEST(BenchCharts, NoResultIsAPage) {
  EXPECT_THAT(reports::bench_html({}), HasSubstr("There is no result."));
  EXPECT_THAT(reports::bench_markdown({}), HasSubstr("There is no result."));
}

TEST(Golden, BenchHtml) {
  auto text = reports::bench_html(sample_results());
  expect_golden("bench.html", without_sources(std::move(text)));
}

TEST(Golden, BenchMarkdown) {
  expect_golden("bench.md", reports::bench_markdown(sample_results()));
}

}  // namespace
}  // namespace referee::selftest
