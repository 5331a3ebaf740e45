#include "tag_table.hpp"

namespace referee::registry {

ManifestPtr TagTable::find(const std::string& tag) const {
  const auto found = tags_.find(tag);
  return found == tags_.end() ? nullptr : found->second;
}

void TagTable::point(const std::string& tag, const ManifestPtr& manifest) {
  erase(tag);
  tags_[tag] = manifest;
  by_digest_[manifest->digest].insert(tag);
}

void TagTable::renew(const ManifestPtr& manifest) {
  const auto names = by_digest_.find(manifest->digest);
  if (names == by_digest_.end()) return;
  for (const auto& tag : names->second) tags_[tag] = manifest;
}

void TagTable::erase(const std::string& tag) {
  const auto found = tags_.find(tag);
  if (found == tags_.end()) return;
  const auto names = by_digest_.find(found->second->digest);
  names->second.erase(tag);
  if (names->second.empty()) by_digest_.erase(names);
  tags_.erase(found);
}

void TagTable::erase_digest(const std::string& digest) {
  const auto names = by_digest_.find(digest);
  if (names == by_digest_.end()) return;
  for (const auto& tag : names->second) tags_.erase(tag);
  by_digest_.erase(names);
}

void TagTable::keep(const std::function<bool(const std::string& digest)>& needed) {
  std::erase_if(by_digest_, [&](const auto& entry) {
    if (needed(entry.first)) return false;
    for (const auto& tag : entry.second) tags_.erase(tag);
    return true;
  });
}

}  // namespace referee::registry
