#include "referrers_api.hpp"

#include <fmt/format.h>

namespace referee::proposals {
namespace {

std::string referrers_of(const Wire& wire, std::string_view digest) {
  return fmt::format("/v2/{}/referrers/{}", wire.repository(), digest);
}

}  // namespace

Outcome<Support> ReferrersApi::probe() {
  const auto path = referrers_of(wire(), oci::empty_blob().digest().str());
  const auto answer = wire().request("GET", path, {}, {}, {200, 400, 404, 405});
  if (!answer) return tl::unexpected(answer.error());
  return Support{answer->status == 200, fmt::format("GET {} answered {}", path, answer->status)};
}

Parcel ReferrersApi::build(const Attachment& attachment, const oci::Descriptor& subject) const {
  return referrer_artifact(attachment, subject, field_, settings().inlined);
}

Outcome<std::vector<Entry>> ReferrersApi::list(const Subject& subject, const Filter& filter) {
  Wire::Options options;
  if (!filter.artifact_type.empty()) options.query = {{"artifactType", filter.artifact_type}};
  return read_pages(wire(), wire().request("GET", referrers_of(wire(), subject.descriptor.digest), {}, options),
                    "manifests");
}

}  // namespace referee::proposals
