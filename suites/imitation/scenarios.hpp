#pragma once

#include <string>
#include <vector>

namespace referee::imitation {

/// Where a defect shows: what anyone can see after the imitation has played its part.
struct Scenario {
  std::string mutant;
  std::string about;  ///< one line
  std::string (*play)(const std::string& imitation);
  std::string sound;  ///< what is seen of the sound client
  std::string wrong;  ///< and of the one with the defect
};

/// All of them, one for each defect of a client.
std::vector<Scenario> scenarios();

// The parts, a file each.
std::vector<Scenario> fallback_scenarios();
std::vector<Scenario> list_scenarios();
std::vector<Scenario> content_scenarios();
std::vector<Scenario> verify_scenarios();
std::vector<Scenario> copy_scenarios();
std::vector<Scenario> upkeep_scenarios();

}  // namespace referee::imitation
