#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "benchmarks/sizes.hpp"
#include "referee/registry/server.hpp"

namespace referee::suites::benchmarks {

/// Grounds of fresh registries, made by the built program.
inline Grounds fresh_grounds(std::vector<std::string> deviations = {}) {
  GroundsOptions options;
  options.executable = REFEREE_BINARY;
  options.deviations = std::move(deviations);
  return Grounds(std::move(options));
}

/// Few repetitions, these variants.
inline ScenarioOptions quick(std::vector<std::string> variants) {
  ScenarioOptions options;
  options.repetitions = 1;
  options.variants = std::move(variants);
  return options;
}

inline bench::Result taken(Found found) {
  EXPECT_TRUE(found) << found.error();
  return found.value_or(bench::Result{});
}

/// The only value, or the first, of the samples of that name.
inline double value_of(const bench::Result& result, const std::string& name) {
  for (const auto& samples : result.samples) {
    if (samples.name == name && !samples.values.empty()) return samples.values.front();
  }
  ADD_FAILURE() << "no samples " << name;
  return -1;
}

inline bool has_samples(const bench::Result& result, const std::string& prefix) {
  for (const auto& samples : result.samples) {
    if (samples.name.starts_with(prefix)) return true;
  }
  return false;
}

/// The cell in the row whose first cells are these, in the first table that has the column; empty if there is none.
inline std::string cell(const bench::Result& result, const std::vector<std::string>& row, const std::string& column) {
  for (const auto& table : result.tables) {
    const auto at = std::ranges::find(table.columns, column) - table.columns.begin();
    if (at == std::ssize(table.columns)) continue;
    for (const auto& cells : table.rows) {
      EXPECT_EQ(cells.size(), table.columns.size()) << table.title;
      if (std::ranges::equal(row, std::span(cells).first(row.size()))) return cells[static_cast<std::size_t>(at)];
    }
  }
  return "";
}

inline std::string findings(const bench::Result& result) {
  std::string text;
  for (const auto& finding : result.findings) text += finding + "\n";
  return text;
}

}  // namespace referee::suites::benchmarks
