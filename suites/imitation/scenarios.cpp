#include "imitation/scenarios.hpp"

#include <algorithm>
#include <iterator>

namespace referee::imitation {

std::vector<Scenario> scenarios() {
  std::vector<Scenario> all;
  for (auto part : {fallback_scenarios(), list_scenarios(), content_scenarios(), verify_scenarios(), copy_scenarios(),
                    upkeep_scenarios()}) {
    std::ranges::move(part, std::back_inserter(all));
  }
  return all;
}

}  // namespace referee::imitation
