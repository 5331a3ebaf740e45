// What makes a Store outlive its process.
#include <nlohmann/json.hpp>

#include "grammar.hpp"
#include "journal.hpp"
#include "manifest_document.hpp"
#include "referee/oci/media_types.hpp"
#include "store.hpp"

namespace referee::registry {

namespace {

using Kind = JournalEntry::Kind;

constexpr std::uint64_t kLargestManifest = 64ULL * 1024 * 1024;

/// The annotation under which image tools look for a name (image-spec, annotations.md).
constexpr const char* kRefName = "org.opencontainers.image.ref.name";

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

ManifestPtr Store::restore_manifest(const JournalEntry& entry, const ParseOptions& options) {
  const auto content = digest_form(entry.digest) == DigestForm::kRegistered ? content_->open(entry.digest) : nullptr;
  const auto bytes = content ? read_all(*content, kLargestManifest) : std::string();
  if (!bytes || bytes->empty()) return nullptr;
  // What was stored under another profile stays, though this one would refuse it.
  auto lenient = options;
  lenient.docker_media_types = true;
  lenient.check_media_type = false;
  lenient.unknown_manifests = true;
  lenient.unknown_fields = true;
  lenient.nested_index = true;
  auto document = parse_manifest(*bytes, entry.media_type, lenient);
  if (!document) document = parse_manifest(*bytes, entry.media_type, {true, false});
  if (!document) return nullptr;
  return std::make_shared<const Manifest>(describe(*document, entry.digest, bytes->size()));
}

void Store::restore_entry(const JournalEntry& entry, const ParseOptions& options) {
  auto& home = repositories_[entry.repository];
  const bool usable = digest_form(entry.digest) == DigestForm::kRegistered;
  switch (entry.kind) {
    case Kind::kRepository:
      break;
    case Kind::kBlob:
      if (usable && content_->open(entry.digest) && home.blobs.insert(entry.digest).second) link(entry.digest);
      break;
    case Kind::kBlobGone:
      if (home.blobs.erase(entry.digest) > 0) --links_[entry.digest];
      break;
    case Kind::kManifest:
      if (const auto manifest = restore_manifest(entry, options)) insert_manifest(home, manifest);
      break;
    case Kind::kManifestGone:
      if (const auto found = home.manifests.find(entry.digest); found != home.manifests.end()) {
        forget_referrer(home, *found->second);
        home.manifests.erase(found);
        std::erase_if(home.tags, [&](const auto& tag) { return tag.second->digest == entry.digest; });
        --links_[entry.digest];
      }
      break;
    case Kind::kTag:
      if (const auto found = home.manifests.find(entry.digest); found != home.manifests.end()) {
        home.tags[entry.tag] = found->second;
      }
      break;
    case Kind::kTagGone:
      home.tags.erase(entry.tag);
      break;
  }
}

void Store::restore(const ParseOptions& options) {
  journal_->replay([&](const JournalEntry& entry) { restore_entry(entry, options); });
  std::erase_if(links_, [](const auto& entry) { return entry.second == 0; });
  std::vector<JournalEntry> entries;
  for (const auto& [name, home] : repositories_) {
    entries.push_back({Kind::kRepository, name, {}, {}, {}});
    for (const auto& digest : home.blobs) entries.push_back({Kind::kBlob, name, digest, {}, {}});
    for (const auto& [digest, manifest] : home.manifests) {
      entries.push_back({Kind::kManifest, name, digest, {}, manifest->media_type});
    }
    for (const auto& [tag, manifest] : home.tags) entries.push_back({Kind::kTag, name, manifest->digest, tag, {}});
  }
  journal_->compact(entries);
  index_dirty_ = true;
  flush();
}

void Store::flush() {
  const std::lock_guard lock(mutex_);
  if (!journal_ || !index_dirty_) return;
  using nlohmann::ordered_json;
  auto manifests = ordered_json::array();
  for (const auto& [name, home] : repositories_) {
    const auto add = [&](const Manifest& manifest, const std::string& reference) {
      ordered_json entry;
      entry["mediaType"] = manifest.media_type;
      entry["digest"] = manifest.digest;
      entry["size"] = manifest.size;
      entry["annotations"][kRefName] = reference;
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
  if (journal_->write_index(index.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n")) {
    index_dirty_ = false;
  }
}

}  // namespace referee::registry
