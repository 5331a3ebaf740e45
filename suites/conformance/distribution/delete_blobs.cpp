#include <gmock/gmock.h>

#include "conformance/distribution/listing.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Deleting Blobs". May be disabled, by 400 or 405.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

const std::vector<std::string> kRoot{"oci-1.1/push-blobs/post-put"};
const std::vector<std::string> kStatus{"oci-1.1/delete/blob-status"};
const std::vector<Capability> kNeedsBlobDelete{Capability::kBlobDelete};

http::Response remove_blob(Context& t, std::string_view digest) {
  return t.registry().delete_blob(t.repository(), digest).value();
}

http::Response gone_blob(Context& t, std::string_view digest) {
  http::Response answer;
  ask_until([&] {
    answer = t.registry().get_blob(t.repository(), digest).value();
    return answer.status == 404;
  });
  return answer;
}

}  // namespace

void register_delete_blobs(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/delete/blob-status",
                 .title = "Deleting a blob is answered 202, or 400 or 405 where it is disabled",
                 .how = "Pushes a blob and DELETEs it.",
                 .requirements = {"dist.delete.blob", "dist.delete.blob-disabled"},
                 .needs = {},
                 .after = kRoot,
                 .kills = {"r.del.disabled-500", "r.del.blob-status-200"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto answer = remove_blob(t, t.pushed_blob().digest().str());
                   t.observe("blob deletion", answer.status == 202 ? "enabled" : "disabled");
                   EXPECT_THAT(answer, HasStatusIn({202, 400, 405}));
                 }});
  catalogue.add({.id = "oci-1.1/delete/blob-gone",
                 .title = "A deleted blob is answered 404",
                 .how = "Deletes a blob, then GETs and HEADs it.",
                 .requirements = {"dist.delete.blob-gone"},
                 .needs = kNeedsBlobDelete,
                 .after = kStatus,
                 .kills = {"r.del.blob-stays"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto digest = t.pushed_blob().digest().str();
                   EXPECT_THAT(remove_blob(t, digest), HasStatus(202));
                   EXPECT_THAT(gone_blob(t, digest), HasStatus(404));
                   EXPECT_THAT(t.registry().head_blob(t.repository(), digest).value(), HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/delete/blob-absent",
                 .title = "Deleting a blob that is not there is answered 404",
                 .how = "DELETEs a digest that was never pushed, in a repository with another blob.",
                 .requirements = {"dist.delete.blob-absent"},
                 .needs = kNeedsBlobDelete,
                 .after = kStatus,
                 .kills = {"r.del.absent-blob-202"},
                 .tags = {"errors"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   EXPECT_THAT(remove_blob(t, t.absent_digest().str()), HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/delete/blob-keeps-others",
                 .title = "Deleting a blob leaves other blobs, and itself in another repository",
                 .how = "Pushes two blobs, one also to a second repository, deletes that one and GETs the rest.",
                 .requirements = {"dist.delete.blob-only"},
                 .needs = {Capability::kBlobDelete, Capability::kFreshRepositories},
                 .after = kStatus,
                 .kills = {"r.del.blob-cross-repo"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto gone = t.pushed_blob();
                   const auto stays = t.pushed_blob();
                   t.push_to(t.other_repository(), gone);
                   EXPECT_THAT(remove_blob(t, gone.digest().str()), HasStatus(202));
                   (void)gone_blob(t, gone.digest().str());
                   EXPECT_THAT(t.registry().get_blob(t.repository(), stays.digest().str()).value(),
                               testing::AllOf(HasStatus(200), HasBody(stays.bytes())));
                   EXPECT_THAT(t.registry().get_blob(t.other_repository(), gone.digest().str()).value(),
                               testing::AllOf(HasStatus(200), HasBody(gone.bytes())));
                 }});
  catalogue.add({.id = "oci-1.1/delete/blob-again",
                 .title = "A deleted blob can be pushed again",
                 .how = "Deletes a blob, pushes the same bytes and GETs them.",
                 .requirements = {"dist.delete.reusable"},
                 .needs = kNeedsBlobDelete,
                 .after = kStatus,
                 .kills = {"r.del.blob-tombstone"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob();
                   EXPECT_THAT(remove_blob(t, blob.digest().str()), HasStatus(202));
                   (void)gone_blob(t, blob.digest().str());
                   EXPECT_THAT(referee::distribution::push_blob(t.registry(), t.repository(), blob).value(),
                               HasStatus(201));
                   EXPECT_THAT(t.registry().get_blob(t.repository(), blob.digest().str()).value(),
                               testing::AllOf(HasStatus(200), HasBody(blob.bytes())));
                 }});
}

}  // namespace referee::suites::distribution
