// distribution-spec, "POST then PUT", "Pushing a blob in chunks", "Cancel a blob upload": the life of a session.

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

http::Response status_of(Context& t, const Upload& upload) {
  return t.registry().upload_status(upload.location).value();
}

void identity(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/uploads/unique-sessions",
                 .title = "Every upload has a session of its own",
                 .how = "Opens three uploads in one repository and compares their Locations.",
                 .requirements = {"dist.push.blob.session-unique"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.same-session"},
                 .tags = {"push", "session"},
                 .body = [](Context& t) {
                   const auto one = open_upload(t).location;
                   const auto two = open_upload(t).location;
                   const auto three = open_upload(t).location;
                   EXPECT_NE(one, two);
                   EXPECT_NE(one, three);
                   EXPECT_NE(two, three);
                 }});
  catalogue.add({.id = "oci-1.1/uploads/uuid",
                 .title = "Which form the id of a session has",
                 .how = "Looks for a UUID in its usual notation, with or without dashes, in the Location of an upload.",
                 .requirements = {"dist.push.blob.session-uuid"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.session-counter"},
                 .tags = {"push", "session"},
                 .body = [](Context& t) {
                   const std::string hex = "[0-9A-Fa-f]";
                   const std::string dashed = hex + "{8}-" + hex + "{4}-" + hex + "{4}-" + hex + "{4}-" + hex + "{12}";
                   const bool uuid =
                       testing::Matches(testing::ContainsRegex(dashed + "|" + hex + "{32}"))(open_upload(t).location);
                   t.observe("session id", uuid ? "a UUID in hexadecimal" : "another form");
                 }});
}

