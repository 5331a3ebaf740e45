#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "growth.hpp"
#include "referee/bench/statistics.hpp"

namespace referee::suites::benchmarks {
namespace {

using Json = nlohmann::ordered_json;

/// To a tenth of a microsecond: more digits are noise.
double rounded(double seconds) {
  return std::round(seconds * 1e7) / 1e7;
}

Json times(const EndpointCosts& costs, const std::vector<int>& counts) {
  Json list = Json::array();
  for (std::size_t at = 0; at < counts.size() && costs.unmeasured.empty(); ++at) {
    Json seconds = Json::array();
    for (const double one : costs.seconds[at]) seconds.push_back(rounded(one));
    list.push_back(
        {{"count", counts[at]}, {"median", rounded(bench::median(costs.seconds[at]))}, {"seconds", seconds}});
  }
  return list;
}

}  // namespace

std::string growth_json(const GrowthReport& report, const GrowthSource& source) {
  Json endpoints = Json::array();
  for (const auto& costs : report.endpoints) {
    Json law = nullptr;
    if (costs.growth.enough) {
      law = {{"name", bench::name(costs.growth.law)},
             {"base", costs.growth.base},
             {"factor", costs.growth.factor},
             {"error", costs.growth.error},
             {"exponent", costs.growth.exponent}};
    }
    endpoints.push_back({{"endpoint", costs.endpoint},
                         {"unmeasured", costs.unmeasured},
                         {"answer_grows", costs.answer_grows},
                         {"worse_than_logarithmic", costs.is_worse()},
                         {"law", std::move(law)},
                         {"times", times(costs, report.counts)}});
  }
  const Json document{{"schema", "referee.growth/1"},
                      {"tool_version", source.tool_version},
                      {"target", source.target},
                      {"seed", std::to_string(source.seed)},
                      {"repository", report.repository},
                      {"repetitions", report.repetitions},
                      {"incomplete", report.incomplete},
                      {"started", source.started},
                      {"seconds", source.seconds},
                      {"host",
                       {{"load", report.load},
                        {"cpus", source.host.cpus},
                        {"cpu", source.host.cpu},
                        {"governor", source.host.governor},
                        {"virtualized", source.host.virtualized},
                        {"kernel", source.host.kernel}}},
                      {"endpoints", endpoints}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string growth_table(const GrowthReport& report) {
  constexpr int kName = 27;
  std::string text = fmt::format("{:<{}}", "medians in ms, with so many", kName);
  for (const int count : report.counts) text += fmt::format("{:>8}", count);
  text += "  law\n";
  std::string worse;
  for (const auto& costs : report.endpoints) {
    text += fmt::format("{:<{}}", costs.endpoint, kName);
    if (!costs.unmeasured.empty()) {
      text += "  unmeasured: " + costs.unmeasured + "\n";
      continue;
    }
    for (const auto& seconds : costs.seconds) text += fmt::format("{:>8.2f}", bench::median(seconds) * 1000);
    text += "  " + bench::growth_text(costs.growth) + (costs.answer_grows ? " (so does the answer)" : "") + "\n";
    if (costs.is_worse()) {
      worse += fmt::format("{}{}, {}", worse.empty() ? "" : "; ", costs.endpoint, bench::name(costs.growth.law));
    }
  }
  if (!report.incomplete.empty()) text += "ended early: " + report.incomplete + "\n";
  if (!worse.empty()) return text + "worse than logarithmic: " + worse + "\n";
  const bool told = std::ranges::any_of(
      report.endpoints, [](const EndpointCosts& costs) { return costs.unmeasured.empty() && costs.growth.enough; });
  return text + (told ? "nothing that was measured grows worse than logarithmically\n"
                      : "too little was measured to tell how costs grow\n");
}

}  // namespace referee::suites::benchmarks
