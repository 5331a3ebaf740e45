#include "shards.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace referee::conformance {
namespace {

/// Checks that nothing else depends on, in pieces with common prerequisites.
std::vector<std::vector<std::string>> pieces(const Catalogue& catalogue, const std::vector<std::string>& ids,
                                             std::size_t largest) {
  std::set<std::string> depended_on;
  for (const auto& id : ids) {
    const Check* check = catalogue.find(id);
    depended_on.insert(check->after.begin(), check->after.end());
  }
  std::vector<std::vector<std::string>> found;
  std::map<std::string, std::size_t> open;  // by common prerequisites: the piece that still has room
  for (const auto& id : ids) {
    if (depended_on.contains(id)) continue;
    std::string key;
    for (const auto& before : catalogue.find(id)->after) key += before + ' ';
    const auto place = open.find(key);
    if (place != open.end() && found[place->second].size() < largest) {
      found[place->second].push_back(id);
      continue;
    }
    open[key] = found.size();
    found.push_back({id});
  }
  std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return found;
}

}  // namespace

Shards make_shards(const Catalogue& catalogue, const std::vector<std::string>& ids, int jobs) {
  Shards shards;
  if (ids.empty()) return shards;
  const auto workers = static_cast<std::size_t>(std::clamp(jobs, 1, 64));
  const std::size_t largest = std::max<std::size_t>(1, ids.size() / (workers * 3));
  std::vector<std::vector<std::string>> wanted(workers);
  std::vector<std::set<std::string>> loads(workers);
  for (const auto& piece : pieces(catalogue, ids, largest)) {
    const auto needed = catalogue.with_prerequisites(piece);
    std::size_t best = 0;
    std::size_t best_load = std::numeric_limits<std::size_t>::max();
    for (std::size_t worker = 0; worker < workers; ++worker) {
      auto load = loads[worker];
      load.insert(needed.begin(), needed.end());
      if (load.size() >= best_load) continue;
      best = worker;
      best_load = load.size();
    }
    wanted[best].insert(wanted[best].end(), piece.begin(), piece.end());
    loads[best].insert(needed.begin(), needed.end());
  }
  // Within a worker, the order of `ids`.
  std::map<std::string, std::size_t> place;
  for (std::size_t index = 0; index < ids.size(); ++index) place[ids[index]] = index;
  for (auto& list : wanted) {
    if (list.empty()) continue;
    std::ranges::sort(list, [&](const auto& a, const auto& b) { return place[a] < place[b]; });
    shards.ids.push_back(catalogue.with_prerequisites(list));
    for (const auto& id : shards.ids.back()) shards.owner.emplace(id, shards.ids.size() - 1);
  }
  return shards;
}

}  // namespace referee::conformance
