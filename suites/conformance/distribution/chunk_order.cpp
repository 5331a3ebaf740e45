// distribution-spec, "Pushing a blob in chunks": chunks out of order, and chunks that are too small.

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

/// An upload that holds the first half of a blob.
struct Begun {
  Upload upload;
  Halves halves;
};

Begun begun_upload(Context& t) {
  auto upload = open_upload(t);
  auto halves = fresh_halves(t, upload);
  sent_chunk(t, upload, 0, halves.first);
  return {std::move(upload), std::move(halves)};
}

void by_patch(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-chunked/first-chunk-at-zero",
                 .title = "A first chunk that does not begin at byte 0 is answered by 416",
                 .how = "Sends a chunk to an empty session as if the first kilobyte were there.",
                 .requirements = {"dist.push.chunk.first-at-zero"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.first-chunk-anywhere"},
                 .tags = {"push", "chunked", "order"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   EXPECT_THAT(send_chunk(t, upload, upload.chunk, t.random().bytes(upload.chunk)), HasStatus(416));
                 }});
  catalogue.add({.id = "oci-1.1/push-chunked/out-of-order",
                 .title = "A chunk that leaves a gap is answered by 416",
                 .how = "Sends the first half of a blob, then a chunk that begins ten bytes too late.",
                 .requirements = {"dist.push.chunk.out-of-order-416"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.gap-accepted"},
                 .tags = {"push", "chunked", "order"},
                 .body = [](Context& t) {
                   auto [upload, halves] = begun_upload(t);
                   EXPECT_THAT(send_chunk(t, upload, halves.first.size() + 10, halves.second), HasStatus(416));
                 }});
  catalogue.add({.id = "oci-1.1/push-chunked/repeated-chunk",
                 .title = "A chunk that was sent before is answered by 416",
                 .how = "Sends the first half of a blob twice.",
                 .requirements = {"dist.push.chunk.out-of-order-416"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.overlap-accepted"},
                 .tags = {"push", "chunked", "order"},
                 .body = [](Context& t) {
                   auto [upload, halves] = begun_upload(t);
                   EXPECT_THAT(send_chunk(t, upload, 0, halves.first), HasStatus(416));
                 }});
  catalogue.add(
      {.id = "oci-1.1/push-chunked/goes-on-after-416",
       .title = "An upload goes on after a chunk out of order",
       .how = "Sends a chunk that leaves a gap, asks for the status, sends the right chunk to the Location given "
              "there, if any, closes the upload and pulls the blob.",
       .requirements = {"dist.push.chunk.recover"},
       .needs = {},
       .after = {kPostPut, "oci-1.1/push-chunked/out-of-order"},
       .kills = {"r.upload.416-kills-session"},
       .tags = {"push", "chunked", "order"},
       .body = [](Context& t) {
         auto [upload, halves] = begun_upload(t);
         send_chunk(t, upload, halves.first.size() + 10, halves.second);
         const auto status = t.registry().upload_status(upload.location).value();
         // Not every registry tells the status; the upload goes on all the same.
         if (status.status == 204 && status.headers.has("Location")) upload.location = location_of(status);
         EXPECT_THAT(send_chunk(t, upload, halves.first.size(), halves.second), HasStatus(202));
         const auto digest = halves.blob.digest().str();
         EXPECT_THAT(close_upload(t, upload, digest), HasStatus(201));
         EXPECT_THAT(t.registry().get_blob(t.repository(), digest).value(), ServesBlob(halves.blob));
       }});
}

void by_put(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-chunked/put-out-of-order",
                 .title = "A last chunk that the closing PUT brings out of order is answered by 416",
                 .how = "Sends the first half by PATCH, then the second by PUT as if it began ten bytes later.",
                 .requirements = {"dist.push.chunk.put-out-of-order-416"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.put-gap-400"},
                 .tags = {"push", "chunked", "order"},
                 .body = [](Context& t) {
                   const auto [upload, halves] = begun_upload(t);
                   const auto late = span(halves.first.size() + 10, halves.second.size());
                   EXPECT_THAT(close_upload(t, upload, halves.blob.digest().str(), halves.second, late),
                               HasStatus(416));
                 }});
  catalogue.add(
      {.id = "oci-1.1/push-chunked/put-out-of-order-refused",
       .title = "A last chunk that the closing PUT brings out of order completes nothing",
       .how = "Sends the first half by PATCH, then the second by PUT as if it began ten bytes later: a client "
              "error, and no blob.",
       .requirements = {"dist.push.chunk.put-out-of-order-refused"},
       .needs = {},
       .after = {kPostPut},
       .kills = {"r.upload.put-gap-accepted"},
       .tags = {"push", "chunked", "order"},
       .body = [](Context& t) {
         t.pushed_blob();
         const auto [upload, halves] = begun_upload(t);
         const auto late = span(halves.first.size() + 10, halves.second.size());
         EXPECT_THAT(close_upload(t, upload, halves.blob.digest().str(), halves.second, late), IsClientError());
         expect_not_stored(t, halves.blob.digest());
       }});
}

void small(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-chunked/min-length",
                 .title = "A registry that announces no smallest chunk takes small ones",
                 .how = "Where the 202 of the POST has no OCI-Chunk-Min-Length, sends two chunks of 16 bytes.",
                 .requirements = {"dist.push.chunk.min-length"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.hidden-min-chunk"},
                 .tags = {"push", "chunked"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   const auto minimum = upload.opened.header("OCI-Chunk-Min-Length");
                   t.observe("OCI-Chunk-Min-Length", minimum.value_or("absent"));
                   if (minimum) {
                     EXPECT_THAT(*minimum, testing::MatchesRegex("[0-9]+"));
                     return;
                   }
                   const auto blob = fresh_blob(t, 32);
                   EXPECT_THAT(send_chunk(t, upload, 0, blob.bytes().substr(0, 16)), HasStatus(202));
                   EXPECT_THAT(send_chunk(t, upload, 16, blob.bytes().substr(16)), HasStatus(202));
                   EXPECT_THAT(close_upload(t, upload, blob.digest().str()), HasStatus(201));
                 }});
}

}  // namespace

void register_chunk_order(Catalogue& catalogue) {
  by_patch(catalogue);
  by_put(catalogue);
  small(catalogue);
}

}  // namespace referee::suites::distribution
