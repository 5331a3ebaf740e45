#include <algorithm>
#include <array>

#include "scenario.hpp"

namespace referee::suites::benchmarks {

std::span<const Scenario> scenarios() {
  static constexpr std::span<const Scenario> kAll{};
  return kAll;
}

const Scenario* find_scenario(std::string_view name) {
  const auto all = scenarios();
  const auto found = std::ranges::find(all, name, &Scenario::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace referee::suites::benchmarks
