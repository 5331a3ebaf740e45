#include <gmock/gmock.h>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Pushing Manifests with Subject".
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr std::string_view kReferrerType = "application/vnd.referee.test.v1";

oci::Content index_about(Context& t, const oci::Descriptor& subject) {
  return oci::IndexBuilder()
      .artifact_type(kReferrerType)
      .manifest(t.pushed_image().descriptor())
      .subject(subject)
      .build();
}

void register_header(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/subject/image-by-digest",
                 .title = "A push of a manifest with a subject is answered with OCI-Subject",
                 .how = "Pushes an image, then by digest an artifact that refers to it.",
                 .requirements = {"dist.subject.header", "O.push.oci-subject"},
                 .needs = {Capability::kReferrers},
                 .after = kByDigest,
                 .kills = {"r.put.no-oci-subject", "r.put.wrong-oci-subject"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto referrer = oci::referrer(t.random(), image.descriptor(), kReferrerType);
                   EXPECT_THAT(t.push(referrer), HasHeader("OCI-Subject", image.digest().str()));
                 }});
  catalogue.add({.id = "oci-1.1/subject/image-by-tag",
                 .title = "OCI-Subject also answers a push by tag",
                 .how = "Pushes an image, then by tag an artifact that refers to it.",
                 .requirements = {"dist.subject.header", "O.push.oci-subject"},
                 .needs = {Capability::kReferrers},
                 .after = {kByTag.front(), "oci-1.1/subject/image-by-digest"},
                 .kills = {"r.put.no-oci-subject-by-tag"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto referrer = oci::referrer(t.random(), image.descriptor(), kReferrerType);
                   for (const auto& blob : referrer.blobs) t.push(blob);
                   EXPECT_THAT(t.push_manifest(referrer.manifest, t.tag("sig")),
                               HasHeader("OCI-Subject", image.digest().str()));
                 }});
  catalogue.add({.id = "oci-1.1/subject/index",
                 .title = "OCI-Subject also answers the push of an index with a subject",
                 .how = "Pushes an image, then an index that refers to it, by digest and by tag.",
                 .requirements = {"dist.subject.header-index", "O.push.oci-subject"},
                 .needs = {Capability::kReferrers},
                 .after = {"oci-1.1/subject/image-by-digest"},
                 .kills = {"r.put.no-oci-subject-index"},
                 .tags = {"index"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto index = index_about(t, image.descriptor());
                   for (const auto& reference : {std::string(), t.tag("sig")}) {
                     EXPECT_THAT(t.push_manifest(index, reference), HasHeader("OCI-Subject", image.digest().str()));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/subject/again",
                 .title = "OCI-Subject also answers a push of what is there already",
                 .how = "Pushes an artifact with a subject twice and looks at the second answer.",
                 .requirements = {"dist.subject.header", "O.push.oci-subject"},
                 .needs = {Capability::kReferrers},
                 .after = {"oci-1.1/subject/image-by-digest"},
                 .kills = {"r.put.oci-subject-first-only"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto referrer = pushed_referrer(t, image.descriptor());
                   EXPECT_THAT(t.push_manifest(referrer.manifest), HasHeader("OCI-Subject", image.digest().str()));
                 }});
  catalogue.add({.id = "oci-1.1/subject/missing",
                 .title = "OCI-Subject also answers when the subject is not there",
                 .how = "Pushes an artifact that refers to an image which was never pushed.",
                 .requirements = {"dist.subject.header", "O.push.oci-subject"},
                 .needs = {Capability::kReferrers},
                 .after = {"oci-1.1/subject/missing-accepted", "oci-1.1/subject/image-by-digest"},
                 .kills = {"r.put.no-oci-subject-missing"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   const auto referrer = oci::referrer(t.random(), image.descriptor(), kReferrerType);
                   EXPECT_THAT(t.push(referrer), HasHeader("OCI-Subject", image.digest().str()));
                 }});
  catalogue.add({.id = "oci-1.1/subject/sha512",
                 .title = "OCI-Subject names a sha512 subject as it stands in the manifest",
                 .how = "Pushes an artifact whose subject, itself not pushed, is addressed by sha512.",
                 .requirements = {"dist.subject.header", "O.push.oci-subject"},
                 .needs = {Capability::kReferrers, Capability::kSha512},
                 .after = {"oci-1.1/subject/missing-accepted", "oci-1.1/subject/image-by-digest"},
                 .kills = {"r.put.oci-subject-sha256-only"},
                 .tags = {"sha512"},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random(), 64, {"amd64", "linux", "", ""}, oci::Algorithm::kSha512);
                   const auto referrer = oci::referrer(t.random(), image.descriptor(), kReferrerType);
                   EXPECT_THAT(t.push(referrer), HasHeader("OCI-Subject", image.digest().str()));
                 }});
  catalogue.add({.id = "oci-1.1/subject/none",
                 .title = "A push of a manifest without a subject has no OCI-Subject",
                 .how = "Pushes an image and an index, neither with a subject.",
                 .requirements = {"dist.subject.header-only-then", "O.push.oci-subject-absent"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.always-oci-subject"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   EXPECT_THAT(t.push(image), HasNoHeader("OCI-Subject"));
                   EXPECT_THAT(t.push_manifest(oci::IndexBuilder().manifest(image.descriptor()).build()),
                               HasNoHeader("OCI-Subject"));
                 }});
}

}  // namespace

void register_push_subject(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/subject/missing-accepted",
                 .title = "A manifest whose subject is not there is accepted",
                 .how = "Pushes an artifact and an index that refer to images which were never pushed.",
                 .requirements = {"dist.subject.missing-accepted"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.reject-missing-subject"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto referrer = oci::referrer(t.random(), oci::image(t.random()).descriptor(), kReferrerType);
                   for (const auto& blob : referrer.blobs) t.push(blob);
                   const auto index = index_about(t, oci::image(t.random()).descriptor());
                   for (const auto& manifest : {referrer.manifest, index}) {
                     EXPECT_THAT(t.registry().put_manifest(t.repository(), manifest.digest().str(), manifest).value(),
                                 HasStatus(201));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/subject/kept",
                 .title = "A manifest with a subject is stored as it was sent",
                 .how = "Pushes an artifact with a subject and compares what comes back.",
                 .requirements = {"dist.manifests.exact-bytes"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.strips-subject"},
                 .tags = {"bytes"},
                 .body = [](Context& t) {
                   const auto referrer = pushed_referrer(t, t.pushed_image().descriptor());
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), referrer.digest().str()).value(),
                               ServesContent(referrer.manifest));
                 }});
  register_header(catalogue);
}

}  // namespace referee::suites::distribution
