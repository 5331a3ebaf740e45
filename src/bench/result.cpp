#include "referee/bench/result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace referee::bench {
namespace {

/// JSON has no other numbers.
double finite_or_zero(double value) {
  return std::isfinite(value) ? value : 0;
}

nlohmann::ordered_json charts_json(const std::vector<Chart>& charts) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& chart : charts) {
    auto series = nlohmann::ordered_json::array();
    for (const auto& one : chart.series) {
      auto points = nlohmann::ordered_json::array();
      for (const auto& [x, y] : one.points) {
        points.push_back(nlohmann::ordered_json::array({finite_or_zero(x), finite_or_zero(y)}));
      }
      nlohmann::ordered_json line{{"name", one.name}, {"points", points}};
      if (!one.note.empty()) line["note"] = one.note;
      series.push_back(std::move(line));
    }
    nlohmann::ordered_json drawn{{"title", chart.title},
                                 {"x", {{"label", chart.x_label}, {"log", chart.log_x}}},
                                 {"y", {{"label", chart.y_label}, {"log", chart.log_y}}},
                                 {"series", series}};
    if (!chart.panel.empty()) drawn["panel"] = chart.panel;
    list.push_back(std::move(drawn));
  }
  return list;
}

/// What is wider is text, and no number.
constexpr std::size_t kWidestNumber = 14;

/// Columns as wide as what stands in them; the first and those with text to the left, numbers to the right.
std::string table_text(const Table& table) {
  std::vector<std::size_t> widths;
  for (const auto& column : table.columns) widths.push_back(column.size());
  for (const auto& row : table.rows) {
    for (std::size_t at = 0; at < std::min(row.size(), widths.size()); ++at) {
      widths[at] = std::max(widths[at], row[at].size());
    }
  }
  std::string text = "\n" + table.title + "\n";
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string made;
    for (std::size_t at = 0; at < std::min(cells.size(), widths.size()); ++at) {
      const bool last = at + 1 == widths.size();
      if (at > 0) made += "  ";
      const bool number = at > 0 && widths[at] <= kWidestNumber;
      made += number ? fmt::format("{:>{}}", cells[at], widths[at])
              : last ? cells[at]
                     : fmt::format("{:<{}}", cells[at], widths[at]);
    }
    text += made + "\n";
  };
  line(table.columns);
  for (const auto& row : table.rows) line(row);
  return text;
}

}  // namespace

std::string result_json(const Result& result) {
  auto tables = nlohmann::ordered_json::array();
  for (const auto& table : result.tables) {
    tables.push_back({{"title", table.title}, {"columns", table.columns}, {"rows", table.rows}});
  }
  auto samples = nlohmann::ordered_json::array();
  for (const auto& sample : result.samples) {
    auto values = nlohmann::ordered_json::array();
    for (const double value : sample.values) values.push_back(finite_or_zero(value));
    samples.push_back(
        {{"name", sample.name}, {"unit", sample.unit}, {"more_is_better", sample.more_is_better}, {"values", values}});
  }
  const nlohmann::ordered_json document{{"schema", "referee.benchmark/1"},
                                        {"scenario", result.scenario},
                                        {"about", result.about},
                                        {"target", result.target},
                                        {"tool_version", result.tool_version},
                                        {"seed", std::to_string(result.seed)},
                                        {"started", result.started},
                                        {"seconds", result.seconds},
                                        {"incomplete", result.incomplete},
                                        {"host",
                                         {{"cpus", result.host.cpus},
                                          {"cpu", result.host.cpu},
                                          {"governor", result.host.governor},
                                          {"virtualized", result.host.virtualized},
                                          {"kernel", result.host.kernel},
                                          {"load", result.host.load}}},
                                        {"findings", result.findings},
                                        {"tables", tables},
                                        {"charts", charts_json(result.charts)},
                                        {"samples", samples}};
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string result_text(const Result& result) {
  std::string text = fmt::format("{}: {}\n", result.scenario, result.about);
  for (const auto& table : result.tables) text += table_text(table);
  if (!result.findings.empty()) text += "\n";
  for (const auto& finding : result.findings) text += finding + "\n";
  if (!result.incomplete.empty()) text += "\nincomplete: " + result.incomplete + "\n";
  return text;
}

}  // namespace referee::bench
