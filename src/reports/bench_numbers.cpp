#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "bench_parts.hpp"
#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

/// Columns of x in a table; with more of them each point has a row.
constexpr std::size_t kMostColumns = 32;

struct RowHead {
  bool panels = false;
  bool targets = false;

  void columns(bench::Table& table) const {
    if (panels) table.columns.emplace_back("what");
    if (targets) table.columns.emplace_back("target");
    table.columns.emplace_back("name");
  }
  [[nodiscard]] std::vector<std::string> cells(const Panel& panel, const bench::Series& series) const {
    std::vector<std::string> made;
    if (panels) made.push_back(panel.name);
    if (targets) made.push_back(panel.target);
    made.push_back(series.name);
    return made;
  }
};

void wide(const Figure& figure, const RowHead& head, const std::set<double>& places, Numbers& numbers) {
  auto& table = numbers.table;
  const auto unit = quantity_of(figure.y_label);
  for (const double place : places) table.columns.push_back(value_text(place, quantity_of(figure.x_label)));
  for (const auto& panel : figure.panels) {
    for (const auto& series : panel.chart->series) {
      if (table.rows.size() >= kMostRows) {
        ++numbers.left_out;
        continue;
      }
      auto row = head.cells(panel, series);
      std::map<double, double> values;
      for (const auto& [x, y] : series.points) {
        if (!std::isnan(x)) values.emplace(x, y);
      }
      for (const double place : places) {
        const auto found = values.find(place);
        row.push_back(found == values.end() ? "" : value_text(found->second, unit));
      }
      table.rows.push_back(std::move(row));
    }
  }
}

void tall(const Figure& figure, const RowHead& head, Numbers& numbers) {
  auto& table = numbers.table;
  table.columns.push_back(figure.x_label.empty() ? "x" : figure.x_label);
  table.columns.push_back(figure.y_label.empty() ? "y" : figure.y_label);
  for (const auto& panel : figure.panels) {
    for (const auto& series : panel.chart->series) {
      for (const auto& [x, y] : series.points) {
        if (table.rows.size() >= kMostRows) {
          ++numbers.left_out;
          continue;
        }
        auto row = head.cells(panel, series);
        row.push_back(value_text(x, quantity_of(figure.x_label)));
        row.push_back(value_text(y, quantity_of(figure.y_label)));
        table.rows.push_back(std::move(row));
      }
    }
  }
}

/// What nobody knows is no column.
bench::Table without_empty_columns(bench::Table table) {
  for (auto column = table.columns.size(); column-- > 0;) {
    if (std::ranges::any_of(table.rows, [&](const auto& row) { return !row[column].empty(); })) continue;
    const auto at = static_cast<std::ptrdiff_t>(column);
    table.columns.erase(table.columns.begin() + at);
    for (auto& row : table.rows) row.erase(row.begin() + at);
  }
  return table;
}

/// `2026-11-29 10:20`
std::string minute(double since_epoch) {
  auto text = since_epoch > 0 ? iso_time(since_epoch).substr(0, 16) : std::string();
  std::ranges::replace(text, 'T', ' ');
  return text;
}

std::string duration(double seconds) {
  if (!(seconds > 0) || seconds > 1e9) return "";
  const auto whole = static_cast<long long>(seconds);
  return whole < 60 ? fmt::format("{:.1f} s", seconds) : fmt::format("{} min {} s", whole / 60, whole % 60);
}

std::string machine(const bench::Host& host) {
  auto text = host.cpu;
  if (host.cpus > 0) text += (text.empty() ? "" : ", ") + oci::counted(host.cpus, "CPU");
  if (!host.kernel.empty()) text += fmt::format("{}kernel {}", text.empty() ? "" : ", ", host.kernel);
  return text;
}

}  // namespace

Numbers numbers_of(const Figure& figure, bool several_targets) {
  std::set<double> places;
  std::set<std::string> names;
  for (const auto& panel : figure.panels) {
    names.insert(panel.name);
    for (const auto& series : panel.chart->series) {
      for (const auto& [x, y] : series.points) {
        // What is no number has no order, and no column.
        if (!std::isnan(x) && places.size() <= kMostColumns) places.insert(x);
      }
    }
  }
  Numbers numbers{{figure.title, {}, {}}, 0};
  auto& table = numbers.table;
  if (!figure.x_label.empty()) table.title += ", by " + figure.x_label;
  const RowHead head{names.size() > 1 || (!names.empty() && !names.begin()->empty()), several_targets};
  head.columns(table);
  if (places.size() <= kMostColumns) {
    wide(figure, head, places, numbers);
  } else {
    tall(figure, head, numbers);
  }
  return numbers;
}

std::vector<std::string> disturbances(std::span<const bench::Result> results) {
  std::size_t busy = 0;
  const bench::Host* busiest = nullptr;
  bool is_virtual = false;
  std::set<std::string> governors;
  for (const auto& result : results) {
    const auto& host = result.host;
    if (host.cpus > 0 && host.load > host.cpus / 2.0) {
      ++busy;
      if (busiest == nullptr || host.load / host.cpus > busiest->load / busiest->cpus) busiest = &host;
    }
    is_virtual = is_virtual || !host.virtualized.empty();
    if (!host.governor.empty() && host.governor != "performance") governors.insert(clip(host.governor, 60));
  }
  std::vector<std::string> said;
  if (busiest != nullptr) {
    said.push_back(fmt::format("Something else ran when {} of {} began: a load of up to {:.1f} on {}.", busy,
                               oci::counted(results.size(), "run"), busiest->load, oci::counted(busiest->cpus, "CPU")));
  }
  if (is_virtual) said.emplace_back("It was measured in a virtual machine, whose neighbours nobody sees.");
  for (const auto& governor : governors) {
    said.push_back(fmt::format("The clock of the CPU is not fixed: its governor is {}.", governor));
  }
  return said;
}

bench::Table sources_of(std::span<const Chapter> chapters) {
  bench::Table table{"What was measured",
                     {"what", "target", "version", "started", "took", "seed", "machine", "load", "governor", "virtual"},
                     {}};
  for (const auto& chapter : chapters) {
    for (const auto& one : chapter.results) {
      const auto& result = *one.result;
      const auto& host = result.host;
      // Who counted the CPUs looked at the rest of the machine, too.
      const bool known = host.cpus > 0;
      const auto told = [&](const std::string& text, const char* otherwise) {
        return text.empty() && known ? std::string(otherwise) : text;
      };
      table.rows.push_back({chapter.scenario, one.target, result.tool_version, minute(result.started),
                            duration(result.seconds), std::to_string(result.seed), machine(host),
                            known || host.load > 0 ? fmt::format("{:.2f}", host.load) : std::string(),
                            told(host.governor, "unknown"), told(host.virtualized, "no or unknown")});
    }
  }
  return without_empty_columns(std::move(table));
}

}  // namespace referee::reports
