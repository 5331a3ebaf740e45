#include <algorithm>
#include <array>

#include "scenario.hpp"
#include "sizes.hpp"

namespace referee::suites::benchmarks {

std::span<const Scenario> scenarios() {
  static constexpr std::array kAll{
      Scenario{"rebuild", "reproducible images, all signed again by each build: what piles up, and what it costs",
               rebuild},
      Scenario{"race", "several clients attach at once: what is lost, with and without conditional writes", race},
      Scenario{"signed-fraction",
               "pulls where some images are signed: what it costs to learn that there is no signature", signed_fraction,
               true, false},
      Scenario{"stability", "an image built reproducibly and signed every night: digests that change, bytes to mirror",
               stability, true, false},
      Scenario{"admission", "time to a decision under a policy, by the number of attachments", admission},
      Scenario{"blob", "large blobs, checked while they come: what the check costs in time and in memory", blob, false},
  };
  return kAll;
}

const Scenario* find_scenario(std::string_view name) {
  const auto all = scenarios();
  const auto found = std::ranges::find(all, name, &Scenario::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace referee::suites::benchmarks
