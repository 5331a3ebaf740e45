#include "a.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

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
  // Proposal E has the same path, and an index there.
  const bool index = answer->status == 200 && parse_document(answer->body).contains("manifests");
  return Support{answer->status == 200 && !index, fmt::format("GET {}?digest= answered {}{}", referrers_path(wire()),
                                                              answer->status, index ? " with proposal E's index" : "")};
}

Outcome<Newest> A::newest(const Subject& subject, const Filter& filter) {
  Wire::Options options;
  options.query = {{"digest", subject.descriptor.digest}, {"n", "1"}};
  if (!filter.artifact_type.empty()) options.query.emplace_back("artifactType", filter.artifact_type);
  const auto page = wire().request("GET", referrers_path(wire()), {}, options);
  if (!page) return tl::unexpected(page.error());
  const auto descriptors = descriptors_in(*page, "referrers");
  if (!descriptors) return tl::unexpected(descriptors.error());
  if (descriptors->empty()) return Newest{};
  auto entry = entry_of(descriptors->front());
  // A registry may leave the filtering to its clients.
  if (!matches(entry, filter)) return Proposal::newest(subject, filter);
  return Newest{std::move(entry), descriptors->size()};
}

Parcel A::build(const Attachment& attachment, const oci::Descriptor& subject) const {
  auto dated = attachment;
  // The registry sorts by the artifact's own key.
  if (auto date = created(dated.annotations); !date.empty())
    dated.annotations.emplace(kArtifactCreated, std::move(date));
  return artifact_manifest(dated, subject, "subject", settings().inlined);
}

Outcome<std::vector<Entry>> A::list(const Subject& subject, const Filter& filter) {
  Wire::Options options;
  options.query = {{"digest", subject.descriptor.digest}};
  if (settings().page > 0) options.query.emplace_back("n", std::to_string(settings().page));
  if (!filter.artifact_type.empty()) options.query.emplace_back("artifactType", filter.artifact_type);
  return read_pages(wire(), wire().request("GET", referrers_path(wire()), {}, options), "referrers",
                    filter.artifact_type);
}

Variant variant_a() {
  return {"A", "A", "a", true, false, opens<A>(), {Trail::Kind::kField, "subject", oci::media_type::kArtifactManifest}};
}

}  // namespace referee::proposals
