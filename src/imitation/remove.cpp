#include <nlohmann/json.hpp>

#include "digest_tags.hpp"
#include "operations.hpp"
#include "pages.hpp"
#include "referrers.hpp"
#include "send.hpp"

namespace referee::imitation {
namespace {

/// Takes a deleted manifest out of the list that clients keep for its subject.
Done<void> unlist(Session& session, const std::string& digest, const std::string& subject) {
  const auto by_clients = lacks_api(session, subject);
  if (!by_clients) return tl::unexpected(by_clients.error());
  if (!*by_clients) return {};
  return rewrite_list(session, subject, [&](nlohmann::ordered_json& entries) {
    auto kept = nlohmann::ordered_json::array();
    for (const auto& entry : entries) {
      if (!entry.is_object() || !entry.contains("digest") || entry["digest"] != digest) kept.push_back(entry);
    }
    const bool changed = kept.size() != entries.size();
    entries = std::move(kept);
    return changed;
  });
}

/// The list of its referrers and the tags of proposal D that were about it.
Done<std::string> remove_tags(Session& session, const std::string& digest) {
  auto tags = read_tags(session);
  if (!tags) tags = std::vector{oci::referrers_tag(digest)};  // a registry without a list of tags
  std::string lines;
  for (const auto& tag : *tags) {
    if (!is_about(session, tag, digest)) continue;
    if (tag == oci::referrers_tag(digest)) {
      // Somebody else's use of the tag is none of this client's business.
      const auto content = get_manifest(session, tag);
      if (!content || !is_index(*content)) continue;
    }
    const auto gone = remove_manifest(session, tag);
    if (!gone) return tl::unexpected(gone.error());
    lines += (*gone ? "deleted " : "kept ") + tag + "\n";
  }
  return lines;
}

}  // namespace

Done<std::string> remove(const Imitation& imitation, const Order& order) {
  const auto reference = parse_reference(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  Session session(imitation, order, *reference);
  const auto manifest = get_manifest(session, reference->reference);
  if (!manifest) return tl::unexpected(manifest.error());
  const auto digest = manifest->digest().str();
  const auto gone = remove_manifest(session, digest);
  if (!gone) return tl::unexpected(gone.error());
  if (!*gone) return tl::unexpected("the registry does not delete " + digest);
  auto done = "deleted " + digest + "\n";
  if (session.has(Defect::kDeleteLeavesTag)) return done;
  const auto document = read_document(*manifest);
  if (document && !document->subject.empty()) {
    if (const auto out = unlist(session, digest, document->subject); !out) return tl::unexpected(out.error());
  }
  return remove_tags(session, digest).map([&](const std::string& lines) { return done + lines; });
}

}  // namespace referee::imitation
