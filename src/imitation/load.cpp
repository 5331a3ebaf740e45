#include <algorithm>

#include "layouts.hpp"
#include "operations.hpp"
#include "referee/oci/layout.hpp"
#include "referee/proposals/archive.hpp"
#include "referrers.hpp"

namespace referee::imitation {
namespace {

constexpr std::uint64_t kMostLoaded = 64ULL << 20U;  // bytes of a manifest

/// Entries that name a subject themselves are in no list yet, where the clients keep it.
Done<void> list_loaded(Session& session, const oci::Layout& layout) {
  const auto entries = layout.entries();
  if (!entries) return tl::unexpected(entries.error().message);
  for (const auto& entry : *entries) {
    const auto manifest = layout.get(entry, kMostLoaded);
    if (!manifest) return tl::unexpected(manifest.error().message);
    const auto document = read_document(*manifest);
    if (!document || document->subject.empty()) continue;
    const auto lacks = lacks_api(session, document->subject);
    if (!lacks) return tl::unexpected(lacks.error());
    if (!*lacks) continue;
    if (auto listed = list_referrer(session, *manifest, *document); !listed) return listed;
  }
  return {};
}

}  // namespace

Done<std::string> load(const Imitation& imitation, const Order& order) {
  const auto reference = parse_repository(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  const auto layout = oci::Layout::open(order.layout);
  if (!layout) return tl::unexpected(layout.error().message);
  Session session(imitation, order, *reference);
  const auto variant = variant_for(session);
  if (!variant) return tl::unexpected(variant.error());
  proposals::Wire wire(session.registry(), session.repository());
  const auto proposal = (*variant)->open(wire, {});
  const auto support = proposal->prepare();
  if (!support) return tl::unexpected(support.error().message);
  if (!support->present) return tl::unexpected("the registry lacks what it needs: " + support->evidence);
  const auto loaded = proposals::archive::load(*layout, **variant, *proposal);
  if (!loaded) return tl::unexpected(loaded.error().message);
  if (const auto listed = list_loaded(session, *layout); !listed) return tl::unexpected(listed.error());
  auto names = loaded->names;
  std::ranges::sort(names);
  std::string lines;
  for (const auto& name : names) lines += "tag " + name + "\n";
  return lines;
}

}  // namespace referee::imitation
