#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "archive.hpp"
#include "image_index.hpp"
#include "listed.hpp"
#include "shared_document.hpp"

namespace referee::proposals::archive {
namespace {

/// Whether this is how proposals name what belongs to a digest: `<alg>-<64 hex>`, and perhaps more after a dot.
bool stands_for_digest(std::string_view name) {
  if (!name.starts_with("sha256-") && !name.starts_with("sha512-")) return false;
  const auto hex = name.substr(7, 64);
  return hex.size() == 64 && hex.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         (name.size() == 71 || name[71] == '.');
}

/// The list that is there with what ours has more.
Outcome<oci::Content> merged(const oci::Content& there, const oci::Content& ours) {
  const auto lines = entries_of(ours);
  if (!lines) return tl::unexpected(lines.error());
  auto result = with_entries(there, *lines);
  const auto carry = [&](std::string_view digest, const oci::Annotations& annotations) {
    Changes carried;
    for (const auto& [key, value] : annotations) {
      if (key.starts_with(kInlinePrefix)) carried.emplace_back(key, value);
    }
    if (result && !carried.empty()) result = with_entry_annotations(*result, digest, carried);
  };
  carry("", annotations_of(ours.bytes()));
  for (const auto& line : *lines) carry(line.digest, line.annotations);
  return result;
}

class Loader {
 public:
  Loader(const oci::Layout& layout, const Variant& variant, Proposal& proposal)
      : layout_(layout), variant_(variant), proposal_(proposal), document_(proposal.wire(), proposal.settings()) {}

  Outcome<Loaded> run() {
    const auto entries = layout_.entries();
    if (!entries) return layout_failure(entries.error());
    std::vector<oci::Descriptor> attachments;
    for (const auto& entry : *entries) {
      if (auto sent = first_pass(entry, attachments); !sent) return tl::unexpected(sent.error());
    }
    for (const auto& entry : attachments) {
      if (auto sent = send_attachment(entry); !sent) return tl::unexpected(sent.error());
    }
    for (const bool images : {false, true}) {
      for (const auto& entry : *entries) {
        const auto name = oci::ref_name(entry);
        if (name.empty() || stands_for_digest(name) == images) continue;
        if (auto sent = send_named(entry, name, images); !sent) return tl::unexpected(sent.error());
      }
    }
    return std::move(loaded_);
  }

 private:
  Wire& wire() { return proposal_.wire(); }

  Outcome<oci::Content> get(const oci::Descriptor& descriptor, std::uint64_t most) {
    auto content = layout_.get(descriptor, most);
    if (!content) return layout_failure(content.error());
    return std::move(*content);
  }

  /// Everything but attachments that name their subject, which may have to be there, and names.
  Outcome<void> first_pass(const oci::Descriptor& entry, std::vector<oci::Descriptor>& attachments) {
    const auto manifest = get(entry, kMostManifest);
    if (!manifest) return tl::unexpected(manifest.error());
    const auto name = oci::ref_name(entry);
    if (variant_.trail.kind == Trail::Kind::kField && name.empty() &&
        !subject_in(manifest->bytes(), variant_.trail.key).empty()) {
      attachments.push_back(entry);
      return {};
    }
    if (name.empty() && std::ranges::find(loaded_.unreached, entry) == loaded_.unreached.end()) {
      loaded_.unreached.push_back(entry);
    }
    if (auto sent = send_below(*manifest, 0); !sent) return sent;
    return stands_for_digest(name) ? Outcome<void>() : send(*manifest, manifest->digest().str());
  }

  Outcome<void> send(const oci::Content& manifest, const std::string& reference) {
    if (!sent_.emplace(reference).second) return {};
    const auto answer = wire().put_manifest(reference, manifest);
    if (!answer) return tl::unexpected(answer.error());
    ++loaded_.manifests;
    return {};
  }

