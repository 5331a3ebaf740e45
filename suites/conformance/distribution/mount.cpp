// distribution-spec, "Mounting a blob from another repository".

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

/// A fresh blob that only the other repository holds.
oci::Content blob_elsewhere(Context& t) {
  require_second_repository(t);
  auto blob = fresh_blob(t);
  t.push_to(t.other_repository(), blob);
  return blob;
}

http::Response mount(Context& t, const oci::Digest& digest, std::string_view from) {
  return t.registry().mount_blob(t.repository(), digest.str(), from).value();
}

void mounted(Catalogue& catalogue) {
  catalogue.add(
      {.id = "oci-1.1/mount/from",
       .title = "A successful mount is answered by 201 with a Location",
       .how = "Pushes a blob to a second repository and mounts it. A registry that answers 202 has no mounts.",
       .requirements = {"dist.mount.201", "O.mount"},
       .needs = {Capability::kMount},
       .after = {kPostPut},
       .kills = {"r.mount.200", "r.mount.no-location"},
       .tags = {"push", "mount"},
       .body = [](Context& t) {
         const auto blob = blob_elsewhere(t);
         const auto answer = mount(t, blob.digest(), t.other_repository());
         EXPECT_THAT(answer, HasStatus(201));
         EXPECT_THAT(answer, HasLocation());
       }});
  catalogue.add({.id = "oci-1.1/mount/pullable",
                 .title = "A mounted blob can be pulled from where it was mounted to",
                 .how = "Mounts a blob of a second repository and pulls it from the first.",
                 .requirements = {"dist.mount.pullable"},
                 .needs = {Capability::kMount},
                 .after = {kPostPut},
                 .kills = {"r.mount.empty"},
                 .tags = {"push", "mount"},
                 .body = [](Context& t) {
                   const auto blob = blob_elsewhere(t);
                   mount(t, blob.digest(), t.other_repository());
                   EXPECT_THAT(t.registry().get_blob(t.repository(), blob.digest().str()).value(), ServesBlob(blob));
                 }});
  catalogue.add({.id = "oci-1.1/mount/location-pullable",
                 .title = "The Location of a mount serves the blob",
                 .how = "Mounts a blob of a second repository and pulls the URL of the answer.",
                 .requirements = {"dist.mount.location-pullable"},
                 .needs = {Capability::kMount},
                 .after = {kPostPut},
                 .kills = {"r.mount.location-wrong"},
                 .tags = {"push", "mount"},
                 .body = [](Context& t) {
                   const auto blob = blob_elsewhere(t);
                   expect_pullable(t, location_of(mount(t, blob.digest(), t.other_repository())), blob);
                 }});
  catalogue.add({.id = "oci-1.1/mount/source-untouched",
                 .title = "A mounted blob stays where it came from",
                 .how = "Mounts a blob of a second repository and pulls it from that one.",
                 .requirements = {"dist.mount.source-untouched"},
                 .needs = {Capability::kMount},
                 .after = {kPostPut},
                 .kills = {"r.mount.moves"},
                 .tags = {"push", "mount"},
                 .body = [](Context& t) {
                   const auto blob = blob_elsewhere(t);
                   mount(t, blob.digest(), t.other_repository());
                   EXPECT_THAT(t.registry().get_blob(t.other_repository(), blob.digest().str()).value(),
                               ServesBlob(blob));
                 }});
  catalogue.add({.id = "oci-1.1/mount/without-from",
                 .title = "A mount without from that is answered by 201 did mount the blob",
                 .how = "Mounts a blob of a second repository without saying from where, and pulls it.",
                 .requirements = {"dist.mount.without-from"},
                 .needs = {Capability::kAnonymousMount},
                 .after = {kPostPut},
                 .kills = {"r.mount.anonymous-empty"},
                 .tags = {"push", "mount"},
                 .body = [](Context& t) {
                   const auto blob = blob_elsewhere(t);
                   if (mount(t, blob.digest(), "").status != 201) return;
                   EXPECT_THAT(t.registry().get_blob(t.repository(), blob.digest().str()).value(), ServesBlob(blob));
                 }});
}

