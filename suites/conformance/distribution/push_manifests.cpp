#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"
#include "referee/http/url.hpp"

/// distribution-spec, "Pushing Manifests": what the registry answers and what is stored afterwards.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

void push_blobs(Context& t, const oci::Package& package) {
  for (const auto& blob : package.blobs) t.push(blob);
}

std::vector<std::string> malformed_digests(const oci::Package& image) {
  return {"sha256:baddigeststring", image.digest().str().substr(0, 70)};
}

void register_roots(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-manifests/by-digest",
                 .title = "A manifest pushed by digest is answered 201",
                 .how = "Pushes a config and a layer, then PUTs the image manifest under its digest.",
                 .requirements = {"dist.manifests.created", "O.push.201-location"},
                 .needs = {},
                 .after = {"oci-1.1/push-blobs/post-put"},
                 .kills = {"r.put.digest-status-200"},
                 .tags = {"root"},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   push_blobs(t, image);
                   const auto answer =
                       t.registry().put_manifest(t.repository(), image.digest().str(), image.manifest).value();
                   EXPECT_THAT(answer, HasStatus(201));
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/by-tag",
                 .title = "A manifest pushed by tag is answered 201 and the tag leads to it",
                 .how = "PUTs an image manifest under a tag and GETs that tag.",
                 .requirements = {"dist.manifests.created", "dist.manifests.expected", "O.push.201-location"},
                 .needs = {},
                 .after = {"oci-1.1/push-blobs/post-put"},
                 .kills = {"r.put.tag-not-set"},
                 .tags = {"root"},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   push_blobs(t, image);
                   const auto answer = t.registry().put_manifest(t.repository(), t.tag("v1"), image.manifest).value();
                   EXPECT_THAT(answer, HasStatus(201));
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), t.tag("v1")).value(),
                               ServesContent(image.manifest));
                 }});
}

void register_answers(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-manifests/location",
                 .title = "The answer to a manifest push has a Location",
                 .how = "Pushes one manifest by digest and by tag; both answers must have the header.",
                 .requirements = {"dist.manifests.location", "O.push.201-location"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.no-location"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   EXPECT_THAT(t.push(image), HasHeader("Location", testing::Not(testing::IsEmpty())));
                   EXPECT_THAT(t.push_manifest(image.manifest, t.tag("v1")),
                               HasHeader("Location", testing::Not(testing::IsEmpty())));
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/location-pullable",
                 .title = "The Location of a manifest push serves the manifest",
                 .how = "Pushes a manifest by digest and by tag and GETs each Location, absolute or relative.",
                 .requirements = {"dist.manifests.location-pullable", "O.push.201-location"},
                 .needs = {},
                 .after = {"oci-1.1/push-manifests/location"},
                 .kills = {"r.put.location-wrong"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   const auto accepting = with_header("Accept", image.manifest.media_type());
                   for (const auto& answer : {t.push(image), t.push_manifest(image.manifest, t.tag("v1"))}) {
                     const auto url = http::resolve(answer.url, answer.header("Location").value_or(""));
                     EXPECT_THAT(t.registry().get(url, accepting).value(), ServesContent(image.manifest));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/docker-content-digest",
                 .title = "Docker-Content-Digest, if sent, equals the digest that the client gave",
                 .how = "PUTs a manifest by digest and compares the header, when there is one.",
                 .requirements = {"dist.manifests.digest-header", "O.push.201-location"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.wrong-docker-digest"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   const auto answer = t.push(image);
                   EXPECT_EQ(answer.header("Docker-Content-Digest").value_or(image.digest().str()),
                             image.digest().str());
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/docker-content-digest-sha512",
                 .title = "Docker-Content-Digest, if sent, names the client's digest also when it is a sha512",
                 .how = "PUTs a manifest under its sha512 digest and compares the header, when there is one.",
                 .requirements = {"dist.manifests.digest-header", "O.push.201-location"},
                 .needs = {Capability::kSha512, Capability::kSha512Manifests},
                 .after = kByDigest,
                 .kills = {"r.put.docker-digest-sha256-only"},
                 .tags = {"sha512"},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random(), 64, {"amd64", "linux", "", ""}, oci::Algorithm::kSha512);
                   push_blobs(t, image);
                   const auto digest = image.digest().str();
                   const auto answer = t.registry().put_manifest(t.repository(), digest, image.manifest).value();
                   ASSERT_THAT(answer, HasStatus(201));
                   EXPECT_EQ(answer.header("Docker-Content-Digest").value_or(digest), digest);
                 }});
  catalogue.add(
      {.id = "oci-1.1/push-manifests/chunked-body",
       .title = "A manifest body with Transfer-Encoding: chunked is stored whole or refused",
       .how = "PUTs a manifest without a Content-Length. HTTP allows 411; what is accepted must be served.",
       .requirements = {"dist.manifests.chunked-body"},
       .needs = {},
       .after = kByDigest,
       .kills = {"r.put.chunked-refused"},
       .tags = {},
       .body = [](Context& t) {
         const auto image = oci::image(t.random());
         push_blobs(t, image);
         const auto digest = image.digest().str();
         const auto answer = t.registry().put_manifest(t.repository(), digest, image.manifest, chunked()).value();
         t.observe("chunked body", answer.status == 201 ? "accepted" : "refused");
         if (answer.status != 201) return;
         EXPECT_THAT(t.registry().get_manifest(t.repository(), digest).value(), ServesContent(image.manifest));
       }});
}

