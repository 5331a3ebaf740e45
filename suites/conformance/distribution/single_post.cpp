// distribution-spec, "Single POST": a whole blob in the request that would open an upload.

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {

void register_single_post(Catalogue& catalogue) {
  catalogue.add(
      {.id = "oci-1.1/push-blobs/single-post",
       .title = "A blob that was pushed by one POST is answered by 201 and is there",
       .how = "Sends POST with digest and bytes and pulls the blob. A registry that answers 202 has no single POST.",
       .requirements = {"dist.push.single-post.201"},
       .needs = {Capability::kSinglePost},
       .after = {kPostPut},
       .kills = {"r.upload.single-post-200"},
       .tags = {"push"},
       .body = [](Context& t) {
         const auto blob = fresh_blob(t);
         const auto digest = blob.digest().str();
         EXPECT_THAT(t.registry().post_blob(t.repository(), digest, blob.bytes()).value(), HasStatus(201));
         EXPECT_THAT(t.registry().get_blob(t.repository(), digest).value(), ServesBlob(blob));
       }});
  catalogue.add({.id = "oci-1.1/push-blobs/single-post-location",
                 .title = "The 201 to a single POST has a Location that serves the blob",
                 .how = "Sends POST with digest and bytes and pulls the URL of the answer.",
                 .requirements = {"dist.push.single-post.location"},
                 .needs = {Capability::kSinglePost},
                 .after = {kPostPut, "oci-1.1/push-blobs/put-location"},
                 .kills = {"r.upload.single-post-no-location"},
                 .tags = {"push"},
                 .body = [](Context& t) {
                   const auto blob = fresh_blob(t);
                   const auto answer =
                       t.registry().post_blob(t.repository(), blob.digest().str(), blob.bytes()).value();
                   expect_pullable(t, location_of(answer), blob);
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/single-post-answer",
                 .title = "A single POST is answered by 201, or by 202 and an upload to go on with",
                 .how = "Sends POST with digest and bytes; after a 202 the blob is pushed to its Location by PUT.",
                 .requirements = {"dist.push.single-post.fallback-202"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.single-post-400"},
                 .tags = {"push"},
                 .body = [](Context& t) {
                   const auto blob = fresh_blob(t);
                   const auto digest = blob.digest().str();
                   const auto answer = t.registry().post_blob(t.repository(), digest, blob.bytes()).value();
                   ASSERT_THAT(answer, HasStatusIn({201, 202}));
                   if (answer.status == 201) return;
                   ASSERT_THAT(answer, HasLocation());
                   EXPECT_THAT(close_upload(t, {answer, location_of(answer)}, digest, blob.bytes()), HasStatus(201));
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/single-post-mismatch",
                 .title = "A single POST whose bytes do not match the digest stores nothing under it",
                 .how = "Sends POST with the digest of other content: not 201, and that digest cannot be pulled.",
                 .requirements = {"dist.push.single-post.digest-matches"},
                 .needs = {Capability::kSinglePost},
                 .after = {kPostPut},
                 .kills = {"r.upload.single-post-unverified"},
                 .tags = {"push", "integrity"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   const auto other = t.absent_digest();
                   EXPECT_THAT(t.registry().post_blob(t.repository(), other.str(), t.random().bytes(256)).value(),
                               testing::Not(HasStatus(201)));
                   expect_not_stored(t, other);
                 }});
}

}  // namespace referee::suites::distribution
