// Upkeep of a Store: collecting garbage, and reading digest tags when an API is switched on.
#include "grammar.hpp"
#include "journal.hpp"
#include "manifest_document.hpp"
#include "store.hpp"

namespace referee::registry {

namespace {

constexpr std::uint64_t kLargestRescanned = 64ULL * 1024 * 1024;

}  // namespace

/// What one repository needs. Follows links by a list of its own: indexes may nest as deeply as they like, and circles
/// of subject and index are legal.
class Marker {
 public:
  Marker(const Store::Repository& repository, const CollectOptions& options)
      : repository_(repository), options_(options) {
    for (const auto& [tag, manifest] : repository.tags) {
      if (options.digest_tags || !is_digest_tag(tag)) keep(manifest, false);
    }
    for (const auto& [digest, manifest] : repository.manifests) {
      const bool orphan = options.orphans && options.referrers == manifest->link && !manifest->subject.empty();
      if (orphan || (options.nodes && manifest->node)) keep(manifest, false);
    }
    while (!pending_.empty()) {
      const auto [manifest, listed] = pending_.back();
      pending_.pop_back();
      follow(*manifest, listed);
    }
  }

  [[nodiscard]] bool needs_manifest(const std::string& digest) const { return manifests_.contains(digest); }
  [[nodiscard]] bool needs_blob(const std::string& digest) const { return all_blobs_ || blobs_.contains(digest); }

 private:
  struct Pending {
    const Manifest* manifest;
    bool listed;  ///< by an index
  };

  void keep(const ManifestPtr& manifest, bool listed) {
    if (manifests_.insert(manifest->digest).second) pending_.push_back({manifest.get(), listed});
  }

  void follow(const Manifest& manifest, bool listed) {
    // Nobody can tell which blobs a manifest of an unknown type needs.
    all_blobs_ = all_blobs_ || manifest.opaque;
    blobs_.insert(manifest.blobs.begin(), manifest.blobs.end());
    for (const auto& child : manifest.children) {
      if (listed && !options_.nested) break;
      blobs_.insert(child);
      if (const auto found = repository_.manifests.find(child); found != repository_.manifests.end()) {
        keep(found->second, true);
      }
    }
    if (!options_.referrers) return;
    const auto list = repository_.referrers.find(manifest.digest);
    if (list == repository_.referrers.end()) return;
    for (const auto& [digest, referrer] : list->second) {
      if (referrer->link == *options_.referrers) keep(referrer, false);
    }
  }

  const Store::Repository& repository_;
  const CollectOptions& options_;
  std::vector<Pending> pending_;
  std::unordered_set<std::string> manifests_;
  std::unordered_set<std::string> blobs_;
  bool all_blobs_ = false;
};

void Store::sweep(const std::string& name, Repository& repository, const CollectOptions& options, Collected& counts) {
  const Marker marker(repository, options);
  std::vector<ManifestPtr> manifests;
  for (const auto& [digest, manifest] : repository.manifests) {
    if (!marker.needs_manifest(digest)) manifests.push_back(manifest);
  }
  for (const auto& manifest : manifests) {
    forget_referrer(repository, *manifest);
    repository.manifests.erase(manifest->digest);
    record(JournalEntry::Kind::kManifestGone, name, manifest->digest);  // first, as in delete_manifest
    unlink(manifest->digest);
  }
  // Tags are among the roots: none is without its manifest, unless a deviation looked away.
  repository.tags.keep([&](const std::string& digest) { return marker.needs_manifest(digest); });
  std::vector<std::string> blobs;
  for (const auto& digest : repository.blobs) {
    if (!marker.needs_blob(digest)) blobs.push_back(digest);
  }
  for (const auto& digest : blobs) {
    repository.blobs.erase(digest);
    record(JournalEntry::Kind::kBlobGone, name, digest);
    unlink(digest);
  }
  counts.manifests += manifests.size();
  counts.blobs += blobs.size();
  counts.kept_manifests += repository.manifests.size();
  counts.kept_blobs += repository.blobs.size();
}

Collected Store::collect(const CollectOptions& options) {
  const std::lock_guard lock(mutex_);
  Collected counts;
  for (auto& [name, repository] : repositories_) sweep(name, repository, options, counts);
  return counts;
}

std::size_t Store::rescan(const ParseOptions& options, bool everything) {
  struct Candidate {
    std::string repository;
    ManifestPtr manifest;
  };
  std::vector<Candidate> candidates;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, home] : repositories_) {
      for (const auto& [digest, manifest] : home.manifests) {
        if (everything && manifest->link != options.link) candidates.push_back({name, manifest});
      }
      for (const auto& [tag, index] : home.tags) {
        if (!is_digest_tag(tag)) continue;
        for (const auto& child : index->children) {
          const auto found = home.manifests.find(child);
          if (found != home.manifests.end() && found->second->link != options.link) {
            candidates.push_back({name, found->second});
          }
        }
      }
    }
  }
  // Reading and parsing happen outside the mutex; what changed meanwhile was read in the new way already.
  std::size_t found = 0;
  for (const auto& [name, old] : candidates) {
    const auto content = content_->open(old->digest);
    const auto bytes = content ? read_all(*content, kLargestRescanned) : std::string();
    if (!bytes) continue;
    const auto document = parse_manifest(*bytes, old->media_type, options);
    if (!document || document->subject.empty()) continue;
    const auto renewed = std::make_shared<const Manifest>(describe(*document, old->digest, old->size));

    const std::lock_guard lock(mutex_);
    auto& home = repositories_[name];
    const auto held = home.manifests.find(old->digest);
    if (held == home.manifests.end() || held->second != old) continue;
    insert_manifest(home, renewed);
    home.tags.renew(renewed);
    ++found;
  }
  return found;
}

}  // namespace referee::registry