void register_refusals(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-manifests/digest-mismatch",
                 .title = "A manifest whose bytes do not match the digest is refused",
                 .how = "PUTs a manifest with one blank more than was hashed; any 4xx will do.",
                 .requirements = {"dist.manifests.digest-mismatch"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.accept-digest-mismatch"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   push_blobs(t, image);
                   const auto answer = t.registry()
                                           .put_manifest(t.repository(), image.digest().str(),
                                                         image.manifest.bytes() + " ", image.manifest.media_type())
                                           .value();
                   EXPECT_THAT(answer, IsClientError());
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/digest-mismatch-not-stored",
                 .title = "Nothing is stored for a manifest whose digest did not match",
                 .how = "After a PUT with a wrong digest, neither the claimed nor the real digest may be found.",
                 .requirements = {"dist.manifests.refused-not-stored"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.stores-refused"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   push_blobs(t, image);
                   const oci::Content sent(image.manifest.media_type(), image.manifest.bytes() + " ");
                   for (const auto& digest : {image.digest().str(), sent.digest().str()}) {
                     if (digest == image.digest().str()) {
                       (void)t.registry().put_manifest(t.repository(), digest, sent).value();
                     }
                     EXPECT_THAT(t.registry().get_manifest(t.repository(), digest).value(), HasStatus(404));
                   }
                 }});
  catalogue.add(
      {.id = "oci-1.1/push-manifests/malformed-digest",
       .title = "A reference that is neither a digest nor a tag is refused",
       .how = "PUTs a manifest under `sha256:baddigeststring` and under a digest one character short: no success, and "
              "neither can be pulled.",
       .requirements = {"dist.manifests.reference"},
       .needs = {},
       .after = kByDigest,
       .kills = {"r.put.malformed-digest-ok"},
       .tags = {},
       .body = [](Context& t) {
         const auto image = oci::image(t.random());
         push_blobs(t, image);
         for (const auto& reference : malformed_digests(image)) {
           const auto answer = t.registry().put_manifest(t.repository(), reference, image.manifest).value();
           EXPECT_THAT(answer.status, testing::Ge(400)) << "reference " << reference << " was accepted";
           const auto pulled = t.registry().get_manifest(t.repository(), reference).value();
           EXPECT_THAT(pulled.status, testing::Ge(400)) << "reference " << reference << " can be pulled";
         }
       }});
  catalogue.add({.id = "oci-1.1/push-manifests/malformed-digest-4xx",
                 .title = "A reference that is neither a digest nor a tag is the client's error",
                 .how = "PUTs a manifest under `sha256:baddigeststring` and under a digest one character short.",
                 .requirements = {"dist.manifests.reference-4xx"},
                 .needs = {},
                 .after = {"oci-1.1/push-manifests/malformed-digest"},
                 .kills = {"r.put.malformed-digest-500"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   push_blobs(t, image);
                   for (const auto& reference : malformed_digests(image)) {
                     EXPECT_THAT(t.registry().put_manifest(t.repository(), reference, image.manifest).value(),
                                 IsClientError());
                   }
                 }});
  catalogue.add(
      {.id = "oci-1.1/push-manifests/missing-blob-code",
       .title = "A manifest refused for a missing blob is refused with MANIFEST_BLOB_UNKNOWN",
       .how = "PUTs images whose layer or config was never pushed. Acceptance is allowed.",
       .requirements = {"dist.manifests.missing-reference-code", "dist.manifests.missing-reference"},
       .needs = {},
       .after = kByDigest,
       .kills = {"r.put.missing-blob-code"},
       .tags = {"errors"},
       .body = [](Context& t) {
         for (const bool layer : {true, false}) {
           auto image = oci::image(t.random());
           t.push(image.blobs.at(layer ? 0 : 1));
           const auto answer = t.registry().put_manifest(t.repository(), image.digest().str(), image.manifest).value();
           t.observe(layer ? "missing layer" : "missing config", answer.status == 201 ? "accepted" : "refused");
           if (answer.status == 201) continue;
           EXPECT_THAT(answer, IsClientError());
           // A body of another format than JSON is legal and has no codes.
           if (parse_json(answer.body)) {
             EXPECT_THAT(answer, HasErrorCode("MANIFEST_BLOB_UNKNOWN"));
           }
         }
       }});
  catalogue.add({.id = "oci-1.1/push-manifests/missing-child-code",
                 .title = "An index refused for a missing manifest is refused with MANIFEST_BLOB_UNKNOWN",
                 .how = "PUTs an index that lists an image which was never pushed. Acceptance is allowed.",
                 .requirements = {"dist.manifests.missing-reference-code", "dist.manifests.missing-reference"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.missing-child-code"},
                 .tags = {"errors", "index"},
                 .body = [](Context& t) {
                   const auto index = oci::IndexBuilder().manifest(oci::image(t.random()).descriptor()).build();
                   const auto answer = t.registry().put_manifest(t.repository(), index.digest().str(), index).value();
                   t.observe("missing child", answer.status == 201 ? "accepted" : "refused");
                   if (answer.status == 201) return;
                   EXPECT_THAT(answer, IsClientError());
                   // A body of another format than JSON is legal and has no codes.
                   if (parse_json(answer.body)) {
                     EXPECT_THAT(answer, HasErrorCode("MANIFEST_BLOB_UNKNOWN"));
                   }
                 }});
}

}  // namespace

void register_push_manifests(Catalogue& catalogue) {
  register_roots(catalogue);
  register_answers(catalogue);
  register_refusals(catalogue);
}

}  // namespace referee::suites::distribution
