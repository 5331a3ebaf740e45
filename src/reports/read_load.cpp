#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "referee/reports/reading.hpp"
#include "run_file_parts.hpp"

namespace referee::reports {
namespace {

struct Quantile {
  const char* key;
  const char* name;
  double one_of;  ///< one operation of so many takes longer
};
constexpr std::array<Quantile, 5> kLoadQuantiles{{{"p50_ms", "p50", 2},
                                                  {"p90_ms", "p90", 10},
                                                  {"p99_ms", "p99", 100},
                                                  {"p99.9_ms", "p99.9", 1000},
                                                  {"max_ms", "max", 0}}};

std::string milliseconds(double value) {
  return fmt::format("{:.4g} ms", value);
}

constexpr std::size_t kMostParts = 10'000;
constexpr std::size_t kMostKinds = 100;
constexpr std::size_t kMostSteps = 1000;
/// So that sums of them fit.
constexpr std::uint64_t kMostErrors = std::uint64_t{1} << 50U;

std::vector<std::string> tally_row(JsonFields& fields, const std::string& name, const Json& tally) {
  std::uint64_t errors = 0;
  const auto& causes = fields.object(tally, "errors");
  for (const auto& [cause, count] : causes.items()) errors += fields.count(causes, cause.c_str(), kMostErrors);
  std::vector<std::string> row{name,
                               std::to_string(fields.count(tally, "planned")),
                               std::to_string(fields.count(tally, "right")),
                               std::to_string(errors),
                               fmt::format("{:.4g}", fields.number(tally, "planned_rate")),
                               fmt::format("{:.4g}", fields.number(tally, "achieved_rate"))};
  const auto& times = fields.object(tally, "corrected");
  for (const auto& quantile : kLoadQuantiles) row.push_back(milliseconds(fields.number(times, quantile.key)));
  return row;
}

void add_curve(JsonFields& fields, bench::Chart& chart, const std::string& name, const Json& times) {
  bench::Series series{name, {}, ""};
  for (const auto& quantile : kLoadQuantiles) {
    if (quantile.one_of > 0) series.points.emplace_back(quantile.one_of, fields.number(times, quantile.key) / 1000);
  }
  chart.series.push_back(std::move(series));
}

void add_knee(JsonFields& fields, bench::Result& result, const Json& load) {
  if (fields.any(load, "knee").is_null()) return;
  const auto& knee = fields.object(load, "knee");
  const auto held = fields.number(knee, "rate");
  result.findings.push_back(held > 0 ? fmt::format("The highest rate that was held is {:.6g} operations a second", held)
                                     : std::string("No rate was held"));
  bench::Chart chart{"What becomes of the slowest hundredth as the rate rises",
                     "operations a second, planned",
                     "seconds",
                     true,
                     true,
                     {},
                     ""};
  bench::Series series{"p99", {}, ""};
  bench::Table table{"Rates that were tried", {"planned", "achieved", "p99", "errors", "held", "why"}, {}};
  for (const auto& step : fields.list(knee, "steps", kMostSteps)) {
    fields.at(fmt::format("step {}", table.rows.size() + 1));
    series.points.emplace_back(fields.number(step, "rate"), fields.number(step, "p99_ms") / 1000);
    table.rows.push_back({fmt::format("{:.6g}", fields.number(step, "rate")),
                          fmt::format("{:.6g}", fields.number(step, "achieved")),
                          milliseconds(fields.number(step, "p99_ms")), std::to_string(fields.count(step, "errors")),
                          fields.flag(step, "held") ? "yes" : "no", fields.text(step, "why")});
  }
  std::ranges::sort(series.points);
  chart.series.push_back(std::move(series));
  result.charts.push_back(std::move(chart));
  result.tables.push_back(std::move(table));
}

bench::Result load_from(JsonFields& fields, const Json& load) {
  bench::Result result;
  result.scenario = "load";
  result.target = fields.text(load, "target");
  result.tool_version = fields.text(load, "tool_version");
  result.seconds = fields.number(load, "seconds");
  const auto& plan = fields.object(load, "plan");
  result.about = fmt::format(
      "Operations at a constant rate of {:.6g} a second over {} connections; times count from when each was due.",
      fields.number(plan, "rate"), fields.count(plan, "connections"));
  const auto& parts = fields.list(load, "parts", kMostParts);
  if (!parts.empty()) {
    result.started = fields.number(parts.front(), "started");
    result.seed = fields.digits(parts.front(), "seed");
    result.host.cpu = fields.text(parts.front(), "host");
    if (parts.front().is_object() && parts.front().contains("machine")) {
      constexpr std::uint64_t kMostCpus = 1'000'000;
      const auto& machine = fields.object(parts.front(), "machine");
      result.host = {fields.text(machine, "cpu"),
                     fields.text(machine, "governor"),
                     fields.text(machine, "virtualized"),
                     fields.text(machine, "kernel"),
                     static_cast<int>(fields.count(machine, "cpus", kMostCpus)),
                     fields.number(machine, "load")};
    }
  }
  for (const auto& limit : fields.texts(fields.object(load, "client"), "limits", kMostParts)) {
    result.findings.push_back("The client was the limit: " + limit);
  }
  bench::Table table{"Operations", {"kind", "planned", "right", "errors", "planned/s", "achieved/s"}, {}};
  for (const auto& quantile : kLoadQuantiles) table.columns.emplace_back(quantile.name);
  bench::Chart chart{"How long the slowest take", "the slowest one of", "seconds", true, true, {}, ""};
  for (const auto& operation : fields.list(load, "operations", kMostKinds)) {
    fields.at(fmt::format("operation {}", table.rows.size() + 1));
    const auto kind = fields.text(operation, "kind");
    table.rows.push_back(tally_row(fields, kind, operation));
    add_curve(fields, chart, kind, fields.object(operation, "corrected"));
  }
  fields.at("all");
  table.rows.push_back(tally_row(fields, "all", fields.object(load, "all")));
  fields.at("");
  result.tables.push_back(std::move(table));
  if (!chart.series.empty()) result.charts.push_back(std::move(chart));
  add_knee(fields, result, load);
  return result;
}

}  // namespace

tl::expected<bench::Result, std::string> read_load(std::string_view written) {
  const auto document = parse_document(written);
  if (!document) return broken(document.error());
  const auto& load = document->value;
  const auto schema = load.is_object() ? load.find("schema") : load.end();
  if (!load.is_object() || schema == load.end() || *schema != "referee.load/1") {
    return broken("it is no load.json of this version");
  }
  JsonFields fields;
  auto result = load_from(fields, load);
  if (auto whole = sound(fields, *document); !whole) return tl::unexpected(whole.error());
  return result;
}

}  // namespace referee::reports
