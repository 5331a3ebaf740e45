#include <fmt/format.h>

#include <array>
#include <cmath>

#include "json_read.hpp"
#include "referee/reports/reading.hpp"

namespace referee::reports {
namespace {

namespace fields = json_read;

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

std::vector<std::string> tally_row(const std::string& name, const fields::Json& tally) {
  std::uint64_t errors = 0;
  for (const auto& [cause, count] : fields::object(tally, "errors").items()) {
    errors += count.is_number_unsigned() ? count.get<std::uint64_t>() : 0;
  }
  std::vector<std::string> row{name,
                               std::to_string(fields::count(tally, "planned")),
                               std::to_string(fields::count(tally, "right")),
                               std::to_string(errors),
                               fmt::format("{:.4g}", fields::number(tally, "planned_rate")),
                               fmt::format("{:.4g}", fields::number(tally, "achieved_rate"))};
  const auto& times = fields::object(tally, "corrected");
  for (const auto& quantile : kLoadQuantiles) row.push_back(milliseconds(fields::number(times, quantile.key)));
  return row;
}

void add_curve(bench::Chart& chart, const std::string& name, const fields::Json& times) {
  bench::Series series{name, {}, ""};
  for (const auto& quantile : kLoadQuantiles) {
    if (quantile.one_of > 0 && times.contains(quantile.key)) {
      series.points.emplace_back(quantile.one_of, fields::number(times, quantile.key) / 1000);
    }
  }
  if (!series.points.empty()) chart.series.push_back(std::move(series));
}

void add_knee(bench::Result& result, const fields::Json& knee) {
  if (!knee.is_object() || knee.empty()) return;
  const auto held = fields::number(knee, "rate");
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
  for (const auto& step : fields::list(knee, "steps")) {
    series.points.emplace_back(fields::number(step, "rate"), fields::number(step, "p99_ms") / 1000);
    table.rows.push_back({fmt::format("{:.6g}", fields::number(step, "rate")),
                          fmt::format("{:.6g}", fields::number(step, "achieved")),
                          milliseconds(fields::number(step, "p99_ms")), std::to_string(fields::count(step, "errors")),
                          fields::flag(step, "held") ? "yes" : "no", fields::text(step, "why")});
  }
  std::ranges::sort(series.points);
  chart.series.push_back(std::move(series));
  result.charts.push_back(std::move(chart));
  result.tables.push_back(std::move(table));
}

}  // namespace

tl::expected<bench::Result, std::string> read_load(std::string_view written) {
  const auto from = fields::document(written);
  if (fields::text(from, "schema") != "referee.load/1") {
    return tl::unexpected(std::string("that is no load.json of this version"));
  }
  bench::Result result;
  result.scenario = "load";
  result.target = fields::text(from, "target");
  result.tool_version = fields::text(from, "tool_version");
  result.seconds = fields::number(from, "seconds");
  const auto& plan = fields::object(from, "plan");
  result.about = fmt::format(
      "Operations at a constant rate of {:.6g} a second over {} connections; times count from when each was due.",
      fields::number(plan, "rate"), fields::count(plan, "connections"));
  const auto& parts = fields::list(from, "parts");
  if (!parts.empty()) {
    result.started = fields::number(parts.front(), "started");
    result.seed = fields::digits(parts.front(), "seed");
    result.host.cpu = fields::text(parts.front(), "host");
  }
  for (const auto& limit : fields::texts(fields::object(from, "client"), "limits")) {
    result.findings.push_back("The client was the limit: " + limit);
  }
  bench::Table table{"Operations", {"kind", "planned", "right", "errors", "planned/s", "achieved/s"}, {}};
  for (const auto& quantile : kLoadQuantiles) table.columns.emplace_back(quantile.name);
  bench::Chart chart{"How long the slowest take", "the slowest one of", "seconds", true, true, {}, ""};
  for (const auto& operation : fields::list(from, "operations")) {
    const auto kind = fields::text(operation, "kind");
    table.rows.push_back(tally_row(kind, operation));
    add_curve(chart, kind, fields::object(operation, "corrected"));
  }
  table.rows.push_back(tally_row("all", fields::object(from, "all")));
  result.tables.push_back(std::move(table));
  if (!chart.series.empty()) result.charts.push_back(std::move(chart));
  add_knee(result, fields::object(from, "knee"));
  return result;
}

}  // namespace referee::reports
