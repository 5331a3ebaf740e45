#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Pushing Manifests": how large a manifest may be. Four megabytes are read as 4,000,000 bytes;
/// what happens between that and 4 MiB is only recorded.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr std::size_t kMegabytes4 = 4'000'000;
constexpr std::size_t kMebibytes4 = 4UL * 1024 * 1024;
constexpr std::size_t kMebibytes16 = 16UL * 1024 * 1024;

/// An image manifest of exactly `bytes` bytes; its blobs are pushed.
oci::Content manifest_of_size(Context& t, std::size_t bytes) {
  const auto package = oci::ManifestBuilder()
                           .artifact_type("application/vnd.referee.test.v1")
                           .layer(oci::Content(std::string(oci::media_type::kOctetStream), t.random().hex(64)))
                           .pad_to(bytes)
                           .build();
  for (const auto& blob : package.blobs) t.push(blob);
  return package.manifest;
}

http::Response put_sized(Context& t, const oci::Content& manifest) {
  return t.registry().put_manifest(t.repository(), manifest.digest().str(), manifest).value();
}

}  // namespace

void register_push_sizes(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-manifests/size-4mb",
                 .title = "A manifest of 4 megabytes can be pushed and pulled",
                 .how = "Pushes a manifest of exactly 4,000,000 bytes and compares what comes back.",
                 .requirements = {"dist.manifests.size-4mb"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.limit-1mib", "r.put.limit-truncates"},
                 .tags = {"size", "slow"},
                 .body = [](Context& t) {
                   const auto manifest = manifest_of_size(t, kMegabytes4);
                   ASSERT_THAT(put_sized(t, manifest), HasStatus(201));
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), manifest.digest().str()).value(),
                               ServesContent(manifest));
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/size-4mib",
                 .title = "Whether a manifest of 4 MiB can be pushed",
                 .how = "Pushes a manifest of exactly 4,194,304 bytes; the text says only \"4 megabytes\".",
                 .requirements = {"dist.manifests.size-4mib", "dist.manifests.size-4mb"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.limit-4mb", "r.put.limit-truncates"},
                 .tags = {"size", "slow"},
                 .body = [](Context& t) {
                   const auto manifest = manifest_of_size(t, kMebibytes4);
                   const auto answer = put_sized(t, manifest);
                   const bool whole = answer.status == 201 &&
                                      t.registry().get_manifest(t.repository(), manifest.digest().str()).value().body ==
                                          manifest.bytes();
                   t.observe("4,194,304 bytes", answer.status != 201 ? fmt::format("status {}", answer.status)
                                                : whole              ? "stored"
                                                                     : "accepted, but not served back");
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/size-limit",
                 .title = "Whether manifests of up to 16 MiB meet a limit",
                 .how = "Pushes a manifest of 16 MiB. A registry should have a limit, but may have it higher.",
                 .requirements = {"dist.manifests.size-limit-seen", "dist.manifests.size-limit"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.no-limit"},
                 .tags = {"size", "slow"},
                 .body = [](Context& t) {
                   const auto answer = put_sized(t, manifest_of_size(t, kMebibytes16));
                   t.observe("16 MiB", answer.status == 201 ? "accepted" : "refused");
                 }});
  catalogue.add(
      {.id = "oci-1.1/push-manifests/size-413",
       .title = "A manifest above the limit is refused with 413",
       .how = "Where some manifest of at most 16 MiB is refused for its size, one of 16 MiB must meet 413.",
       .requirements = {"dist.manifests.size-413"},
       .needs = {Capability::kManifestLimit},
       .after = kByDigest,
       .kills = {"r.put.limit-400", "r.put.limit-500"},
       .tags = {"size", "slow"},
       .body = [](Context& t) { EXPECT_THAT(put_sized(t, manifest_of_size(t, kMebibytes16)), HasStatus(413)); }});
  catalogue.add({.id = "oci-1.1/push-manifests/size-refused-not-stored",
                 .title = "A manifest that was refused for its size is not there",
                 .how = "After the refusal of a manifest of 16 MiB its digest must not be found.",
                 .requirements = {"dist.manifests.refused-not-stored"},
                 .needs = {Capability::kManifestLimit},
                 .after = kByDigest,
                 .kills = {"r.put.limit-stores-anyway"},
                 .tags = {"size", "slow"},
                 .body = [](Context& t) {
                   const auto manifest = manifest_of_size(t, kMebibytes16);
                   if (put_sized(t, manifest).status == 201) return;
                   EXPECT_THAT(t.registry().head_manifest(t.repository(), manifest.digest().str()).value(),
                               HasStatus(404));
                 }});
}

}  // namespace referee::suites::distribution
