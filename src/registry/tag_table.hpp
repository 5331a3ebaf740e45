#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "manifest.hpp"

namespace referee::registry {

/// The tags of a repository in ASCII order, and those of each digest: what is done to one manifest must not take longer
/// the more tags the repository has. Not thread-safe.
class TagTable {
 public:
  using Map = std::map<std::string, ManifestPtr>;

  [[nodiscard]] Map::const_iterator begin() const { return tags_.begin(); }
  [[nodiscard]] Map::const_iterator end() const { return tags_.end(); }
  [[nodiscard]] Map::const_iterator upper_bound(const std::string& tag) const { return tags_.upper_bound(tag); }
  /// What the tag leads to; null if there is no such tag.
  [[nodiscard]] ManifestPtr find(const std::string& tag) const;

  /// Makes the tag or moves it.
  void point(const std::string& tag, const ManifestPtr& manifest);
  /// All tags of its digest lead to this reading of it from now on.
  void renew(const ManifestPtr& manifest);
  void erase(const std::string& tag);
  void erase_digest(const std::string& digest);
  /// Removes the tags of digests of which `needed` says no.
  void keep(const std::function<bool(const std::string& digest)>& needed);

 private:
  Map tags_;
  std::unordered_map<std::string, std::set<std::string>> by_digest_;  ///< no set is empty
};

}  // namespace referee::registry
