#pragma once

#include <map>
#include <string>
#include <vector>

#include "referee/conformance/catalogue.hpp"

namespace referee::conformance {

struct Shards {
  std::vector<std::vector<std::string>> ids;  ///< for each worker, prerequisites first
  std::map<std::string, std::size_t>
      owner;  ///< whose result of a check that runs in several shards is the one reported
};

/// Spreads checks over at most `jobs` workers, always in the same way. `ids` holds its own prerequisites. Checks with
/// the same prerequisites stay together, so that few prerequisites run twice.
Shards make_shards(const Catalogue& catalogue, const std::vector<std::string>& ids, int jobs);

}  // namespace referee::conformance
