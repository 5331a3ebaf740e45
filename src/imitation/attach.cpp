#include "files.hpp"
#include "operations.hpp"
#include "referee/oci/builder.hpp"
#include "send.hpp"

namespace referee::imitation {

Done<std::string> attach(const Imitation& imitation, const Order& order) {
  const auto reference = parse_reference(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  const auto payload = read_file(order.file);
  if (!payload) return tl::unexpected(payload.error());
  if (order.type.empty()) return tl::unexpected(std::string("--type names no artifactType"));
  const auto equals = order.annotation.find('=');
  if (!order.annotation.empty() && (equals == std::string::npos || equals == 0)) {
    return tl::unexpected(std::string("--annotation is not KEY=VALUE"));
  }
  Session session(imitation, order, *reference);
  const auto subject = get_manifest(session, reference->reference);
  if (!subject) return tl::unexpected(subject.error());
  oci::ManifestBuilder builder;
  builder.artifact_type(order.type).layer({order.type, *payload}).subject(subject->descriptor());
  if (!order.annotation.empty()) {
    builder.annotation(order.annotation.substr(0, equals), order.annotation.substr(equals + 1));
  }
  const auto artifact = builder.build();
  for (const auto& blob : artifact.blobs) {
    if (const auto sent = send_blob(session, blob); !sent) return tl::unexpected(sent.error());
  }
  const auto digest = artifact.digest().str();
  const auto sent = send_manifest(session, digest, artifact.manifest);
  if (!sent) return tl::unexpected(sent.error());
  return digest + "\n";
}

}  // namespace referee::imitation
