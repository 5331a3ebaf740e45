// What makes a Store outlive its process.
#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <set>

#include "journal.hpp"
#include "layout.hpp"
#include "manifest_document.hpp"
#include "referee/oci/layout.hpp"
#include "referee/oci/media_types.hpp"
#include "store.hpp"

namespace referee::registry {

namespace {

using Kind = JournalEntry::Kind;

constexpr std::uint64_t kLargestManifest = 64ULL * 1024 * 1024;

/// What the journal leaves of a repository once all its entries have been read.
struct Kept {
  std::set<std::string> blobs;
  std::map<std::string, std::string> manifests;  ///< digest, media type
  std::map<std::string, std::string> tags;       ///< tag, digest
};

struct Records {
  std::map<std::string, Kept> repositories;
  std::unordered_set<std::string> known;  ///< manifests that there are or were

  void apply(const JournalEntry& entry) {
    auto& home = repositories[entry.repository];
    switch (entry.kind) {
      case Kind::kRepository:
        break;
      case Kind::kBlob:
        home.blobs.insert(entry.digest);
        break;
      case Kind::kBlobGone:
        home.blobs.erase(entry.digest);
        break;
      case Kind::kManifest:
        home.manifests[entry.digest] = entry.media_type;
        known.insert(entry.digest);
        break;
      case Kind::kManifestGone:
        home.manifests.erase(entry.digest);
        std::erase_if(home.tags, [&](const auto& tag) { return tag.second == entry.digest; });
        break;
      case Kind::kTag:
        home.tags[entry.tag] = entry.digest;
        break;
      case Kind::kTagGone:
        home.tags.erase(entry.tag);
        break;
    }
  }
};

struct Findings {
  std::size_t count = 0;
  std::string first;
  void add(const std::string& digest) {
    if (count++ == 0) first = digest;
  }
};

/// An index.json that names what the journal never knew is somebody's work: of another tool, or of a journal that was
/// cut short. Ours would overwrite it. `lost`: so many manifests may have been on lines that were dropped.
tl::expected<void, std::string> check_index(const std::string& folder, const Records& records, std::size_t lost) {
  const auto named = read_index(folder);
  if (!named) return tl::unexpected(named.error());
  std::set<std::string> strange;
  for (const auto& digest : *named) {
    if (!records.known.contains(digest)) strange.insert(digest);
  }
  if (strange.size() <= lost) return {};
  return tl::unexpected(
      fmt::format("{}/index.json names {} manifests that referee/journal.jsonl does not know, first {}: restore the "
                  "journal, or move index.json away to go on without them, or use an empty or new folder",
                  folder, strange.size(), strange.begin()->substr(0, 100)));
}

/// nullptr if its file is missing or unreadable. One that does not match its digest is counted and kept, for a server
/// with a fault may have stored it so. Blobs are not hashed: a start would take minutes.
ManifestPtr load_manifest(ContentStore& store, const std::string& digest, const std::string& media_type,
                          const ParseOptions& options, Findings& altered) {
  const auto content = store.open(digest);
  if (!content) return nullptr;
  const auto bytes = read_all(*content, kLargestManifest);
  if (!bytes) return nullptr;
  const auto expected = oci::Digest::parse(digest);
  if (!expected || oci::Digest::of(*bytes, expected->algorithm()) != *expected) altered.add(digest);
  // What was stored under another profile stays, though this one would refuse it.
  auto lenient = options;
  lenient.docker_media_types = true;
  lenient.check_media_type = false;
  lenient.unknown_manifests = true;
  lenient.unknown_fields = true;
  lenient.nested_index = true;
  auto document = parse_manifest(*bytes, media_type, lenient);
  if (!document) {
    ParseOptions plain;
    plain.check_media_type = false;
    document = parse_manifest(*bytes, media_type, plain);
  }
  if (!document) {
    document = ManifestDocument{};
    document->media_type = media_type;
  }
  return std::make_shared<const Manifest>(describe(*document, digest, bytes->size()));
}

}  // namespace

Manifest describe(const ManifestDocument& document, std::string digest, std::uint64_t size) {
  Manifest manifest{std::move(digest),
                    document.media_type,
                    size,
                    document.subject,
                    document.artifact_type,
                    {},
                    std::chrono::steady_clock::now(),
                    document.link,
                    document.opaque,
                    document.node,
                    document.created,
                    document.blobs,
                    document.manifests};
  manifest.blobs.insert(manifest.blobs.end(), document.elsewhere.begin(), document.elsewhere.end());
  if (!manifest.subject.empty()) manifest.descriptor = referrer_descriptor(document, manifest.digest, size);
  return manifest;
}

tl::expected<std::unique_ptr<Store>, std::string> Store::restore(std::unique_ptr<ContentStore> content,
                                                                 std::unique_ptr<Journal> journal,
                                                                 const ParseOptions& options) {
  Records records;
  const auto cut = journal->replay([&](const JournalEntry& entry) { records.apply(entry); });
  if (!cut) return tl::unexpected(cut.error());
  // A journal of which nothing can be read was not cut by a crash.
  const std::size_t lost = *cut && !records.repositories.empty() ? 1 : 0;
  if (auto same = check_index(journal->folder(), records, lost); !same) return tl::unexpected(same.error());

  auto store = std::make_unique<Store>(std::move(content));
  Findings missing;
  Findings altered;
  std::vector<JournalEntry> entries;
  for (const auto& [name, kept] : records.repositories) {
    auto& home = store->repositories_[name];
    entries.push_back({Kind::kRepository, name, {}, {}, {}});
    for (const auto& digest : kept.blobs) {
      if (!store->content_->open(digest)) missing.add(digest);
      home.blobs.insert(digest);
      store->link(digest);
      entries.push_back({Kind::kBlob, name, digest, {}, {}});
    }
    for (const auto& [digest, media_type] : kept.manifests) {
      auto manifest = load_manifest(*store->content_, digest, media_type, options, altered);
      if (manifest) {
        store->insert_manifest(home, manifest);
      } else {
        missing.add(digest);
      }
      entries.push_back({Kind::kManifest, name, digest, {}, media_type});
    }
    for (const auto& [tag, digest] : kept.tags) {
      const auto found = home.manifests.find(digest);
      if (found == home.manifests.end()) {
        if (!kept.manifests.contains(digest)) missing.add(digest);
        continue;
      }
      home.tags.point(tag, found->second);
      entries.push_back({Kind::kTag, name, digest, tag, {}});
    }
  }
  if (missing.count > 0) {
    return tl::unexpected(fmt::format(
        "store {} lacks content of {} entries of its journal, first {}: put the files back below blobs/, or remove the "
        "entries from referee/journal.jsonl, or use an empty or new folder",
        journal->folder(), missing.count, missing.first));
  }
  if (altered.count > 0) {
    store->warning_ = fmt::format(
        "store {}: {} of its manifests do not match their digests, first {}: served as they are; delete and push them "
        "again",
        journal->folder(), altered.count, altered.first);
  }
  if (auto begun = journal->begin(entries, store->index_text()); !begun) return tl::unexpected(begun.error());
  store->journal_ = std::move(journal);
  return store;
}

void Store::flush() {
  const std::lock_guard lock(mutex_);
  if (journal_ && index_dirty_ && journal_->write_index(index_text())) index_dirty_ = false;
}

std::string Store::index_text() const {
  using nlohmann::ordered_json;
  auto manifests = ordered_json::array();
  for (const auto& [name, home] : repositories_) {
    const auto add = [&](const Manifest& manifest, const std::string& reference) {
      ordered_json entry;
      entry["mediaType"] = manifest.media_type;
      entry["digest"] = manifest.digest;
      entry["size"] = manifest.size;
      entry["annotations"][std::string(oci::kRefName)] = reference;
      manifests.push_back(std::move(entry));
    };
    std::unordered_set<std::string> tagged;
    for (const auto& [tag, manifest] : home.tags) {
      add(*manifest, name + ":" + tag);
      tagged.insert(manifest->digest);
    }
    for (const auto& [digest, manifest] : home.manifests) {
      if (!tagged.contains(digest)) add(*manifest, name + "@" + digest);
    }
  }
  ordered_json index;
  index["schemaVersion"] = 2;
  index["mediaType"] = oci::media_type::kIndex;
  index["manifests"] = std::move(manifests);
  return index.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace referee::registry
