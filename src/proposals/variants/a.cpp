#include "a.hpp"

#include <fmt/format.h>

#include "registration.hpp"

namespace referee::proposals {
namespace {

std::string referrers_path(const Wire& wire) {
  return fmt::format("/v2/{}/_oci/artifacts/referrers", wire.repository());
}

}  // namespace

Outcome<Support> A::probe() {
  Wire::Options options;
  options.query = {{"digest", oci::Digest::of("").str()}};
  const auto answer = wire().request("GET", referrers_path(wire()), {}, options, {200, 400, 404, 405});
  if (!answer) return tl::unexpected(answer.error());
  return Support{answer->status == 200,
                 fmt::format("GET {}?digest= answered {}", referrers_path(wire()), answer->status)};
}

Parcel A::build(const Attachment& attachment, const oci::Descriptor& subject) const {
  return artifact_manifest(attachment, subject, "subject", settings().inlined);
}

Outcome<std::vector<Entry>> A::list(const Subject& subject, const Filter& filter) {
  Wire::Options options;
  options.query = {{"digest", subject.descriptor.digest}};
  if (settings().page > 0) options.query.emplace_back("n", std::to_string(settings().page));
  if (!filter.artifact_type.empty()) options.query.emplace_back("artifactType", filter.artifact_type);
  return read_pages(wire(), wire().request("GET", referrers_path(wire()), {}, options), "referrers");
}

Variant variant_a() {
  return {"A", "A", "a", true, false, opens<A>(), {Trail::Kind::kField, "subject", oci::media_type::kArtifactManifest}};
}

}  // namespace referee::proposals
