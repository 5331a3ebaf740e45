#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/proposals/a.hpp"
#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"

/// Proposal A, "Manifest Properties" and "Push Validation": which artifact manifests a registry stores.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences
namespace media_type = oci::media_type;

namespace {

/// An artifact that refers to a fresh image, so that it lacks nothing.
Json whole_fields(Context& t, std::string_view type = "signature/example") {
  return artifact_fields(t, type, "subject", t.pushed_image().descriptor());
}

void register_a_form(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/a/push/artifact-accepted",
                 .title = "An artifact manifest without schemaVersion, config and layers is stored as it is",
                 .how = "Pushes one that refers to an image, under its digest, and pulls it.",
                 .requirements = {"A.push.artifact-accepted"},
                 .needs = kNeedsA,
                 .after = {},
                 .kills = {"r.A.schemaversion-required", "r.put.strip-unknown-field"},
                 .tags = {"root"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto content = artifact(whole_fields(t));
                   ASSERT_THAT(put(t, content), HasStatus(201));
                   EXPECT_THAT(get(t, content.digest().str()), ServesContent(content));
                 }});
  catalogue.add({.id = "proposals/a/push/media-type",
                 .title = "An artifact manifest is served with its own media type",
                 .how = "Pushes one and looks at the Content-Type with which it is pulled.",
                 .requirements = {"A.media.type", "dist.pull.manifest.content-type"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.get.ct-generic"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto content = artifact(whole_fields(t));
                   t.push_manifest(content);
                   EXPECT_THAT(get(t, content.digest().str()),
                               HasMediaType(std::string(media_type::kArtifactManifest)));
                 }});
  catalogue.add({.id = "proposals/a/push/media-type-mismatch",
                 .title = "An artifact whose mediaType contradicts its Content-Type is refused",
                 .how = "Pushes one whose field says that it is an image manifest.",
                 .requirements = {"A.media.type-mismatch"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.put.media-type-unchecked"},
                 .tags = {"errors"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   auto fields = whole_fields(t);
                   fields["mediaType"] = media_type::kManifest;
                   EXPECT_THAT(put(t, artifact(fields)), IsClientError());
                 }});
  catalogue.add({.id = "proposals/a/push/artifacttype-required",
                 .title = "An artifact without artifactType is refused",
                 .how = "Pushes one without the field, and one where it is empty.",
                 .requirements = {"A.push.artifacttype-required"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.A.artifacttype-optional"},
                 .tags = {"errors"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   auto fields = whole_fields(t, "");
                   EXPECT_THAT(put(t, artifact(fields)), IsClientError()) << "artifactType is empty";
                   fields.erase("artifactType");
                   EXPECT_THAT(put(t, artifact(fields)), IsClientError()) << "artifactType is absent";
                 }});
  catalogue.add({.id = "proposals/a/push/artifacttype-any",
                 .title = "Any artifactType is accepted, registered or not",
                 .how = "Pushes artifacts of four types, among them such as the proposal's own examples.",
                 .requirements = {"A.push.artifacttype-any"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.put.reject-unknown-artifact-type"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   for (const auto* type : {"signature/example", "ice-cream/example", "application/vnd.x.y+json",
                                            "application/vnd.referee.unregistered.v1+cbor"}) {
                     EXPECT_THAT(put(t, artifact(whole_fields(t, type))), HasStatus(201))
                         << "an artifact of the type " << type << ", which nobody registered, is taken";
                   }
                 }});
  catalogue.add({.id = "proposals/a/push/in-index",
                 .title = "An index may list an artifact manifest",
                 .how = "Pushes an artifact, and an index whose one entry it is.",
                 .requirements = {"A.push.in-index"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.A.mediatype-in-index-refused"},
                 .tags = {"index"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto content = artifact(whole_fields(t));
                   t.push_manifest(content);
                   EXPECT_THAT(put(t, oci::IndexBuilder().manifest(content.descriptor()).build()), HasStatus(201));
                 }});
}

