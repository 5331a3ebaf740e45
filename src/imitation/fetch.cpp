// What only reads: a manifest, a blob, the tags.

#include "files.hpp"
#include "operations.hpp"
#include "pages.hpp"

namespace referee::imitation {

Done<std::string> print_manifest(const Imitation& imitation, const Order& order) {
  const auto reference = parse_reference(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  Session session(imitation, order, *reference);
  return get_manifest(session, reference->reference).map([](const oci::Content& content) { return content.bytes(); });
}

Done<std::string> fetch_blob(const Imitation& imitation, const Order& order) {
  const auto reference = parse_reference(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  Session session(imitation, order, *reference);
  oci::Descriptor descriptor;
  descriptor.digest = reference->reference;
  descriptor.size = kUnknownSize;
  const auto blob = get_blob(session, descriptor);
  if (!blob) return tl::unexpected(blob.error());
  if (const auto written = write_new(order.output, blob->bytes()); !written) return tl::unexpected(written.error());
  return reference->reference + "\n";
}

Done<std::string> print_tags(const Imitation& imitation, const Order& order) {
  const auto reference = parse_repository(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  Session session(imitation, order, *reference);
  const auto tags = read_tags(session);
  if (!tags) return tl::unexpected(tags.error());
  std::string lines;
  for (const auto& tag : *tags) lines += one_line(tag) + "\n";
  return lines;
}

}  // namespace referee::imitation
