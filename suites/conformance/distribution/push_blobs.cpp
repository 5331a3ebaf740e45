// distribution-spec, "Pushing a blob monolithically": POST then PUT.

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

void roots(Catalogue& catalogue) {
  catalogue.add(
      {.id = kPostPut,
       .title = "A blob can be pushed by POST and PUT",
       .how = "POST must answer 202 with a Location, PUT of the bytes to it 201, and GET must find the blob.",
       .requirements = {"dist.push.blob.put-201", "dist.push.blob.post-202"},
       .needs = {},
       .after = {},
       .kills = {"r.upload.post-200", "r.upload.put-200"},
       .tags = {"push", "root"},
       .body = [](Context& t) {
         const auto blob = fresh_blob(t);
         const auto opened = t.registry().start_upload(t.repository()).value();
         ASSERT_THAT(opened, HasStatus(202));
         ASSERT_THAT(opened, HasLocation());
         const auto closed =
             t.registry().finish_upload(t.repository(), location_of(opened), blob.digest().str(), blob.bytes()).value();
         EXPECT_THAT(closed, HasStatus(201));
       }});
  catalogue.add({.id = "oci-1.1/push-blobs/put-location",
                 .title = "The 201 of a pushed blob has a Location",
                 .how = "Pushes a blob and looks for the header.",
                 .requirements = {"dist.push.blob.put-location"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.put-no-location"},
                 .tags = {"push"},
                 .body = [](Context& t) {
                   const auto blob = fresh_blob(t);
                   EXPECT_THAT(close_upload(t, open_upload(t), blob.digest().str(), blob.bytes()), HasLocation());
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/location-pullable",
                 .title = "The Location of a pushed blob serves the blob",
                 .how = "Pushes a blob and pulls the URL that the 201 gave, absolute or relative.",
                 .requirements = {"dist.push.blob.location-pullable"},
                 .needs = {},
                 .after = {kPostPut, "oci-1.1/push-blobs/put-location"},
                 .kills = {"r.upload.put-location-wrong"},
                 .tags = {"push"},
                 .body = [](Context& t) {
                   const auto blob = fresh_blob(t);
                   const auto closed = close_upload(t, open_upload(t), blob.digest().str(), blob.bytes());
                   expect_pullable(t, location_of(closed), blob);
                 }});
}

void contents(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-blobs/empty",
                 .title = "A blob of zero bytes can be pushed",
                 .how = "Closes an upload with an empty body and the digest of nothing.",
                 .requirements = {"dist.push.blob.empty"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.empty-refused"},
                 .tags = {"push"},
                 .body = [](Context& t) {
                   const auto empty = fresh_blob(t, 0);
                   EXPECT_THAT(close_upload(t, open_upload(t), empty.digest().str(), empty.bytes()), HasStatus(201));
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/large",
                 .title = "A blob of some megabytes can be pushed in one request",
                 .how = "Pushes 3 MiB of random bytes by one PUT; a proxy with a small body limit shows here.",
                 .requirements = {"dist.push.blob.put-201"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.limit-1mib"},
                 .tags = {"push"},
                 .body = [](Context& t) {
                   const auto blob = fresh_blob(t, std::size_t{3} * 1024 * 1024);
                   EXPECT_THAT(close_upload(t, open_upload(t), blob.digest().str(), blob.bytes()), HasStatus(201));
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/repeat",
                 .title = "A blob can be pushed again",
                 .how = "Pushes the same bytes twice, then pulls them.",
                 .requirements = {"dist.push.blob.repeat"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.repeat-409"},
                 .tags = {"push"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob();
                   EXPECT_THAT(close_upload(t, open_upload(t), blob.digest().str(), blob.bytes()), HasStatus(201));
                   EXPECT_THAT(t.registry().get_blob(t.repository(), blob.digest().str()).value(), ServesBlob(blob));
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/two-clients",
                 .title = "Two clients can push the same blob at the same time",
                 .how = "Opens two uploads, then closes both with the same bytes.",
                 .requirements = {"dist.push.blob.concurrent"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.closed-by-twin"},
                 .tags = {"push", "concurrency"},
                 .body = [](Context& t) {
                   const auto blob = fresh_blob(t);
                   const auto one = open_upload(t);
                   const auto two = open_upload(t);
                   EXPECT_THAT(close_upload(t, one, blob.digest().str(), blob.bytes()), HasStatus(201));
                   EXPECT_THAT(close_upload(t, two, blob.digest().str(), blob.bytes()), HasStatus(201));
                   EXPECT_THAT(t.registry().get_blob(t.repository(), blob.digest().str()).value(), ServesBlob(blob));
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/sha512",
                 .title = "A blob that was pushed by its sha512 can be pulled by it",
                 .how = "Announces and closes an upload with a sha512 digest and pulls the blob by that digest.",
                 .requirements = {"dist.push.blob.sha512"},
                 .needs = {Capability::kSha512},
                 .after = {kPostPut},
                 .kills = {"r.upload.sha512-as-sha256"},
                 .tags = {"push", "sha512"},
                 .body = [](Context& t) {
                   const oci::Content blob("application/octet-stream", t.random().bytes(256), oci::Algorithm::kSha512);
                   const auto upload = open_upload(t);
                   ASSERT_THAT(close_upload(t, upload, blob.digest().str(), blob.bytes()), HasStatus(201));
                   const auto answer = t.registry().get_blob(t.repository(), blob.digest().str()).value();
                   EXPECT_THAT(answer, ServesBlob(blob));
                   EXPECT_THAT(answer, NamesDigestOf(blob.bytes()));
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/digest-algorithm",
                 .title = "An upload can be opened with digest-algorithm",
                 .how = "POST with digest-algorithm=sha256, which every registry has, and a PUT with such a digest.",
                 .requirements = {"dist.push.blob.digest-algorithm"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.digest-algorithm-400"},
                 .tags = {"push"},
                 .body = [](Context& t) {
                   const auto blob = fresh_blob(t);
                   const auto opened =
                       t.registry().start_upload(t.repository(), {.query = {{"digest-algorithm", "sha256"}}}).value();
                   ASSERT_THAT(opened, HasStatus(202));
                   const Upload upload{opened, location_of(opened)};
                   EXPECT_THAT(close_upload(t, upload, blob.digest().str(), blob.bytes()), HasStatus(201));
                 }});
}

}  // namespace

void register_push_blobs(Catalogue& catalogue) {
  roots(catalogue);
  contents(catalogue);
}

}  // namespace referee::suites::distribution
