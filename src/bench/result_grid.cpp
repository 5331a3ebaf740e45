#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <span>
#include <string_view>
#include <tuple>

#include "json_fields.hpp"
#include "referee/bench/statistics.hpp"
#include "referee/oci/words.hpp"

/// protocol.json, Google Benchmark's JSON with the names of the grid, as a result: for each operation charts of times
/// and of requests against the number of attachments, a line for each variant.
namespace referee::bench {
namespace {

/// What the name of a benchmark says: `verify/oci-1.1/api/n:100/policy:all/by:reference/rtt:5/parallel:8/manual_time`.
struct GridName {
  std::string operation;
  std::string variant;
  double count = 0;
  std::string policy;  ///< empty for operations that have none
  bool inlined = false;
  std::string round_trip;
  std::string parallel;

  /// What the lines of one chart of requests share.
  [[nodiscard]] std::string way() const {
    return fmt::format("{}{}", policy.empty() ? "" : fmt::format("policy {}, ", policy),
                       inlined ? "inlined" : "by reference");
  }
  /// What the lines of one chart of times share.
  [[nodiscard]] std::string panel() const {
    auto made = way();
    if (!round_trip.empty() && round_trip != "0") made += fmt::format(", round trip {} ms", round_trip);
    if (!parallel.empty()) made += fmt::format(", {} in flight", parallel);
    return made;
  }
};

/// False if the name is not one of the grid.
bool read_name(std::string_view text, GridName& name) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) break;
    text.remove_prefix(slash + 1);
  }
  const auto count = std::ranges::find_if(parts, [](std::string_view part) { return part.starts_with("n:"); });
  if (count - parts.begin() < 2 || count == parts.end()) return false;
  name.operation = parts.front();
  for (auto part = parts.begin() + 1; part != count; ++part) {
    name.variant += (name.variant.empty() ? "" : "/") + std::string(*part);
  }
  const auto number = count->substr(2);
  const auto read = std::from_chars(number.data(), number.data() + number.size(), name.count);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size() || !std::isfinite(name.count)) return false;
  for (auto part = count + 1; part != parts.end(); ++part) {
    const auto colon = part->find(':');
    if (colon == std::string_view::npos) continue;
    const auto key = part->substr(0, colon);
    const std::string value(part->substr(colon + 1));
    if (key == "policy") name.policy = value;
    if (key == "by") name.inlined = value == "inlined";
    if (key == "rtt") name.round_trip = value;
    if (key == "parallel") name.parallel = value;
  }
  return true;
}

/// The repetitions of one benchmark.
struct GridCell {
  GridName name;
  std::vector<double> seconds;
  std::vector<double> requests;
  std::vector<double> up;
  std::vector<double> down;
  std::string wrong;  ///< why it does not count
};

std::size_t rank(std::span<const std::string_view> order, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(order, name) - order.begin());
}

/// Before others stand: what the grid has first, by reference, with the shorter way. Google Benchmark mixes
/// repetitions, so that the order of a file says nothing.
bool stands_before(const GridCell& a, const GridCell& b) {
  static constexpr std::array<std::string_view, 5> kOperations{"verify", "discover", "attach", "pull", "copy"};
  static constexpr std::array<std::string_view, 3> kPolicies{"all", "one", "none"};
  const auto key = [](const GridCell& cell) {
    const auto& name = cell.name;
    // Numbers: the shorter is the smaller.
    return std::tuple(rank(kOperations, name.operation), std::string_view(name.operation), name.inlined,
                      name.round_trip.size(), std::string_view(name.round_trip), rank(kPolicies, name.policy),
                      std::string_view(name.policy), name.parallel.size(), std::string_view(name.parallel),
                      std::string_view(name.variant), name.count);
  };
  return key(a) < key(b);
}

