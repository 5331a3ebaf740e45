// The reading half of Store.
#include "grammar.hpp"
#include "journal.hpp"
#include "store.hpp"

namespace referee::registry {

bool Store::has_repository(const std::string& repository) {
  const std::lock_guard lock(mutex_);
  return find(repository) != nullptr;
}

std::vector<std::string> Store::repositories() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  names.reserve(repositories_.size());
  for (const auto& [name, records] : repositories_) names.push_back(name);
  return names;
}

std::shared_ptr<ContentReader> Store::find_blob(const std::string& repository, const std::string& digest) {
  const std::lock_guard lock(mutex_);
  const auto* home = find(repository);
  return home != nullptr && home->blobs.contains(digest) ? content_->open(digest) : nullptr;
}

bool Store::has_blob(const std::string& repository, const std::string& digest) {
  const std::lock_guard lock(mutex_);
  const auto* home = find(repository);
  return home != nullptr && home->blobs.contains(digest);
}

std::shared_ptr<ContentReader> Store::find_blob_anywhere(const std::string& digest) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, home] : repositories_) {
    if (home.blobs.contains(digest)) return content_->open(digest);
  }
  return nullptr;
}

ManifestPtr Store::find_manifest(const std::string& repository, const std::string& reference) {
  const std::lock_guard lock(mutex_);
  const auto* home = find(repository);
  if (home == nullptr) return nullptr;
  if (looks_like_digest(reference)) {
    const auto found = home->manifests.find(reference);
    return found == home->manifests.end() ? nullptr : found->second;
  }
  return home->tags.find(reference);
}

std::shared_ptr<ContentReader> Store::open_manifest(const std::string& digest) {
  return content_->open(digest);
}

std::optional<TagPage> Store::tags(const std::string& repository, const std::string& last, std::uint64_t most) {
  const std::lock_guard lock(mutex_);
  const auto* home = find(repository);
  if (home == nullptr) return std::nullopt;
  TagPage page;
  auto next = last.empty() ? home->tags.begin() : home->tags.upper_bound(last);
  for (; next != home->tags.end() && page.tags.size() < most; ++next) page.tags.push_back(next->first);
  page.more = next != home->tags.end();
  return page;
}

std::vector<ManifestPtr> Store::referrers(const std::string& repository, const std::string& digest,
                                          const std::string& last) {
  const std::lock_guard lock(mutex_);
  const auto* home = find(repository);
  if (home == nullptr) return {};
  const auto list = home->referrers.find(digest);
  if (list == home->referrers.end()) return {};
  std::vector<ManifestPtr> found;
  auto next = last.empty() ? list->second.begin() : list->second.upper_bound(last);
  for (; next != list->second.end(); ++next) found.push_back(next->second);
  return found;
}

}  // namespace referee::registry