void register_blobs(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/a/push/blobs-optional",
                 .title = "Whether an artifact may do without blobs",
                 .how = "Pushes artifacts without the field, with an empty list, and with one blob.",
                 .requirements = {"A.push.blobs-optional", "R.annot-only"},
                 .needs = kNeedsA,
                 .after = {},
                 .kills = {"r.A.blobs-required"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   auto fields = whole_fields(t);
                   t.observe("empty", std::to_string(put(t, artifact(fields)).status));
                   fields["blobs"].push_back(oci::to_json(t.pushed_blob().descriptor()));
                   t.observe("one", std::to_string(put(t, artifact(fields)).status));
                   fields.erase("blobs");
                   t.observe("absent", std::to_string(put(t, artifact(fields)).status));
                 }});
  catalogue.add({.id = "proposals/a/push/blobs-order",
                 .title = "The order of an artifact's blobs is kept",
                 .how = "Pushes an artifact whose three blobs are in reverse order of their digests, and pulls it.",
                 .requirements = {"A.push.blobs-order-kept", "R.multi-blob"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.put.artifact-blobs-sorted"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) { expect_blob_order_kept(t, "subject"); }});
  catalogue.add({.id = "proposals/a/push/blobs-no-manifest",
                 .title = "A blob of an artifact must not be a manifest",
                 .how = "Pushes an artifact whose blob is a stored image manifest. Under another media type the same "
                        "digest cannot be told to be one: that answer is observed.",
                 .requirements = {"A.push.blobs-no-manifest"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.A.blobs-manifest-ok"},
                 .tags = {"errors"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   auto fields = whole_fields(t);
                   auto blob = image.descriptor();
                   fields["blobs"] = Json::array({oci::to_json(blob)});
                   EXPECT_THAT(put(t, artifact(fields)), IsClientError());
                   blob.media_type = media_type::kOctetStream;
                   fields["blobs"] = Json::array({oci::to_json(blob)});
                   t.observe("manifest under an opaque media type", std::to_string(put(t, artifact(fields)).status));
                 }});
  catalogue.add({.id = "proposals/a/push/blobs-many",
                 .title = "How many blobs an artifact may have, and how more are refused",
                 .how = "Names one blob 100, 1,000 and 32,000 times in an artifact, which makes more than 4 MiB, until "
                        "it is refused.",
                 .requirements = {"A.push.blob-limit-413"},
                 .needs = kNeedsA,
                 .after = {},
                 .kills = {"r.put.limit-400", "r.put.limit-500"},
                 .tags = {"slow"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto blob = oci::to_json(t.pushed_blob().descriptor());
                   auto fields = whole_fields(t);
                   for (const std::size_t count : {100U, 1000U, 32000U}) {
                     fields["blobs"] = Json(count, blob);
                     const auto status = put(t, artifact(fields)).status;
                     if (status == 201) continue;
                     t.observe("refused", fmt::format("{} blobs with {}", count, status));
                     EXPECT_LT(status, 500) << "a limit is no fault of the server";
                     return;
                   }
                   t.observe("refused", "not up to 32000 blobs");
                 }});
  catalogue.add({.id = "proposals/a/push/blobs-exist",
                 .title = "An artifact whose blob is not there is refused",
                 .how = "Pushes an artifact that names a blob which was never pushed.",
                 .requirements = {"A.push.validation-should"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.A.missing-blob-ok"},
                 .tags = {"errors"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   auto fields = whole_fields(t);
                   fields["blobs"] = Json::array({oci::to_json(fresh_blob(t).descriptor())});
                   EXPECT_THAT(put(t, artifact(fields)), IsClientError());
                 }});
  catalogue.add({.id = "proposals/a/push/blob-artifacttype",
                 .title = "An artifact whose blob has an artifactType is refused",
                 .how = "Pushes an artifact with a blob's descriptor that has the field.",
                 .requirements = {"A.desc.artifacttype-blob-empty"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.A.blob-artifacttype-ok"},
                 .tags = {"errors"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   auto fields = whole_fields(t);
                   auto blob = t.pushed_blob().descriptor();
                   blob.artifact_type = "signature/example";
                   fields["blobs"] = Json::array({oci::to_json(blob)});
                   EXPECT_THAT(put(t, artifact(fields)), IsClientError());
                 }});
}

}  // namespace

void register_a_push(Catalogue& catalogue) {
  register_a_form(catalogue);
  register_blobs(catalogue);
}

}  // namespace referee::suites::proposal_checks
