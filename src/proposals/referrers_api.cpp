#include "referrers_api.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace referee::proposals {
namespace {

std::string referrers_of(const Wire& wire, std::string_view digest) {
  return fmt::format("/v2/{}/referrers/{}", wire.repository(), digest);
}

/// Some registries list the config's media type as artifactType, which says nothing where the config is the empty one:
/// those manifests have to be read.
Outcome<void> tell_types(Proposal& proposal, std::vector<Entry>& entries) {
  return read_manifests(proposal, entries, [](const Entry& entry) {
    return entry.artifact_type.empty() || entry.artifact_type == oci::media_type::kEmpty;
  });
}

}  // namespace

Outcome<Support> ReferrersApi::probe() {
  const auto path = referrers_of(wire(), oci::empty_blob().digest().str());
  const auto answer = wire().request("GET", path, {}, {}, {200, 400, 404, 405});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != 200) return Support{false, fmt::format("GET {} answered {}", path, answer->status)};
  return probe_field();
}

Outcome<Support> ReferrersApi::probe_field() {
  // Two specifications share the path: which field the registry reads shows by what it lists.
  const std::string type = "application/vnd.referee.probe.v1+json";
  const oci::Content absent(std::string(oci::media_type::kManifest), "a manifest that nobody ever pushed");
  const auto parcel = referrer_artifact({type, "probe", {}, {type, "probe"}}, absent.descriptor(), field_, true);
  const auto digest = parcel.manifest.digest().str();
  const auto put = wire().put_manifest(digest, parcel.manifest);
  if (!put) {
    if (put.error().kind == FailureKind::kTransport) return tl::unexpected(put.error());
    return Support{false, fmt::format("a manifest with `{}`: {}", field_, put.error().message)};
  }
  const auto path = referrers_of(wire(), absent.digest().str());
  const auto entries = read_pages(wire(), wire().request("GET", path), "manifests");
  (void)wire().delete_manifest(digest);
  if (!entries) {
    if (entries.error().kind == FailureKind::kTransport) return tl::unexpected(entries.error());
    return Support{false, entries.error().message};
  }
  const bool listed =
      std::ranges::any_of(*entries, [&](const auto& entry) { return entry.descriptor.digest == digest; });
  return Support{listed, fmt::format("GET {} {} a manifest whose `{}` names that digest", path,
                                     listed ? "lists" : "does not list", field_)};
}

Parcel ReferrersApi::build(const Attachment& attachment, const oci::Descriptor& subject) const {
  return referrer_artifact(attachment, subject, field_, settings().inlined);
}

Outcome<std::vector<Entry>> ReferrersApi::list(const Subject& subject, const Filter& filter) {
  Wire::Options options;
  if (!filter.artifact_type.empty()) options.query = {{"artifactType", filter.artifact_type}};
  auto entries = read_pages(wire(), wire().request("GET", referrers_of(wire(), subject.descriptor.digest), {}, options),
                            "manifests", filter.artifact_type);
  if (entries && !filter.artifact_type.empty()) {
    if (auto told = tell_types(*this, *entries); !told) return tl::unexpected(told.error());
  }
  return entries;
}

}  // namespace referee::proposals