void unable(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/mount/missing-not-created",
                 .title = "A blob that exists nowhere cannot be mounted",
                 .how = "Mounts a digest that was never pushed: 201 would be a lie.",
                 .requirements = {"dist.mount.only-existing"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.mount.missing-201"},
                 .tags = {"push", "mount"},
                 .body = [](Context& t) {
                   require_second_repository(t);
                   t.push_to(t.other_repository(), fresh_blob(t));
                   EXPECT_THAT(mount(t, t.absent_digest(), t.other_repository()), testing::Not(HasStatus(201)));
                 }});
  catalogue.add({.id = "oci-1.1/mount/missing-202",
                 .title = "A mount of a blob that exists nowhere opens an upload instead",
                 .how = "Mounts a digest that was never pushed and expects 202 with a Location.",
                 .requirements = {"dist.mount.unable-202", "O.mount"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.mount.missing-404"},
                 .tags = {"push", "mount"},
                 .body = [](Context& t) {
                   require_second_repository(t);
                   t.push_to(t.other_repository(), fresh_blob(t));
                   const auto answer = mount(t, t.absent_digest(), t.other_repository());
                   EXPECT_THAT(answer, HasStatus(202));
                   EXPECT_THAT(answer, HasLocation());
                 }});
  catalogue.add({.id = "oci-1.1/mount/unknown-from",
                 .title = "A mount from a repository that does not exist opens an upload, or finds the blob elsewhere",
                 .how = "Mounts a blob from a repository that nobody pushed to: 202, or 201 with the blob in place.",
                 .requirements = {"dist.mount.unable-202"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.mount.unknown-from-404"},
                 .tags = {"push", "mount"},
                 .body = [](Context& t) {
                   const auto blob = blob_elsewhere(t);
                   const auto answer = mount(t, blob.digest(), t.absent_repository());
                   EXPECT_THAT(answer, HasStatusIn({201, 202}));
                   if (answer.status != 201) return;
                   EXPECT_THAT(t.registry().get_blob(t.repository(), blob.digest().str()).value(), ServesBlob(blob));
                 }});
  catalogue.add(
      {.id = "oci-1.1/mount/fallback-upload",
       .title = "The upload that a mount opened can be completed",
       .how = "Mounts a digest that was never pushed; if that is answered by 202, pushes the blob to its Location.",
       .requirements = {"dist.mount.fallback-upload"},
       .needs = {},
       .after = {kPostPut},
       .kills = {"r.mount.dead-session"},
       .tags = {"push", "mount"},
       .body = [](Context& t) {
         require_second_repository(t);
         t.push_to(t.other_repository(), fresh_blob(t));
         const auto blob = fresh_blob(t);
         const auto answer = mount(t, blob.digest(), t.other_repository());
         t.observe("a mount that is not possible", std::to_string(answer.status));
         if (answer.status != 202) return;
         ASSERT_THAT(answer, HasLocation());
         EXPECT_THAT(close_upload(t, {answer, location_of(answer)}, blob.digest().str(), blob.bytes()), HasStatus(201));
       }});
  catalogue.add({.id = "oci-1.1/mount/without-from-answer",
                 .title = "A mount without from is answered by 201, or opens an upload",
                 .how = "Mounts a blob of a second repository without saying from where.",
                 .requirements = {"dist.mount.without-from-answer"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.mount.anonymous-400"},
                 .tags = {"push", "mount"},
                 .body = [](Context& t) {
                   const auto blob = blob_elsewhere(t);
                   const auto answer = mount(t, blob.digest(), "");
                   EXPECT_THAT(answer, HasStatusIn({201, 202}));
                   EXPECT_THAT(answer, HasLocation());
                 }});
}

}  // namespace

void register_mount(Catalogue& catalogue) {
  mounted(catalogue);
  unable(catalogue);
}

}  // namespace referee::suites::distribution
