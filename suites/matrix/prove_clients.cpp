#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <exception>

#include "imitated.hpp"
#include "imitation/scenarios.hpp"
#include "imitation/world.hpp"

namespace referee::suites::matrix {
namespace {

bool is_wanted(const std::string& name, const std::vector<std::string>& patterns) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
           return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
         });
}

std::string played(const imitation::Scenario& scenario, const std::string& name) try {
  return scenario.play(name);
} catch (const std::exception& error) {
  return std::string("the scenario came to nothing: ") + error.what();
}

}  // namespace

tl::expected<conformance::Proof, std::string> prove_clients(const ImitationProofOptions& options,
                                                            const std::function<void(const std::string&)>& progress) {
  auto chosen = imitation::scenarios();
  std::erase_if(chosen, [&](const auto& scenario) { return !is_wanted(scenario.mutant, options.faults); });
  if (chosen.empty()) return tl::unexpected(std::string("no defect of a client matches; `referee list imitations`"));
  imitation::World::use_processes(true);
  conformance::Proof proof;
  proof.profiles = {"clients"};
  for (const auto& scenario : chosen) {
    if (options.interrupted && options.interrupted()) break;
    const auto sound = played(scenario, "sound");
    if (sound != scenario.sound) {
      proof.reference_failures.push_back(
          fmt::format("{}: the sound client should give `{}`, and gave `{}`", scenario.about, scenario.sound, sound));
    }
    conformance::FaultRow row;
    row.fault = scenario.mutant;
    row.profile = "clients";
    const auto wrong = played(scenario, scenario.mutant);
    // Only what the defect is said to do counts: a client that fails for another reason proves nothing.
    (wrong == scenario.wrong ? row.caught_by : row.missed_by)
        .push_back(fmt::format("{}: {} instead of {}", scenario.about, wrong, sound));
    proof.faults.push_back(std::move(row));
    progress(fmt::format("{} of {} clients", proof.faults.size(), chosen.size()));
  }
  imitation::World::use_processes(false);
  return proof;
}

}  // namespace referee::suites::matrix