void status(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/uploads/status-before-first-byte",
                 .title = "The status of a new upload is 204",
                 .how = "Opens an upload and sends GET to its Location.",
                 .requirements = {"dist.upload.status-204"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.status-404-when-empty", "r.upload.status-200"},
                 .tags = {"push", "session"},
                 .body = [](Context& t) { EXPECT_THAT(status_of(t, open_upload(t)), HasStatus(204)); }});
  catalogue.add({.id = "oci-1.1/uploads/status-location",
                 .title = "The status of an upload has a Location at which the upload goes on",
                 .how = "Sends one chunk, asks for the status, sends the next chunk to the Location given there.",
                 .requirements = {"dist.upload.status-location"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.status-no-location"},
                 .tags = {"push", "session"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   const auto halves = fresh_halves(t, upload);
                   sent_chunk(t, upload, 0, halves.first);
                   const auto answer = status_of(t, upload);
                   ASSERT_THAT(answer, HasLocation());
                   upload.location = location_of(answer);
                   EXPECT_THAT(send_chunk(t, upload, halves.first.size(), halves.second), HasStatus(202));
                 }});
  catalogue.add({.id = "oci-1.1/uploads/status-after-chunks",
                 .title = "The status of an upload is 204 and says in Range how far it got",
                 .how = "Asks for the status after each of two chunks.",
                 .requirements = {"dist.upload.status-range", "dist.upload.status-204"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.status-no-range", "r.upload.status-range-stale"},
                 .tags = {"push", "session"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   const auto halves = fresh_halves(t, upload);
                   sent_chunk(t, upload, 0, halves.first);
                   const auto half = status_of(t, upload);
                   EXPECT_THAT(half, HasStatus(204));
                   EXPECT_THAT(half, HasHeader("Range", span(0, halves.first.size())));
                   sent_chunk(t, upload, halves.first.size(), halves.second);
                   EXPECT_THAT(status_of(t, upload), HasHeader("Range", span(0, halves.blob.bytes().size())));
                 }});
  catalogue.add({.id = "oci-1.1/uploads/status-range-before-first-byte",
                 .title = "Which Range the status of an upload without a byte has",
                 .how = "Opens an upload and reads Range of its status.",
                 .requirements = {"dist.upload.status-range-empty"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.status-range-wild"},
                 .tags = {"push", "session"},
                 .body = [](Context& t) {
                   t.observe("Range before the first byte",
                             status_of(t, open_upload(t)).header("Range").value_or("absent"));
                 }});
}

void end(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/uploads/not-visible-before-close",
                 .title = "Bytes of an open upload are no blob",
                 .how = "Sends a blob by PATCH and tries to pull it before the upload is closed.",
                 .requirements = {"dist.upload.unfinished-invisible"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.visible-before-close"},
                 .tags = {"push", "session"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   auto upload = open_upload(t);
                   const auto blob = fresh_blob(t, upload.chunk);
                   sent_chunk(t, upload, 0, blob.bytes());
                   expect_not_stored(t, blob.digest());
                 }});
  catalogue.add({.id = "oci-1.1/uploads/finished-is-gone",
                 .title = "A closed session has no status",
                 .how = "Pushes a blob and sends GET to the Location of its session.",
                 .requirements = {"dist.upload.finished"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.finish-keeps-session"},
                 .tags = {"push", "session"},
                 .body = [](Context& t) {
                   const auto upload = open_upload(t);
                   const auto blob = fresh_blob(t);
                   ASSERT_THAT(close_upload(t, upload, blob.digest().str(), blob.bytes()), HasStatus(201));
                   EXPECT_THAT(status_of(t, upload), IsClientError());
                 }});
  catalogue.add({.id = "oci-1.1/uploads/no-chunk-after-finish",
                 .title = "A closed session takes no chunk",
                 .how = "Pushes a blob and sends a chunk to the Location of its session.",
                 .requirements = {"dist.upload.finished"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.upload.finish-keeps-session"},
                 .tags = {"push", "session"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   const auto blob = fresh_blob(t);
                   ASSERT_THAT(close_upload(t, upload, blob.digest().str(), blob.bytes()), HasStatus(201));
                   EXPECT_THAT(send_chunk(t, upload, 0, t.random().bytes(upload.chunk)), IsClientError());
                 }});
  catalogue.add({.id = "oci-1.1/uploads/cancel",
                 .title = "DELETE cancels an upload and is answered by 204",
                 .how = "Opens an upload, sends a chunk and cancels it.",
                 .requirements = {"dist.upload.cancel-204"},
                 .needs = {Capability::kUploadCancel},
                 .after = {kPostPut},
                 .kills = {"r.upload.cancel-200"},
                 .tags = {"push", "session", "cancel"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   sent_chunk(t, upload, 0, t.random().bytes(upload.chunk));
                   EXPECT_THAT(t.registry().cancel_upload(upload.location).value(), HasStatus(204));
                 }});
  catalogue.add({.id = "oci-1.1/uploads/cancel-ends-session",
                 .title = "A cancelled session has no status",
                 .how = "Cancels an upload and sends GET to its Location.",
                 .requirements = {"dist.upload.cancel-ends"},
                 .needs = {Capability::kUploadCancel},
                 .after = {kPostPut},
                 .kills = {"r.upload.cancel-keeps-session"},
                 .tags = {"push", "session", "cancel"},
                 .body = [](Context& t) {
                   const auto upload = open_upload(t);
                   ASSERT_THAT(t.registry().cancel_upload(upload.location).value(), HasStatusIn({200, 202, 204}));
                   EXPECT_THAT(status_of(t, upload), IsClientError());
                 }});
  catalogue.add({.id = "oci-1.1/uploads/cancelled-cannot-close",
                 .title = "A cancelled upload cannot be completed",
                 .how = "Sends a blob by PATCH, cancels the upload, then closes it with the right digest.",
                 .requirements = {"dist.upload.cancel-ends"},
                 .needs = {Capability::kUploadCancel},
                 .after = {kPostPut},
                 .kills = {"r.upload.cancel-keeps-session"},
                 .tags = {"push", "session", "cancel"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   auto upload = open_upload(t);
                   const auto blob = fresh_blob(t, upload.chunk);
                   sent_chunk(t, upload, 0, blob.bytes());
                   ASSERT_THAT(t.registry().cancel_upload(upload.location).value(), HasStatusIn({200, 202, 204}));
                   EXPECT_THAT(close_upload(t, upload, blob.digest().str()), IsClientError());
                   expect_not_stored(t, blob.digest());
                 }});
}

}  // namespace

void register_upload_sessions(Catalogue& catalogue) {
  identity(catalogue);
  status(catalogue);
  end(catalogue);
}

}  // namespace referee::suites::distribution
