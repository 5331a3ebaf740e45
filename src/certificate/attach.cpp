#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "referee/certificate/certificate.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/signing/bundle.hpp"

namespace referee::certificate {
namespace {

using Failed = tl::unexpected<std::string>;

tl::expected<http::Response, std::string> pushed(const http::Result& result, std::string_view what) {
  if (!result) return Failed(fmt::format("{} cannot be pushed: {}", what, result.error().message));
  if (result->status != 201) {
    return Failed(fmt::format("{} cannot be pushed: the registry answered {}", what, result->status));
  }
  return *result;
}

/// The entries of the index that is there already; none if there is no index.
std::vector<oci::Descriptor> entries_of(const http::Response& response) {
  std::vector<oci::Descriptor> entries;
  if (response.status != 200 || oci::is_deeper_than(response.body, oci::kDeepestJson)) return entries;
  const auto index = nlohmann::json::parse(response.body, nullptr, false);
  if (!index.is_object() || !index.contains("manifests") || !index["manifests"].is_array()) return entries;
  for (const auto& value : index["manifests"]) {
    if (auto entry = oci::descriptor_from_json(value)) entries.push_back(std::move(*entry));
  }
  return entries;
}

/// distribution-spec, "Referrers Tag Schema": who pushes keeps the list where the registry does not.
tl::expected<void, std::string> list_by_tag(distribution::Registry& registry, const std::string& repository,
                                            const std::string& subject, const oci::Descriptor& referrer) {
  const auto tag = oci::referrers_tag(subject);
  const auto there = registry.get_manifest(repository, tag);
  if (!there) return Failed("the referrers tag cannot be read: " + there.error().message);
  oci::IndexBuilder index;
  for (auto& entry : entries_of(*there)) {
    if (entry.digest != referrer.digest) index.manifest(std::move(entry));
  }
  index.manifest(referrer);
  auto answer = pushed(registry.put_manifest(repository, tag, index.build()), "the referrers tag");
  if (!answer) return Failed(answer.error());
  return {};
}

}  // namespace

tl::expected<Attached, std::string> attach(distribution::Registry& registry, const std::string& repository,
                                           const Submission& submission) {
  auto answer = pushed(distribution::push_package(registry, repository, submission.image), "the submission");
  if (!answer) return Failed(answer.error());
  const oci::Content bundle(std::string(signing::kBundleType), submission.files.at(std::string(kBundleFile)));
  const auto certificate = oci::ManifestBuilder()
                               .artifact_type(signing::kBundleType)
                               .layer(bundle)
                               .subject(submission.image.descriptor())
                               .annotation("dev.sigstore.bundle.content", "dsse-envelope")
                               .annotation("dev.sigstore.bundle.predicateType", std::string(kPredicateType))
                               .build();
  answer = pushed(distribution::push_package(registry, repository, certificate), "the certificate");
  if (!answer) return Failed(answer.error());
  Attached attached{submission.image.digest().str(), certificate.digest().str(), !answer->headers.has("OCI-Subject")};
  if (!attached.fallback) return attached;
  auto descriptor = certificate.descriptor();
  descriptor.artifact_type = signing::kBundleType;
  if (auto listed = list_by_tag(registry, repository, attached.submission, descriptor); !listed) {
    return Failed(listed.error());
  }
  return attached;
}

}  // namespace referee::certificate