/// The benchmarks of one target.
class Cells {
 public:
  tl::expected<void, std::string> add(const nlohmann::json& run, std::string_view name) {
    const auto [known, fresh] = places_.emplace(name, cells_.size());
    if (fresh) {
      cells_.emplace_back();
      if (!read_name(name, cells_.back().name)) {
        return tl::unexpected(fmt::format("the benchmark {} is none of `referee bench`", name));
      }
    }
    auto& cell = cells_[known->second];
    if (run.contains("error_occurred")) {
      cell.wrong = fields::text(run, "error_message");
      if (cell.wrong.empty()) cell.wrong = "no reason is given";
      return {};
    }
    static const std::map<std::string, double> kUnits{{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
    const auto unit = kUnits.find(fields::text(run, "time_unit"));
    const double time = fields::number(run, "real_time");
    if (unit == kUnits.end() || time < 0) return tl::unexpected(fmt::format("the benchmark {} has no time", name));
    cell.seconds.push_back(time * unit->second);
    cell.requests.push_back(fields::number(run, "requests"));
    cell.up.push_back(fields::number(run, "bytes_up"));
    cell.down.push_back(fields::number(run, "bytes_down"));
    return {};
  }

  /// Nothing can be added afterwards.
  void sort() { std::ranges::stable_sort(cells_, stands_before); }
  [[nodiscard]] const std::vector<GridCell>& all() const { return cells_; }

 private:
  std::vector<GridCell> cells_;
  std::map<std::string, std::size_t, std::less<>> places_;
};

/// The chart of that title and panel, which comes into being with its first point.
Chart& chart_at(std::vector<Chart>& charts, const std::string& title, const std::string& panel, const char* unit) {
  auto found =
      std::ranges::find_if(charts, [&](const Chart& chart) { return chart.title == title && chart.panel == panel; });
  if (found == charts.end()) {
    found = charts.insert(found, Chart{title, "attachments", unit, true, true, {}, panel});
  }
  return *found;
}

void add_point(Chart& chart, const std::string& name, double x, double y) {
  auto found = std::ranges::find(chart.series, name, &Series::name);
  if (found == chart.series.end()) found = chart.series.insert(found, Series{name, {}, ""});
  const auto place = std::ranges::lower_bound(found->points, x, {}, &std::pair<double, double>::first);
  // Of several round trips the requests are the same: one point is enough.
  if (place == found->points.end() || place->first != x) found->points.insert(place, {x, y});
}

/// Times first, then requests, operation by operation.
std::vector<Chart> charts_of(const Cells& cells) {
  std::vector<std::string> operations;
  for (const auto& cell : cells.all()) {
    if (std::ranges::find(operations, cell.name.operation) == operations.end())
      operations.push_back(cell.name.operation);
  }
  std::vector<Chart> charts;
  for (const auto& operation : operations) {
    for (const bool time : {true, false}) {
      for (const auto& cell : cells.all()) {
        if (cell.name.operation != operation || !cell.wrong.empty() || cell.seconds.empty()) continue;
        auto& chart = time ? chart_at(charts, operation + ": time", cell.name.panel(), "median, seconds")
                           : chart_at(charts, operation + ": requests", cell.name.way(), "requests");
        add_point(chart, cell.name.variant, cell.name.count, median(time ? cell.seconds : cell.requests));
      }
    }
  }
  return charts;
}

Table table_of(const Cells& cells) {
  Table table{"Every benchmark; times in ms",
              {"operation", "variant", "attachments", "how", "requests", "bytes sent", "bytes received", "median",
               "least", "most", "repetitions"},
              {}};
  for (const auto& cell : cells.all()) {
    if (!cell.wrong.empty() || cell.seconds.empty()) continue;
    const auto in_ms = [](double seconds) { return fmt::format("{:.2f}", seconds * 1000); };
    const auto [least, most] = std::ranges::minmax(cell.seconds);
    table.rows.push_back({cell.name.operation, cell.name.variant, fmt::format("{:.0f}", cell.name.count),
                          cell.name.panel(), fmt::format("{:.0f}", median(cell.requests)),
                          fmt::format("{:.0f}", median(cell.up)), fmt::format("{:.0f}", median(cell.down)),
                          in_ms(median(cell.seconds)), in_ms(least), in_ms(most), std::to_string(cell.seconds.size())});
  }
  return table;
}

/// The lines of a chart at the largest count at which there are two or more: the lowest and the highest.
std::string span_of(const Chart& times) {
  std::map<double, std::vector<std::pair<double, std::string>>> at;
  for (const auto& series : times.series) {
    for (const auto& [x, y] : series.points) at[x].emplace_back(y, series.name);
  }
  if (at.size() < 2 || at.rbegin()->second.size() < 2) return "";
  const auto& [count, values] = *at.rbegin();
  const auto [low, high] = std::ranges::minmax(values);
  if (low.first <= 0) return "";
  return fmt::format(
      "{}, {}, {:.0f} attachments: {:.2f} ms with {} and {:.2f} ms with {} ({:.1f} times as long), medians.",
      times.title.substr(0, times.title.find(':')), times.panel, count, low.first * 1000, low.second, high.first * 1000,
      high.second, high.first / low.first);
}

/// What the context of a file says of what the target has not got: lines of `D/index, n:10000: why`.
Table missing_of(const std::string& lines, const Cells& cells) {
  Table table{"Not measured", {"what", "why"}, {}};
  std::string_view rest(lines);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos) {
      table.rows.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
    }
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  for (const auto& cell : cells.all()) {
    if (cell.wrong.empty()) continue;
    table.rows.push_back({fmt::format("{} with {}, {:.0f} attachments, {}", cell.name.operation, cell.name.variant,
                                      cell.name.count, cell.name.panel()),
                          "does not count: " + cell.wrong});
  }
  return table;
}

Result result_of(const nlohmann::json& context, const char* target, const Cells& cells) {
  Result result;
  result.scenario = "protocol";
  result.about = "What the operations of each proposal cost, by the number of attachments that an image has.";
  result.target = fields::text(context, target);
  result.tool_version = fields::text(context, "tool_version");
  result.seed = fields::seed(fields::text(context, "seed"));
  const auto started = fields::text(context, "started");
  static_cast<void>(std::from_chars(started.data(), started.data() + started.size(), result.started));
  const auto took = fields::text(context, "seconds");
  static_cast<void>(std::from_chars(took.data(), took.data() + took.size(), result.seconds));
  result.host = fields::host(context);
  const double cpus = fields::number(context, "num_cpus");
  if (cpus >= 0 && cpus < 1e6) result.host.cpus = static_cast<int>(cpus);
  if (const auto& load = fields::list(context, "load_avg"); load.is_array() && !load.empty() && load[0].is_number()) {
    result.host.load = load[0].get<double>();
  }
  const auto wrong = std::ranges::count_if(cells.all(), [](const GridCell& cell) { return !cell.wrong.empty(); });
  if (wrong > 0)
    result.incomplete = fmt::format("{} of {} {} not count", wrong, oci::counted(cells.all().size(), "benchmark"),
                                    wrong == 1 ? "does" : "do");
  result.charts = charts_of(cells);
  for (const auto& chart : result.charts) {
    if (!chart.title.ends_with(": time")) continue;
    if (auto said = span_of(chart); !said.empty()) result.findings.push_back(std::move(said));
  }
  result.tables.push_back(table_of(cells));
  if (auto missing = missing_of(fields::text(context, "absent"), cells); !missing.rows.empty()) {
    result.tables.push_back(std::move(missing));
  }
  return result;
}

}  // namespace

tl::expected<std::vector<Result>, std::string> fields::read_grid(const nlohmann::json& document) {
  const auto& context = object(document, "context");
  const bool two = !text(context, "second_target").empty();
  Cells first;
  Cells second;
  for (const auto& run : list(document, "benchmarks")) {
    if (!run.is_object()) return tl::unexpected(std::string("a benchmark is no object"));
    if (text(run, "run_type") == "aggregate") continue;
    auto name = text(run, "run_name");
    if (name.empty()) name = text(run, "name");
    const bool other = two && name.starts_with("B/");
    const auto added = (other ? second : first).add(run, std::string_view(name).substr(two ? 2 : 0));
    if (!added) return tl::unexpected(added.error());
  }
  std::vector<Result> results;
  for (auto* cells : {&first, &second}) {
    cells->sort();
    if (!cells->all().empty())
      results.push_back(result_of(context, cells == &first ? "target" : "second_target", *cells));
  }
  if (results.empty()) return tl::unexpected(std::string("it has no benchmark"));
  return results;
}

}  // namespace referee::bench
