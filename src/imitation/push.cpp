#include <fmt/format.h>

#include <set>

#include "operations.hpp"
#include "referee/oci/layout.hpp"
#include "send.hpp"

namespace referee::imitation {
namespace {

constexpr std::uint64_t kMostManifestBytes = 64ULL << 20U;
constexpr int kDeepestIndex = 32;

class Pusher {
 public:
  Pusher(Session& session, const oci::Layout& layout) : session_(session), layout_(layout) {}

  /// Everything below the manifest, not itself.
  Done<void> send_below(const oci::Content& manifest, int depth = 0) {
    if (depth > kDeepestIndex) return tl::unexpected(std::string("too many indexes in each other"));
    const auto document = read_document(manifest);
    if (!document) return tl::unexpected(document.error());
    for (const auto& blob : document->blobs) {
      const auto content = layout_.get(blob);
      if (!content) return tl::unexpected(content.error().message);
      if (auto sent = send_blob(session_, *content); !sent) return sent;
    }
    for (const auto& child : document->manifests) {
      if (!sent_.insert(child.digest).second) continue;
      const auto content = layout_.get(child, kMostManifestBytes);
      if (!content) return tl::unexpected(content.error().message);
      if (auto sent = send_below(*content, depth + 1); !sent) return sent;
      if (auto sent = send_manifest(session_, child.digest, *content); !sent) return sent;
    }
    return {};
  }

 private:
  Session& session_;
  const oci::Layout& layout_;
  std::set<std::string> sent_;
};

/// The entry of the tag's name, or the only one.
Done<oci::Descriptor> entry_for(const oci::Layout& layout, const Reference& reference) {
  const auto entries = layout.entries();
  if (!entries) return tl::unexpected(entries.error().message);
  for (const auto& entry : *entries) {
    if (oci::ref_name(entry) == reference.reference || entry.digest == reference.reference) return entry;
  }
  if (entries->size() == 1) return entries->front();
  return tl::unexpected(
      fmt::format("{} has {} entries, and none is {}", layout.path(), entries->size(), reference.reference));
}

}  // namespace

Done<std::string> push(const Imitation& imitation, const Order& order) {
  const auto reference = parse_reference(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  const auto layout = oci::Layout::open(order.layout);
  if (!layout) return tl::unexpected(layout.error().message);
  const auto entry = entry_for(*layout, *reference);
  if (!entry) return tl::unexpected(entry.error());
  const auto manifest = layout->get(*entry, kMostManifestBytes);
  if (!manifest) return tl::unexpected(manifest.error().message);
  Session session(imitation, order, *reference);
  const auto sent = Pusher(session, *layout).send_below(*manifest).and_then([&] {
    return send_manifest(session, reference->reference, *manifest);
  });
  if (!sent) return tl::unexpected(sent.error());
  return manifest->digest().str() + "\n";
}

}  // namespace referee::imitation