  /// Reads what a manifest names, each blob once; only one of them needs to be in memory.
  Outcome<void> each_blob(const oci::Content& manifest, const std::function<Outcome<void>(oci::Content)>& visit) {
    std::set<std::string> known;
    for (const char* key : {"config", "layers", "blobs", "objects"}) {
      for (const auto& descriptor : descriptors_below(manifest.bytes(), key)) {
        if (!known.insert(descriptor.digest).second) continue;
        auto blob = get(descriptor, oci::Layout::kMostContent);
        if (!blob) return tl::unexpected(blob.error());
        if (auto visited = visit(std::move(*blob)); !visited) return visited;
      }
    }
    return {};
  }

  Outcome<void> send_below(const oci::Content& manifest, int depth) {
    if (depth > kDeepestTree || sent_.size() > kMostManifests) {
      return tl::unexpected(
          Failure{FailureKind::kLimit, fmt::format("{}: more than {} indexes in each other, or {} manifests",
                                                   manifest.digest().str(), kDeepestTree, kMostManifests)});
    }
    for (const auto& child : descriptors_below(manifest.bytes(), "manifests")) {
      if (sent_.contains(child.digest)) continue;
      const auto content = get(child, kMostManifest);
      if (!content) return tl::unexpected(content.error());
      if (auto below = send_below(*content, depth + 1); !below) return below;
      if (auto done = send(*content, child.digest); !done) return done;
    }
    return each_blob(manifest, [&](const oci::Content& blob) { return wire().push_blob(blob); });
  }

  Outcome<void> send_attachment(const oci::Descriptor& entry) {
    auto manifest = get(entry, kMostManifest);
    if (!manifest) return tl::unexpected(manifest.error());
    std::vector<oci::Content> blobs;
    std::uint64_t bytes = 0;
    const auto gathered = each_blob(*manifest, [&](oci::Content blob) -> Outcome<void> {
      bytes += blob.bytes().size();
      if (bytes > oci::Layout::kMostContent) {
        return tl::unexpected(
            Failure{FailureKind::kLimit, fmt::format("the attachment {} has more than {} bytes of payload",
                                                     entry.digest, oci::Layout::kMostContent)});
      }
      blobs.push_back(std::move(blob));
      return {};
    });
    if (!gathered) return tl::unexpected(gathered.error());
    // The variant knows where it goes: not all of them are pushed as manifests under /v2.
    Subject subject;
    subject.descriptor.digest = subject_in(manifest->bytes(), variant_.trail.key);
    Parcel parcel{std::move(*manifest), std::move(blobs), entry_of(entry)};
    if (auto done = proposal_.unpack(subject, {std::move(parcel)}); !done) return done;
    ++loaded_.manifests;
    return {};
  }

  Outcome<void> send_named(const oci::Descriptor& entry, const std::string& name, bool image) {
    const auto manifest = get(entry, kMostManifest);
    if (!manifest) return tl::unexpected(manifest.error());
    loaded_.names.push_back(name);
    if (image) return send(*manifest, name);
    bool same = false;
    const auto edit = [&](const std::optional<oci::Content>& there) -> Outcome<std::optional<oci::Content>> {
      same = there && there->digest() == manifest->digest();
      if (same) return std::nullopt;
      if (!there) return *manifest;
      if (variant_.trail.kind == Trail::Kind::kListTag) {
        auto both = merged(*there, *manifest);
        if (!both) return tl::unexpected(both.error());
        return std::move(*both);
      }
      return tl::unexpected(
          Failure{FailureKind::kConflict, fmt::format("the tag {} leads to {} already, not to {}; it is left alone",
                                                      name, there->digest().str(), manifest->digest().str())});
    };
    if (const auto done = document_.update(name, edit); !done) return tl::unexpected(done.error());
    loaded_.manifests += same ? 0 : 1;
    return {};
  }

  const oci::Layout& layout_;
  const Variant& variant_;
  Proposal& proposal_;
  SharedDocument document_;
  std::set<std::string> sent_;
  Loaded loaded_;
};

}  // namespace

Outcome<Loaded> load(const oci::Layout& layout, const Variant& variant, Proposal& proposal) {
  return Loader(layout, variant, proposal).run();
}

}  // namespace referee::proposals::archive
