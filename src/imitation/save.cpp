#include <fmt/format.h>

#include "digest_tags.hpp"
#include "layouts.hpp"
#include "operations.hpp"
#include "referee/oci/layout.hpp"
#include "referee/proposals/archive.hpp"
#include "referrers.hpp"

namespace referee::imitation {
namespace {

/// The defect: what was under a digest tag is there, and nobody finds it by name.
oci::LayoutResult<void> drop_digest_tags(const oci::Layout& layout) {
  const auto entries = layout.entries();
  if (!entries) return tl::unexpected(entries.error());
  const auto tagged = [](const oci::Descriptor& entry) { return subject_of(oci::ref_name(entry)).has_value(); };
  if (const auto removed = layout.remove(tagged); !removed) return tl::unexpected(removed.error());
  for (auto entry : *entries) {
    if (!tagged(entry)) continue;
    entry.annotations.erase(std::string(oci::kRefName));
    if (auto added = layout.add(entry); !added) return added;
  }
  return {};
}

Done<std::string> lines_of(const oci::Layout& layout) {
  const auto entries = layout.entries();
  if (!entries) return tl::unexpected(entries.error().message);
  std::string lines;
  for (const auto& entry : *entries) lines += fmt::format("{} {}\n", entry.digest, oci::ref_name(entry));
  return lines;
}

}  // namespace

Done<const proposals::Variant*> variant_for(Session& session) {
  auto id = session.order().variant;
  if (id.empty()) {
    const auto lacks = lacks_api(session, oci::Digest::of("").str());
    if (!lacks) return tl::unexpected(lacks.error());
    id = *lacks ? "oci-1.1/fallback" : "oci-1.1/api";
  }
  const auto* variant = proposals::find_variant(id);
  if (variant == nullptr) return tl::unexpected(fmt::format("--variant: there is no '{}'", id));
  return variant;
}

Done<std::string> save(const Imitation& imitation, const Order& order) {
  const auto reference = parse_reference(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  Session session(imitation, order, *reference);
  const auto root = get_manifest(session, reference->reference);
  if (!root) return tl::unexpected(root.error());
  const auto variant = variant_for(session);
  if (!variant) return tl::unexpected(variant.error());
  const auto layout = oci::Layout::create(order.output);
  if (!layout) return tl::unexpected(layout.error().message);
  proposals::Wire wire(session.registry(), session.repository());
  const auto proposal = (*variant)->open(wire, {});
  // Not prepared: that is for those who write.
  const proposals::Subject subject{root->descriptor(), reference->by_digest() ? "" : reference->reference, *root};
  const auto saved = proposals::archive::save(**variant, *proposal, subject, *layout);
  if (!saved) return tl::unexpected(saved.error().message);
  if (session.has(Defect::kLayoutDropsRefname)) {
    if (const auto dropped = drop_digest_tags(*layout); !dropped) return tl::unexpected(dropped.error().message);
  }
  return lines_of(*layout);
}

}  // namespace referee::imitation
