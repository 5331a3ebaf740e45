#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "archive.hpp"
#include "detached.hpp"
#include "image_index.hpp"
#include "referee/oci/digest.hpp"

namespace referee::proposals::archive {
namespace {

/// Copies trees of manifests from a repository, each once.
class Saver {
 public:
  Saver(Wire& wire, const oci::Layout& layout) : wire_(wire), layout_(layout) {}

  Outcome<oci::Content> read(const std::string& digest) {
    const auto answer = wire_.get_manifest(digest);
    if (!answer) return tl::unexpected(answer.error());
    return content_of(*answer, digest);
  }

  /// The manifest, what is below it, and its blobs. What a manifest needs is there before it.
  Outcome<void> keep(const oci::Content& manifest, int depth = 0) {
    if (!kept_.insert(manifest.digest().str()).second) return {};
    if (depth > kDeepestTree || kept_.size() > kMostManifests) {
      return tl::unexpected(
          Failure{FailureKind::kLimit, fmt::format("{}: more than {} indexes in each other, or {} manifests",
                                                   manifest.digest().str(), kDeepestTree, kMostManifests)});
    }
    for (const auto& child : descriptors_below(manifest.bytes(), "manifests")) {
      if (kept_.contains(child.digest)) continue;
      const auto content = read(child.digest);
      if (!content) return tl::unexpected(content.error());
      if (auto done = keep(*content, depth + 1); !done) return done;
    }
    const auto blobs = blobs_of(wire_, manifest);
    if (!blobs) return tl::unexpected(blobs.error());
    return put(manifest, *blobs);
  }

  Outcome<void> put(const oci::Content& manifest, const std::vector<oci::Content>& blobs) {
    for (const auto& blob : blobs) {
      if (auto written = layout_.put(blob); !written) return layout_failure(written.error());
    }
    if (auto written = layout_.put(manifest); !written) return layout_failure(written.error());
    return {};
  }

  Outcome<void> name(oci::Descriptor entry, const std::string& name) {
    if (!name.empty()) entry.annotations[std::string(oci::kRefName)] = name;
    if (auto added = layout_.add(entry); !added) return layout_failure(added.error());
    return {};
  }

 private:
  Wire& wire_;
  const oci::Layout& layout_;
  std::set<std::string> kept_;
};

Outcome<oci::Content> read_root(Wire& wire, Saver& saver, const Subject& subject) {
  if (subject.root) return *subject.root;
  if (subject.tag.empty()) return saver.read(subject.descriptor.digest);
  const auto answer = wire.get_manifest(subject.tag);
  if (!answer) return tl::unexpected(answer.error());
  return content_of(*answer);
}

Outcome<void> save_list(Wire& wire, Saver& saver, const Subject& subject) {
  const auto tag = oci::referrers_tag(subject.descriptor.digest);
  const auto answer = wire.get_manifest(tag, {200, 404});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 404) return {};
  const auto list = content_of(*answer);
  if (!list) return tl::unexpected(list.error());
  if (auto kept = saver.keep(*list); !kept) return kept;
  return saver.name(list->descriptor(), tag);
}

Outcome<void> save_parcels(Proposal& proposal, Saver& saver, const Subject& subject, const SaveOptions& options) {
  const auto parcels = proposal.pack(subject);
  if (!parcels) return tl::unexpected(parcels.error());
  for (const auto& parcel : *parcels) {
    if (auto put = saver.put(parcel.manifest, parcel.blobs); !put) return put;
    // An attachment's own annotations stay in its manifest: one of them may be a name.
    auto entry = parcel.manifest.descriptor();
    entry.artifact_type = parcel.entry.artifact_type;
    if (options.hints) entry.annotations[std::string(kSubjectHint)] = subject.descriptor.digest;
    if (auto named = saver.name(entry, parcel.entry.tag); !named) return named;
  }
  return {};
}

}  // namespace

std::vector<oci::Descriptor> descriptors_below(std::string_view manifest, std::string_view key) {
  std::vector<oci::Descriptor> found;
  const auto json = parse_document(manifest);
  const auto list = json.is_object() ? json.find(key) : json.end();
  if (!json.is_object() || list == json.end()) return found;
  const auto add = [&](const nlohmann::json& value) {
    if (auto descriptor = oci::descriptor_from_json(value)) found.push_back(std::move(*descriptor));
  };
  if (!list->is_array()) {
    add(*list);
  } else {
    for (const auto& value : *list) add(value);
  }
  return found;
}

Outcome<void> save(const Variant& variant, Proposal& proposal, const Subject& subject, const oci::Layout& layout,
                   const SaveOptions& options) {
  Saver saver(proposal.wire(), layout);
  const auto root = read_root(proposal.wire(), saver, subject);
  if (!root) return tl::unexpected(root.error());
  if (auto kept = saver.keep(*root); !kept) return kept;
  if (auto named = saver.name(root->descriptor(), subject.tag); !named) return named;
  switch (variant.trail.kind) {
    case Trail::Kind::kOwnIndex:
      return {};
    case Trail::Kind::kListTag:
      return save_list(proposal.wire(), saver, subject);
    case Trail::Kind::kField:
    case Trail::Kind::kTag:
    case Trail::Kind::kLayers:
      return save_parcels(proposal, saver, subject, options);
  }
  return {};
}

}  // namespace referee::proposals::archive
