#include "digest_tags.hpp"
#include "operations.hpp"
#include "referrers.hpp"

namespace referee::imitation {
namespace {

/// What a reference names now, without reading it where it is a digest: that may be of something that is gone.
Done<std::string> digest_of(Session& session, const Reference& reference) {
  if (reference.by_digest()) return reference.reference;
  return get_manifest(session, reference.reference).map([](const oci::Content& content) {
    return content.digest().str();
  });
}

}  // namespace

Done<std::string> discover(const Imitation& imitation, const Order& order) {
  const auto reference = parse_reference(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  Session session(imitation, order, *reference);
  const auto found = digest_of(session, *reference).and_then([&](const std::string& digest) {
    return find_referrers(session, digest, order.type);
  });
  if (!found) return tl::unexpected(found.error());
  std::string lines;
  for (const auto& entry : *found) lines += one_line(entry.digest + " " + entry.artifact_type) + "\n";
  return lines;
}

Done<std::string> discover_tagged(const Imitation& imitation, const Order& order) {
  const auto reference = parse_reference(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  Session session(imitation, order, *reference);
  const auto found =
      digest_of(session, *reference).and_then([&](const std::string& digest) { return find_tagged(session, digest); });
  if (!found) return tl::unexpected(found.error());
  std::string lines;
  for (const auto& artifact : *found) {
    lines += (artifact.manifest ? artifact.manifest->digest().str() : "ignored") + " " + one_line(artifact.tag) + "\n";
  }
  return lines;
}

}  // namespace referee::imitation
