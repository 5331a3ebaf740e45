#include "cell.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

namespace referee::suites::benchmarks {
namespace {

using std::chrono::milliseconds;

constexpr std::array kGridOperations{Operation::kAttach, Operation::kDiscover, Operation::kVerify, Operation::kPull,
                                     Operation::kCopy};
constexpr std::array kGridPolicies{Wanted::kAll, Wanted::kOne, Wanted::kNone};

bool verifies(Operation operation) {
  return operation == Operation::kVerify || operation == Operation::kPull;
}

class GridBuilder {
 public:
  struct Axes {
    std::initializer_list<std::size_t> counts;
    std::initializer_list<Wanted> policies = {Wanted::kAll};
    std::initializer_list<bool> inlined = {false};
    std::initializer_list<int> round_trips = {0};
    std::initializer_list<std::size_t> parallel = {8};
  };

  void add(Operation operation, const Axes& axes) {
    for (const auto count : axes.counts) {
      for (const auto wanted : axes.policies) {
        for (const auto inlined : axes.inlined) {
          for (const auto round_trip : axes.round_trips) {
            for (const auto parallel : axes.parallel)
              add({operation, nullptr, count, wanted, inlined, milliseconds(round_trip), parallel});
          }
        }
      }
    }
  }

  Grid finish(std::size_t default_count) { return {std::move(cells_), default_count}; }
  [[nodiscard]] std::size_t size() const { return cells_.size(); }

 private:
  /// Variants next to each other: they are what is compared.
  void add(Cell cell) {
    for (const auto& variant : proposals::variants()) {
      if (cell.inlined && !variant.can_inline) continue;
      cell.variant = &variant;
      if (names_.insert(cell.name()).second) cells_.push_back(cell);
    }
  }

  std::vector<Cell> cells_;
  std::set<std::string> names_;
};

Grid build() {
  GridBuilder builder;
  builder.add(Operation::kVerify, {.counts = {0, 1, 10, 100, 1000}});
  builder.add(Operation::kVerify, {.counts = {100}, .policies = {Wanted::kOne, Wanted::kNone}});
  builder.add(Operation::kVerify, {.counts = {100, 1000}, .inlined = {true}});
  builder.add(Operation::kVerify, {.counts = {10}, .round_trips = {5}, .parallel = {1, 8, 64}});
  builder.add(Operation::kVerify, {.counts = {10}, .round_trips = {25}});
  builder.add(Operation::kVerify, {.counts = {100}, .round_trips = {5}, .parallel = {64}});
  builder.add(Operation::kDiscover, {.counts = {0, 100, 1000}});
  builder.add(Operation::kAttach, {.counts = {0, 100, 1000}});
  builder.add(Operation::kPull, {.counts = {0, 10}});
  builder.add(Operation::kCopy, {.counts = {0, 10}});
  const auto default_count = builder.size();
  for (const auto operation : kGridOperations) {
    const bool checks = verifies(operation);
    const std::initializer_list<std::size_t> counts{0, 1, 10, 100, 1000, 10'000};
    if (checks) {
      builder.add(operation, {.counts = counts,
                              .policies = {kGridPolicies[0], kGridPolicies[1], kGridPolicies[2]},
                              .inlined = {false, true},
                              .round_trips = {0, 5, 25, 100},
                              .parallel = {1, 8, 64}});
    } else {
      builder.add(operation, {.counts = counts, .inlined = {false, true}, .round_trips = {0, 5, 25, 100}});
    }
  }
  return builder.finish(default_count);
}

bool has_wildcard(const std::string& pattern) {
  return pattern.find_first_of("*?[") != std::string::npos;
}

}  // namespace

std::string_view name(Operation operation) {
  switch (operation) {
    case Operation::kAttach:
      return "attach";
    case Operation::kDiscover:
      return "discover";
    case Operation::kVerify:
      return "verify";
    case Operation::kPull:
      return "pull";
    case Operation::kCopy:
      break;
  }
  return "copy";
}

std::string Cell::name() const {
  auto text = fmt::format("{}/{}/n:{}", benchmarks::name(operation), variant->id, count);
  if (verifies(operation)) text += fmt::format("/policy:{}", benchmarks::name(wanted));
  text += fmt::format("/by:{}/rtt:{}", inlined ? "inlined" : "reference", round_trip.count());
  if (verifies(operation)) text += fmt::format("/parallel:{}", parallel);
  return text;
}

const Grid& grid() {
  static const Grid kGrid = build();
  return kGrid;
}

std::string variant_names() {
  std::string names;
  for (const auto& variant : proposals::variants()) names += (names.empty() ? "" : ", ") + std::string(variant.id);
  return names;
}

std::string no_variant(std::string_view id) {
  return fmt::format("there is no variant '{}'; choose from {}", id, variant_names());
}

tl::expected<std::vector<Cell>, std::string> chosen_cells(const std::vector<std::string>& patterns, bool full,
                                                          const std::vector<std::string>& variants) {
  for (const auto& id : variants) {
    if (proposals::find_variant(id) == nullptr) {
      return tl::unexpected(no_variant(id));
    }
  }
  std::vector<Cell> chosen;
  std::set<std::string> matched;
  for (std::size_t at = 0; at < grid().cells.size(); ++at) {
    const auto& cell = grid().cells[at];
    const auto name = cell.name();
    if (!variants.empty() && std::ranges::find(variants, cell.variant->id) == variants.end()) continue;
    bool taken = patterns.empty();
    bool exact = false;
    for (const auto& pattern : patterns) {
      if (::fnmatch(pattern.c_str(), name.c_str(), 0) != 0) continue;
      matched.insert(pattern);
      taken = true;
      exact |= !has_wildcard(pattern);
    }
    if (taken && (full || exact || at < grid().default_count)) chosen.push_back(cell);
  }
  for (const auto& pattern : patterns) {
    if (!matched.contains(pattern)) {
      return tl::unexpected(
          fmt::format("no benchmark matches '{}'; a name is like {}", pattern, grid().cells.front().name()));
    }
  }
  if (chosen.empty()) return tl::unexpected(std::string("only benchmarks of --full are selected: add --full"));
  return chosen;
}

}  // namespace referee::suites::benchmarks
