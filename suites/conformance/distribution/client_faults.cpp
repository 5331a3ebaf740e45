// What a client did wrong is answered as the client's error, so that he looks for it on his side and does not repeat
// it.

#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {

void register_client_faults(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-blobs/single-post-mismatch-4xx",
                 .title = "A single POST whose bytes do not match the digest is the client's error",
                 .how = "Sends POST with the digest of other content: 4xx, or 202 and an upload that could go on.",
                 .requirements = {"dist.push.single-post.mismatch-4xx"},
                 .needs = {Capability::kSinglePost},
                 .after = {kPostPut},
                 .kills = {"r.upload.single-post-mismatch-500"},
                 .tags = {"push", "errors"},
                 .body = [](Context& t) {
                   const auto other = t.absent_digest().str();
                   const auto answer = t.registry().post_blob(t.repository(), other, t.random().bytes(256)).value();
                   if (answer.status != 202) {
                     EXPECT_THAT(answer, IsClientError());
                   }
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/not-json",
                 .title = "A body that is no JSON is refused as an image manifest, by a client error",
                 .how = "PUTs a text, half an object and a list as an image manifest, each under its digest.",
                 .requirements = {"dist.manifests.not-json"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.not-json-500", "r.put.not-json-ok"},
                 .tags = {"push", "errors"},
                 .body = [](Context& t) {
                   t.pushed_image();
                   for (const std::string body : {"no JSON at all", R"({"schemaVersion":2,"layers":[)", "[]"}) {
                     const oci::Content manifest(std::string(oci::media_type::kManifest), body);
                     EXPECT_THAT(t.registry().put_manifest(t.repository(), manifest.digest().str(), manifest).value(),
                                 IsClientError())
                         << "a manifest whose body is `" << body << "` is no JSON object, and is refused with a 4xx";
                   }
                 }});
}

}  // namespace referee::suites::distribution
