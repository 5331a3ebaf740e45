// distribution-spec, "Pushing a blob in chunks": chunks in order.

#include <chrono>
#include <thread>

#include "conformance/registration.hpp"
#include "conformance/support.hpp"
#include "referee/http/client.hpp"

namespace referee::suites::distribution {
namespace {

void in_order(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-chunked/two-chunks",
                 .title = "A blob can be pushed in chunks, each answered by 202",
                 .how = "Opens an upload, sends two chunks by PATCH, closes it by PUT without a body, pulls the blob.",
                 .requirements = {"dist.push.chunk.202", "dist.push.chunk.put-201"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.patch-204", "r.upload.chunks-overwrite"},
                 .tags = {"push", "chunked"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   const auto halves = fresh_halves(t, upload);
                   ASSERT_THAT(send_chunk(t, upload, 0, halves.first), HasStatus(202));
                   ASSERT_THAT(send_chunk(t, upload, halves.first.size(), halves.second), HasStatus(202));
                   const auto digest = halves.blob.digest().str();
                   EXPECT_THAT(close_upload(t, upload, digest), HasStatus(201));
                   EXPECT_THAT(t.registry().get_blob(t.repository(), digest).value(), ServesBlob(halves.blob));
                 }});
  catalogue.add({.id = "oci-1.1/push-chunked/last-chunk-in-put",
                 .title = "The PUT that closes an upload may bring the last chunk",
                 .how = "Sends the first half by PATCH and the second with the closing PUT, then pulls the blob.",
                 .requirements = {"dist.push.chunk.put-201"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.put-body-ignored"},
                 .tags = {"push", "chunked"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   const auto halves = fresh_halves(t, upload);
                   sent_chunk(t, upload, 0, halves.first);
                   const auto rest = span(halves.first.size(), halves.second.size());
                   const auto digest = halves.blob.digest().str();
                   EXPECT_THAT(close_upload(t, upload, digest, halves.second, rest), HasStatus(201));
                   EXPECT_THAT(t.registry().get_blob(t.repository(), digest).value(), ServesBlob(halves.blob));
                 }});
  catalogue.add({.id = "oci-1.1/push-chunked/patch-location",
                 .title = "The 202 to a chunk has a Location",
                 .how = "Sends two chunks and looks for the header in both answers.",
                 .requirements = {"dist.push.chunk.location"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.patch-no-location"},
                 .tags = {"push", "chunked"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   const auto halves = fresh_halves(t, upload);
                   EXPECT_THAT(send_chunk(t, upload, 0, halves.first), HasLocation());
                   EXPECT_THAT(send_chunk(t, upload, halves.first.size(), halves.second), HasLocation());
                 }});
  catalogue.add(
      {.id = "oci-1.1/push-chunked/patch-range",
       .title = "The 202 to a chunk says in Range up to which byte of the blob it got",
       .how = "Sends two chunks and compares Range with 0 to the end of each.",
       .requirements = {"dist.push.chunk.range"},
       .needs = {},
       .after = {kPostPut},
       .kills = {"r.upload.range-header-missing", "r.upload.range-header-chunk", "r.upload.range-header-past-end"},
       .tags = {"push", "chunked"},
       .body = [](Context& t) {
         auto upload = open_upload(t);
         const auto halves = fresh_halves(t, upload);
         EXPECT_THAT(send_chunk(t, upload, 0, halves.first), HasHeader("Range", span(0, halves.first.size())));
         EXPECT_THAT(send_chunk(t, upload, halves.first.size(), halves.second),
                     HasHeader("Range", span(0, halves.blob.bytes().size())));
       }});
  catalogue.add({.id = "oci-1.1/push-chunked/location-pullable",
                 .title = "The 201 that closes a chunked upload has a Location that serves the blob",
                 .how = "Pushes a blob in two chunks and pulls the URL that the closing PUT gave.",
                 .requirements = {"dist.push.chunk.put-location"},
                 .needs = {},
                 .after = {kPostPut, "oci-1.1/push-blobs/put-location"},
                 .kills = {"r.upload.chunked-location-wrong"},
                 .tags = {"push", "chunked"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   const auto halves = fresh_halves(t, upload);
                   sent_chunk(t, upload, 0, halves.first);
                   sent_chunk(t, upload, halves.first.size(), halves.second);
                   expect_pullable(t, location_of(close_upload(t, upload, halves.blob.digest().str())), halves.blob);
                 }});
  catalogue.add({.id = "oci-1.1/push-chunked/two-sessions",
                 .title = "Two chunked uploads to one repository do not mix",
                 .how = "Sends the chunks of two blobs in turn to two sessions, closes both and pulls both blobs.",
                 .requirements = {"dist.push.chunk.202", "dist.push.blob.session-unique"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.sessions-share-buffer"},
                 .tags = {"push", "chunked", "concurrency"},
                 .body = [](Context& t) {
                   Upload uploads[] = {open_upload(t), open_upload(t)};
                   const Halves halves[] = {fresh_halves(t, uploads[0]), fresh_halves(t, uploads[1])};
                   for (const int i : {0, 1})
                     ASSERT_THAT(send_chunk(t, uploads[i], 0, halves[i].first), HasStatus(202));
                   for (const int i : {0, 1}) {
                     ASSERT_THAT(send_chunk(t, uploads[i], halves[i].first.size(), halves[i].second), HasStatus(202));
                   }
                   for (const int i : {0, 1}) {
                     const auto digest = halves[i].blob.digest().str();
                     EXPECT_THAT(close_upload(t, uploads[i], digest), HasStatus(201));
                     EXPECT_THAT(t.registry().get_blob(t.repository(), digest).value(), ServesBlob(halves[i].blob));
                   }
                 }});
}

void chunked_digests(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-chunked/mismatch-refused",
                 .title = "Chunks that do not match the digest are refused and not stored under it",
                 .how = "Sends two chunks and closes the upload with the digest of other content.",
                 .requirements = {"dist.push.blob.mismatch-refused"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.chunked-unverified"},
                 .tags = {"push", "chunked", "integrity"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   const auto other = t.absent_digest();
                   auto upload = open_upload(t);
                   const auto halves = fresh_halves(t, upload);
                   sent_chunk(t, upload, 0, halves.first);
                   sent_chunk(t, upload, halves.first.size(), halves.second);
                   EXPECT_THAT(close_upload(t, upload, other.str()), IsClientError());
                   expect_not_stored(t, other);
                 }});
  catalogue.add({.id = "oci-1.1/push-chunked/sha512",
                 .title = "A chunked upload that announced sha512 can be closed with a sha512 digest",
                 .how = "POST with digest-algorithm=sha512, two chunks, PUT with the digest, GET by it.",
                 .requirements = {"dist.push.blob.digest-algorithm"},
                 .needs = {Capability::kSha512},
                 .after = {kPostPut},
                 .kills = {"r.upload.digest-algorithm-ignored"},
                 .tags = {"push", "chunked", "sha512"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t, {.query = {{"digest-algorithm", "sha512"}}});
                   const auto halves = fresh_halves(t, upload);
                   const auto digest = oci::Digest::of(halves.blob.bytes(), oci::Algorithm::kSha512).str();
                   sent_chunk(t, upload, 0, halves.first);
                   sent_chunk(t, upload, halves.first.size(), halves.second);
                   EXPECT_THAT(close_upload(t, upload, digest), HasStatus(201));
                   EXPECT_THAT(t.registry().get_blob(t.repository(), digest).value(), ServesBlob(halves.blob));
                 }});
}

/// Sends the first half of a chunk that promises both, and cuts the connection: a registry that waits for the rest gets
/// a second, and whatever it answers does not matter.
void cut_chunk(Context& t, const Upload& upload, const Halves& halves) {
  using std::chrono::seconds;
  using std::chrono::steady_clock;
  const auto promised = halves.blob.bytes().size();
  t.registry().client().set_deadline(steady_clock::now() + seconds(1));
  (void)t.registry().patch_upload(upload.location, halves.first, span(0, promised), {.claimed_length = promised});
  t.registry().client().set_deadline(steady_clock::now() + seconds(30));
}

/// Waits until the registry has noticed that a connection broke: the answer to a status request, asked for at most half
/// a second until it names bytes.
http::Response status_after_cut(Context& t, const Upload& upload) {
  http::Response status = t.registry().upload_status(upload.location).value();
  for (int i = 0; i < 10 && (status.status != 204 || status.header("Range").value_or("0-0") == "0-0"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    status = t.registry().upload_status(upload.location).value();
  }
  return status;
}

void unsaid(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-chunked/streamed",
                 .title = "Whether a blob can be streamed by one PATCH without Content-Range",
                 .how = "Sends a body of unknown length by PATCH, closes the upload and pulls the blob.",
                 .requirements = {"dist.push.chunk.streamed"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.stream-411"},
                 .tags = {"push", "chunked"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   const auto blob = fresh_blob(t, upload.chunk);
                   const auto sent =
                       t.registry().patch_upload(upload.location, blob.bytes(), "", {.chunked = true}).value();
                   t.observe("PATCH without Content-Range", std::to_string(sent.status));
                   if (sent.status != 202) return;
                   if (sent.headers.has("Location")) upload.location = location_of(sent);
                   t.observe("closing PUT", std::to_string(close_upload(t, upload, blob.digest().str()).status));
                 }});
  catalogue.add({.id = "oci-1.1/push-chunked/length-mismatch",
                 .title = "What a chunk whose Content-Range has another length is answered by",
                 .how = "Sends a chunk whose Content-Range claims ten bytes more than there are.",
                 .requirements = {"dist.push.chunk.length"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.content-range-length-unchecked"},
                 .tags = {"push", "chunked"},
                 .body = [](Context& t) {
                   const auto upload = open_upload(t);
                   const auto bytes = t.random().bytes(upload.chunk);
                   const auto answer =
                       t.registry().patch_upload(upload.location, bytes, span(0, bytes.size() + 10)).value();
                   t.observe("chunk shorter than its Content-Range", std::to_string(answer.status));
                 }});
  catalogue.add(
      {.id = "oci-1.1/push-chunked/resume",
       .title = "Whether an upload goes on after its connection broke",
       .how = "Breaks the connection in the middle of a chunk, asks for the status, sends the rest from there and "
              "closes the upload.",
       .requirements = {"dist.push.chunk.resume"},
       .needs = {},
       .after = {kPostPut},
       .kills = {"r.upload.cut-loses-session"},
       .tags = {"push", "chunked", "slow"},
       .body = [](Context& t) {
         auto upload = open_upload(t);
         const auto halves = fresh_halves(t, upload);
         cut_chunk(t, upload, halves);
         const auto status = status_after_cut(t, upload);
         t.observe("status after the cut", std::to_string(status.status));
         if (status.status != 204) return;
         if (status.headers.has("Location")) upload.location = location_of(status);
         const bool kept = status.header("Range") == span(0, halves.first.size());
         const std::size_t from = kept ? halves.first.size() : 0;
         t.observe("bytes that were kept", kept ? "all" : "not all");
         const auto rest = std::string_view(halves.blob.bytes()).substr(from);
         const auto sent = send_chunk(t, upload, from, rest);
         t.observe("the rest", std::to_string(sent.status));
         t.observe("closing PUT", std::to_string(close_upload(t, upload, halves.blob.digest().str()).status));
       }});
}

}  // namespace

void register_push_chunked(Catalogue& catalogue) {
  in_order(catalogue);
  chunked_digests(catalogue);
  unsaid(catalogue);
}

}  // namespace referee::suites::distribution
