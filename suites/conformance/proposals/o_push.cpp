#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/proposals/o.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Push": what the default suite leaves out because it takes long or is recorded only.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr std::string_view kSomeType = "application/vnd.referee.test.v1";
constexpr std::size_t kMiB = 1024UL * 1024;

void register_o_subjects(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/o/push/subject-elsewhere",
                 .title = "A manifest is accepted whose subject is in another repository, and stays when it comes",
                 .how =
                     "Pushes an image to a second repository and an artifact that refers to it to the first; then the "
                     "image there, too, and pulls the artifact.",
                 .requirements = {"dist.subject.missing-accepted"},
                 .needs = {Capability::kFreshRepositories},
                 .after = {},
                 .kills = {"r.put.reject-missing-subject"},
                 .tags = {},
                 .profiles = kOnAdopted,
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   t.push_to(t.other_repository(), image);
                   const auto referrer = oci::referrer(t.random(), image.descriptor(), kSomeType);
                   for (const auto& blob : referrer.blobs) t.push(blob);
                   ASSERT_THAT(put(t, referrer.manifest), HasStatus(201));
                   t.push(image);
                   EXPECT_THAT(get(t, referrer.digest().str()), ServesContent(referrer.manifest));
                 }});
  catalogue.add({.id = "proposals/o/push/no-api-no-subject-header",
                 .title = "A registry without the referrers API never sends OCI-Subject",
                 .how =
                     "Pushes an image and, where there is no referrers API, an artifact that refers to it and the same "
                     "under a tag.",
                 .requirements = {"O.push.oci-subject-absent"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.always-oci-subject"},
                 .tags = {},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   EXPECT_THAT(t.push(image), HasNoHeader("OCI-Subject"));
                   if (t.has(Capability::kReferrers)) return;
                   const auto referrer = oci::referrer(t.random(), image.descriptor(), kSomeType);
                   EXPECT_THAT(t.push(referrer), HasNoHeader("OCI-Subject"));
                   EXPECT_THAT(t.push_manifest(referrer.manifest, t.tag("sig")), HasNoHeader("OCI-Subject"));
                 }});
}

void register_o_refusals(Catalogue& catalogue) {
  catalogue.add(
      {.id = "proposals/o/push/digest-mismatch-code",
       .title = "A manifest that does not match its digest is refused with DIGEST_INVALID",
       .how = "PUTs a manifest with one blank more than was hashed and reads the error codes, if there are any.",
       .requirements = {"dist.error.digest-invalid", "dist.manifests.digest-mismatch"},
       .needs = {},
       .after = {},
       .kills = {"r.err.wrong-code-manifest-digest", "r.put.accept-digest-mismatch"},
       .tags = {"errors"},
       .profiles = kOnAdopted,
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         const oci::Content other(image.manifest.media_type(), image.manifest.bytes() + " ");
         const auto answer = put(t, other, image.digest().str());
         EXPECT_THAT(answer, IsClientError());
         // A body of another format than JSON is legal and has no codes.
         if (parse_json(answer.body)) {
           EXPECT_THAT(answer, HasErrorCode("DIGEST_INVALID"));
         }
       }});
  catalogue.add(
      {.id = "proposals/o/push/size-limit",
       .title = "Whether manifests of up to 64 MiB meet a limit, and how",
       .how = "Pushes manifests of 8, 16 and 64 MiB until one is refused.",
       .requirements = {"dist.manifests.size-limit-seen", "dist.manifests.size-limit", "dist.manifests.size-413"},
       .needs = {},
       .after = {},
       .kills = {"r.put.no-limit", "r.put.limit-400"},
       .tags = {"size", "slow"},
       .profiles = kOnAdopted,
       .body = [](Context& t) {
         const auto layer = t.pushed_blob().descriptor();
         t.push(oci::empty_blob());
         for (const std::size_t size : {8U, 16U, 64U}) {
           const auto package =
               oci::ManifestBuilder().artifact_type(kSomeType).layer_descriptor(layer).pad_to(size * kMiB).build();
           const auto status = put(t, package.manifest).status;
           t.observe(fmt::format("{} MiB", size), status == 201 ? "accepted" : fmt::format("refused with {}", status));
           if (status != 201) break;
         }
       }});
}

void register_o_savings(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/o/push/tag-and-digest-tag",
                 .title = "Whether an image and its digest tag can be published by one request",
                 .how = "PUTs a manifest by digest with a version and a digest tag as `tag` parameters and pulls both.",
                 .requirements = {"O.push.multi-tag"},
                 .needs = {Capability::kTagParameters},
                 .after = {},
                 .kills = {"r.put.tag-parameter-not-set"},
                 .tags = {"tag-parameters"},
                 .profiles = kOnAdopted,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const std::vector<std::string> tags{t.tag("v1"),
                                                       t.tag("sha256-" + image.digest().encoded().substr(0, 20))};
                   const auto both = with_query({{"tag", tags.front()}, {"tag", tags.back()}});
                   const auto digest = image.digest().str();
                   const auto answer = t.registry().put_manifest(t.repository(), digest, image.manifest, both).value();
                   int set = 0;
                   for (const auto& tag : tags) set += get(t, tag).body == image.manifest.bytes() ? 1 : 0;
                   t.observe("push", std::to_string(answer.status));
                   t.observe("tags set by one request", fmt::format("{} of 2", set));
                 }});
  catalogue.add({.id = "proposals/o/mount/large",
                 .title = "Whether a large blob can be had from another repository without a byte uploaded",
                 .how = "Pushes a blob of 8 MiB to a second repository, mounts it, and looks for it in the first.",
                 .requirements = {"O.mount"},
                 .needs = {Capability::kFreshRepositories},
                 .after = {},
                 .kills = {"r.mount.empty", "r.mount.200"},
                 .tags = {"mount", "slow"},
                 .profiles = kOnAdopted,
                 .body = [](Context& t) {
                   const auto blob = fresh_blob(t, 8 * kMiB);
                   t.push_to(t.other_repository(), blob);
                   const auto digest = blob.digest().str();
                   const auto answer = t.registry().mount_blob(t.repository(), digest, t.other_repository()).value();
                   const bool there = t.registry().head_blob(t.repository(), digest).value().status == 200;
                   t.observe("mount", std::to_string(answer.status));
                   t.observe("bytes to upload", std::to_string(there ? 0 : blob.bytes().size()));
                 }});
}

}  // namespace

void register_o_push(Catalogue& catalogue) {
  register_o_subjects(catalogue);
  register_o_refusals(catalogue);
  register_o_savings(catalogue);
}

}  // namespace referee::suites::proposal_checks
