#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "json_fields.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/oci/limits.hpp"

namespace referee::bench {
namespace fields {

std::string text(const nlohmann::json& from, const char* key) {
  const auto found = from.find(key);
  return found != from.end() && found->is_string() ? found->get<std::string>() : std::string();
}

double number(const nlohmann::json& from, const char* key) {
  const auto found = from.find(key);
  return found != from.end() && found->is_number() ? found->get<double>() : 0;
}

const nlohmann::json& list(const nlohmann::json& from, const char* key) {
  static const nlohmann::json kNone;
  const auto found = from.find(key);
  return found != from.end() && found->is_array() ? *found : kNone;
}

const nlohmann::json& object(const nlohmann::json& from, const char* key) {
  static const nlohmann::json kNone = nlohmann::json::object();
  const auto found = from.find(key);
  return found != from.end() && found->is_object() ? *found : kNone;
}

std::uint64_t seed(const std::string& digits) {
  std::uint64_t value = 0;
  const auto* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  return read.ec == std::errc() && read.ptr == end ? value : 0;
}

Host host(const nlohmann::json& from) {
  constexpr double kMostCpus = 1e6;
  const double cpus = number(from, "cpus");
  return {text(from, "cpu"),
          text(from, "governor"),
          text(from, "virtualized"),
          text(from, "kernel"),
          cpus >= 0 && cpus <= kMostCpus ? static_cast<int>(cpus) : 0,
          number(from, "load")};
}

}  // namespace fields

namespace {

using ReadFailure = tl::unexpected<std::string>;

tl::expected<std::vector<std::string>, std::string> words(const nlohmann::json& list, const char* what) {
  std::vector<std::string> found;
  if (!list.is_array()) return ReadFailure(fmt::format("{} are no list", what));
  for (const auto& one : list) {
    if (!one.is_string()) return ReadFailure(fmt::format("one of {} is no text", what));
    found.push_back(one.get<std::string>());
  }
  return found;
}

tl::expected<Table, std::string> read_table(const nlohmann::json& value) {
  if (!value.is_object()) return ReadFailure("a table is no object");
  Table table{fields::text(value, "title"), {}, {}};
  auto columns = words(fields::list(value, "columns"), "a table's columns");
  if (!columns) return ReadFailure(columns.error());
  table.columns = std::move(*columns);
  for (const auto& row : fields::list(value, "rows")) {
    auto cells = words(row, "a table's cells");
    if (!cells) return ReadFailure(cells.error());
    if (cells->size() != table.columns.size()) return ReadFailure("a row of a table has not one cell for each column");
    table.rows.push_back(std::move(*cells));
  }
  return table;
}

tl::expected<Series, std::string> read_series(const nlohmann::json& value) {
  if (!value.is_object()) return ReadFailure("a series is no object");
  Series series{fields::text(value, "name"), {}, fields::text(value, "note")};
  for (const auto& point : fields::list(value, "points")) {
    if (!point.is_array() || point.size() != 2 || !point[0].is_number() || !point[1].is_number()) {
      return ReadFailure("a point is no pair of numbers");
    }
    series.points.emplace_back(point[0].get<double>(), point[1].get<double>());
  }
  return series;
}

tl::expected<Chart, std::string> read_chart(const nlohmann::json& value) {
  if (!value.is_object()) return ReadFailure("a chart is no object");
  const auto& x = fields::object(value, "x");
  const auto& y = fields::object(value, "y");
  const auto is_log = [](const nlohmann::json& axis) {
    const auto found = axis.find("log");
    return found != axis.end() && found->is_boolean() && found->get<bool>();
  };
  Chart chart{
      fields::text(value, "title"), fields::text(x, "label"), fields::text(y, "label"), is_log(x), is_log(y), {},
      fields::text(value, "panel")};
  for (const auto& one : fields::list(value, "series")) {
    auto series = read_series(one);
    if (!series) return ReadFailure(series.error());
    chart.series.push_back(std::move(*series));
  }
  return chart;
}

tl::expected<void, std::string> read_samples_of(const nlohmann::json& document, Result& result) {
  for (const auto& one : fields::list(document, "samples")) {
    if (!one.is_object()) return ReadFailure("a sample is no object");
    const auto more = one.find("more_is_better");
    Measurement sample{fields::text(one, "name"),
                       fields::text(one, "unit"),
                       more != one.end() && more->is_boolean() && more->get<bool>(),
                       {}};
    for (const auto& value : fields::list(one, "values")) {
      if (!value.is_number()) return ReadFailure("a sample has a value that is no number");
      sample.values.push_back(value.get<double>());
    }
    result.samples.push_back(std::move(sample));
  }
  return {};
}

}  // namespace

tl::expected<std::vector<Result>, std::string> fields::read_scenario(const nlohmann::json& document) {
  Result result;
  result.scenario = text(document, "scenario");
  if (result.scenario.empty()) return ReadFailure("it has no scenario");
  result.about = text(document, "about");
  result.target = text(document, "target");
  result.tool_version = text(document, "tool_version");
  result.seed = seed(text(document, "seed"));
  result.started = number(document, "started");
  result.seconds = number(document, "seconds");
  result.incomplete = text(document, "incomplete");
  result.host = host(object(document, "host"));
  auto findings = words(list(document, "findings"), "findings");
  if (!findings) return ReadFailure(findings.error());
  result.findings = std::move(*findings);
  for (const auto& one : list(document, "tables")) {
    auto table = read_table(one);
    if (!table) return ReadFailure(table.error());
    result.tables.push_back(std::move(*table));
  }
  for (const auto& one : list(document, "charts")) {
    auto chart = read_chart(one);
    if (!chart) return ReadFailure(chart.error());
    result.charts.push_back(std::move(*chart));
  }
  if (auto samples = read_samples_of(document, result); !samples) return ReadFailure(samples.error());
  return std::vector<Result>{std::move(result)};
}

tl::expected<std::vector<Result>, std::string> read_results(std::string_view json) {
  if (json.size() > oci::kLargestResult)
    return ReadFailure(fmt::format("it is larger than {} bytes", oci::kLargestResult));
  if (oci::is_deeper_than(json, oci::kDeepestJson)) return ReadFailure("it is nested too deeply");
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object()) return ReadFailure("it is no JSON object");
  const auto schema = fields::text(document, "schema");
  if (schema == "referee.benchmark/1") return fields::read_scenario(document);
  if (schema == "referee.growth/1") return fields::read_growth(document);
  if (schema.empty() && fields::list(document, "benchmarks").is_array()) return fields::read_grid(document);
  return ReadFailure("it is no result of `referee bench`");
}

}  // namespace referee::bench
