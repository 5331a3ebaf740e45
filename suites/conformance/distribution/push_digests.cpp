// distribution-spec, "Pushing blobs": what becomes of bytes that do not match, and of digests that are none.

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

/// Digests that name nothing: an unknown algorithm, a wrong length, no hexadecimal.
const std::vector<std::string>& impossible_digests() {
  static const std::vector<std::string> digests{"sha256:abc", "sha256:" + std::string(64, 'z'),
                                                "referee:" + std::string(64, '0')};
  return digests;
}

void mismatch(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-blobs/mismatch-refused",
                 .title = "Bytes that do not match their digest are refused",
                 .how = "Closes an upload with the digest of other content: any client error will do.",
                 .requirements = {"dist.push.blob.mismatch-refused"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.digest-unverified"},
                 .tags = {"push", "integrity"},
                 .body = [](Context& t) {
                   const auto other = t.absent_digest();
                   EXPECT_THAT(close_upload(t, open_upload(t), other.str(), t.random().bytes(256)), IsClientError());
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/mismatch-400",
                 .title = "Bytes that do not match their digest are answered by 400",
                 .how = "Closes an upload with the digest of other content.",
                 .requirements = {"dist.push.blob.invalid-digest-400"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.mismatch-422"},
                 .tags = {"push", "integrity"},
                 .body = [](Context& t) {
                   const auto other = t.absent_digest();
                   EXPECT_THAT(close_upload(t, open_upload(t), other.str(), t.random().bytes(256)), HasStatus(400));
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/mismatch-stores-nothing",
                 .title = "Bytes that do not match their digest are not stored under it",
                 .how = "Closes an upload with the digest of other content, then pulls that digest.",
                 .requirements = {"dist.push.blob.mismatch-stores-nothing"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.mismatch-stored"},
                 .tags = {"push", "integrity"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   const auto other = t.absent_digest();
                   close_upload(t, open_upload(t), other.str(), t.random().bytes(256));
                   expect_not_stored(t, other);
                 }});
  catalogue.add({.id = "oci-1.1/push-blobs/length-lie",
                 .title = "A body that its Content-Length cuts short is not the blob",
                 .how = "Sends a blob whose Content-Length leaves out the last 56 bytes, with the digest of the whole.",
                 .requirements = {"dist.push.blob.length-matches"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.digest-unverified"},
                 .tags = {"push", "integrity"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   const auto blob = fresh_blob(t);
                   const auto upload = open_upload(t);
                   // The connection may end before an answer comes: only what is stored afterwards counts.
                   const auto answer = t.registry().finish_upload(t.repository(), upload.location, blob.digest().str(),
                                                                  blob.bytes(), "", {.claimed_length = 200});
                   if (answer) {
                     EXPECT_THAT(*answer, IsClientError());
                   }
                   expect_not_stored(t, blob.digest());
                 }});
}

void impossible(Catalogue& catalogue) {
  catalogue.add(
      {.id = "oci-1.1/push-blobs/bad-digests-refused",
       .title = "A blob cannot be pushed under a digest that is none",
       .how = "Closes uploads with a short digest, one that is not hexadecimal and one of no known algorithm.",
       .requirements = {"dist.push.blob.invalid-digest-refused"},
       .needs = {},
       .after = {kPostPut},
       .kills = {"r.upload.malformed-digest-500"},
       .tags = {"push", "grammar"},
       .body = [](Context& t) {
         for (const auto& digest : impossible_digests()) {
           EXPECT_THAT(close_upload(t, open_upload(t), digest, t.random().bytes(64)), IsClientError())
               << "an upload closed with " << digest
               << ", which is malformed or of no known algorithm, is refused with a 4xx";
         }
       }});
  catalogue.add(
      {.id = "oci-1.1/push-blobs/bad-digests-400",
       .title = "A digest that is malformed or of no known algorithm is answered by 400",
       .how = "Closes uploads with a short digest, one that is not hexadecimal and one of no known algorithm.",
       .requirements = {"dist.push.blob.invalid-digest-400"},
       .needs = {},
       .after = {kPostPut},
       .kills = {"r.upload.malformed-digest-404"},
       .tags = {"push", "grammar"},
       .body = [](Context& t) {
         for (const auto& digest : impossible_digests()) {
           EXPECT_THAT(close_upload(t, open_upload(t), digest, t.random().bytes(64)), HasStatus(400))
               << "an upload closed with " << digest
               << ", which is malformed or of no known algorithm, is refused with 400";
         }
       }});
  catalogue.add({.id = "oci-1.1/push-blobs/digest-missing",
                 .title = "An upload cannot be closed without a digest",
                 .how = "Sends the closing PUT without the parameter.",
                 .requirements = {"dist.push.blob.digest-required"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.digest-optional"},
                 .tags = {"push", "grammar"},
                 .body = [](Context& t) {
                   EXPECT_THAT(close_upload(t, open_upload(t), "", t.random().bytes(64)), IsClientError());
                 }});
}

}  // namespace

void register_push_digests(Catalogue& catalogue) {
  mismatch(catalogue);
  impossible(catalogue);
}

}  // namespace referee::suites::distribution
