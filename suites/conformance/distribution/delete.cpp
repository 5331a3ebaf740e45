#include <gmock/gmock.h>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Deleting tags" and "Deleting Manifests". Each may be disabled, by 400 or 405.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

const std::vector<std::string> kTagStatus{"oci-1.1/delete/tag-status"};
const std::vector<std::string> kManifestStatus{"oci-1.1/delete/manifest-status"};

http::Response remove(Context& t, std::string_view reference) {
  return t.registry().delete_manifest(t.repository(), reference).value();
}

http::Response get(Context& t, std::string_view reference) {
  return t.registry().get_manifest(t.repository(), reference).value();
}

/// Gone for GET and HEAD.
void expect_gone(Context& t, std::string_view reference) {
  EXPECT_THAT(gone_manifest(t, reference), HasStatus(404))
      << "GET of " << reference << ", which was deleted, answers 404";
  EXPECT_THAT(t.registry().head_manifest(t.repository(), reference).value(), HasStatus(404))
      << "HEAD of " << reference << ", which was deleted, answers 404";
}

void register_tag(Catalogue& catalogue) {
  const std::vector<Capability> needs{Capability::kTagDelete};
  catalogue.add({.id = "oci-1.1/delete/tag-status",
                 .title = "Deleting a tag is answered 202, or 400 or 405 where it is disabled",
                 .how = "Pushes a tag and DELETEs it.",
                 .requirements = {"dist.delete.tag-disabled", "dist.delete.tag", "O.del.tag"},
                 .needs = {},
                 .after = kByTag,
                 .kills = {"r.del.disabled-500", "r.del.tag-status-200"},
                 .tags = {},
                 .body = [](Context& t) {
                   t.pushed_image(t.tag("v1"));
                   const auto answer = remove(t, t.tag("v1"));
                   t.observe("tag deletion", answer.status == 202 ? "enabled" : "disabled");
                   EXPECT_THAT(answer, HasStatusIn({202, 400, 405}));
                 }});
  catalogue.add({.id = "oci-1.1/delete/tag-gone",
                 .title = "A deleted tag is answered 404",
                 .how = "Deletes a tag, then GETs and HEADs it.",
                 .requirements = {"dist.delete.tag-gone", "O.del.tag"},
                 .needs = needs,
                 .after = kTagStatus,
                 .kills = {"r.del.tag-stays"},
                 .tags = {},
                 .body = [](Context& t) {
                   t.pushed_image(t.tag("v1"));
                   EXPECT_THAT(remove(t, t.tag("v1")), HasStatus(202));
                   expect_gone(t, t.tag("v1"));
                 }});
  catalogue.add({.id = "oci-1.1/delete/tag-keeps-manifest",
                 .title = "Deleting a tag deletes neither its manifest nor other tags of it",
                 .how = "Pushes a manifest under two tags, deletes one, and GETs the digest and the other tag.",
                 .requirements = {"dist.delete.tag-only"},
                 .needs = needs,
                 .after = kTagStatus,
                 .kills = {"r.del.tag-deletes-manifest", "r.del.tag-deletes-other-tags"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   t.push_manifest(image.manifest, t.tag("v2"));
                   EXPECT_THAT(remove(t, t.tag("v1")), HasStatus(202));
                   (void)gone_manifest(t, t.tag("v1"));
                   EXPECT_THAT(get(t, t.tag("v2")), ServesContent(image.manifest));
                   EXPECT_THAT(get(t, image.digest().str()), ServesContent(image.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/delete/tag-keeps-referrer",
                 .title = "Deleting a tag of a referrer does not take it off the list",
                 .how = "Pushes a tagged referrer, deletes the tag and lists the subject's referrers.",
                 .requirements = {"dist.referrers.members", "dist.delete.tag-only", "O.ref.tagged-referrer"},
                 .needs = {Capability::kTagDelete, Capability::kReferrers},
                 .after = {"oci-1.1/delete/tag-status", "oci-1.1/referrers/list-200"},
                 .kills = {"r.del.tag-unlists-referrer", "r.del.tag-deletes-manifest"},
                 .tags = {"referrers"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto referrer = pushed_referrer(t, image.descriptor(), "", {}, t.tag("sig"));
                   EXPECT_THAT(remove(t, t.tag("sig")), HasStatus(202));
                   (void)gone_manifest(t, t.tag("sig"));
                   expect_referrers(t, image.digest().str(), {referrer.digest().str()});
                 }});
  catalogue.add({.id = "oci-1.1/delete/tag-again",
                 .title = "A deleted tag can be pushed again",
                 .how = "Deletes a tag and pushes another manifest under it.",
                 .requirements = {"dist.delete.reusable"},
                 .needs = needs,
                 .after = kTagStatus,
                 .kills = {"r.del.tag-tombstone"},
                 .tags = {},
                 .body = [](Context& t) {
                   t.pushed_image(t.tag("v1"));
                   EXPECT_THAT(remove(t, t.tag("v1")), HasStatus(202));
                   (void)gone_manifest(t, t.tag("v1"));
                   const auto other = t.pushed_image();
                   EXPECT_THAT(t.registry().put_manifest(t.repository(), t.tag("v1"), other.manifest).value(),
                               HasStatus(201));
                   EXPECT_THAT(get(t, t.tag("v1")), ServesContent(other.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/delete/tag-absent",
                 .title = "How deleting a tag is answered that is not there",
                 .how = "DELETEs a tag that was never pushed, in a repository with another tag.",
                 .requirements = {"dist.delete.absent"},
                 .needs = needs,
                 .after = kTagStatus,
                 .kills = {"r.del.absent-500"},
                 .tags = {},
                 .body = [](Context& t) {
                   t.pushed_image(t.tag("v1"));
                   t.observe("status", std::to_string(remove(t, t.tag("never")).status));
                 }});
}

void register_manifest(Catalogue& catalogue) {
  const std::vector<Capability> needs{Capability::kManifestDelete};
  catalogue.add({.id = "oci-1.1/delete/manifest-status",
                 .title = "Deleting a manifest is answered 202, or 400 or 405 where it is disabled",
                 .how = "Pushes an image and DELETEs its digest.",
                 .requirements = {"dist.delete.manifest", "dist.delete.manifest-disabled", "O.del.manifest"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.del.disabled-500", "r.del.manifest-status-200"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto answer = remove(t, t.pushed_image().digest().str());
                   t.observe("manifest deletion", answer.status == 202 ? "enabled" : "disabled");
                   EXPECT_THAT(answer, HasStatusIn({202, 400, 405}));
                 }});
  catalogue.add({.id = "oci-1.1/delete/manifest-gone",
                 .title = "A deleted manifest is answered 404",
                 .how = "Deletes an untagged image by digest, then GETs and HEADs it.",
                 .requirements = {"dist.delete.manifest-gone", "O.del.manifest"},
                 .needs = needs,
                 .after = kManifestStatus,
                 .kills = {"r.del.manifest-stays"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto digest = t.pushed_image().digest().str();
                   EXPECT_THAT(remove(t, digest), HasStatus(202));
                   expect_gone(t, digest);
                 }});
  catalogue.add({.id = "oci-1.1/delete/manifest-tags-gone",
                 .title = "All tags of a deleted manifest are answered 404",
                 .how = "Pushes an image under two tags, deletes its digest and GETs both tags.",
                 .requirements = {"dist.delete.manifest-gone", "O.del.manifest"},
                 .needs = needs,
                 .after = {"oci-1.1/delete/manifest-gone", "oci-1.1/push-manifests/by-tag"},
                 .kills = {"r.del.leaves-tag"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   t.push_manifest(image.manifest, t.tag("v2"));
                   EXPECT_THAT(remove(t, image.digest().str()), HasStatus(202));
                   expect_gone(t, t.tag("v1"));
                   expect_gone(t, t.tag("v2"));
                 }});
  catalogue.add({.id = "oci-1.1/delete/manifest-keeps-others",
                 .title = "Deleting a manifest deletes no other manifest and no other tag",
                 .how = "Pushes two images with tags and deletes one of them.",
                 .requirements = {"dist.delete.manifest-only"},
                 .needs = needs,
                 .after = kManifestStatus,
                 .kills = {"r.del.manifest-deletes-all"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto gone = t.pushed_image(t.tag("v1"));
                   const auto stays = t.pushed_image(t.tag("v2"));
                   EXPECT_THAT(remove(t, gone.digest().str()), HasStatus(202));
                   (void)gone_manifest(t, gone.digest().str());
                   EXPECT_THAT(get(t, stays.digest().str()), ServesContent(stays.manifest));
                   EXPECT_THAT(get(t, t.tag("v2")), ServesContent(stays.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/delete/index-keeps-images",
                 .title = "Deleting an index does not delete the images that it lists",
                 .how = "Pushes an index of one image, deletes the index and GETs the image.",
                 .requirements = {"dist.delete.manifest-only"},
                 .needs = needs,
                 .after = kManifestStatus,
                 .kills = {"r.del.index-deletes-images"},
                 .tags = {"index"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   const auto index = oci::IndexBuilder().manifest(image.descriptor()).build();
                   t.push_manifest(index);
                   EXPECT_THAT(remove(t, index.digest().str()), HasStatus(202));
                   (void)gone_manifest(t, index.digest().str());
                   EXPECT_THAT(get(t, image.digest().str()), ServesContent(image.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/delete/manifest-other-repository",
                 .title = "Deleting a manifest leaves the same manifest in another repository",
                 .how = "Pushes one image to two repositories and deletes it in the first.",
                 .requirements = {"dist.delete.manifest-only"},
                 .needs = {Capability::kManifestDelete, Capability::kFreshRepositories},
                 .after = kManifestStatus,
                 .kills = {"r.del.cross-repo"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push_to(t.other_repository(), image);
                   EXPECT_THAT(remove(t, image.digest().str()), HasStatus(202));
                   (void)gone_manifest(t, image.digest().str());
                   EXPECT_THAT(t.registry().get_manifest(t.other_repository(), image.digest().str()).value(),
                               ServesContent(image.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/delete/manifest-again",
                 .title = "A deleted manifest can be pushed again",
                 .how = "Deletes an image by digest and pushes it once more, blobs included.",
                 .requirements = {"dist.delete.reusable"},
                 .needs = needs,
                 .after = kManifestStatus,
                 .kills = {"r.del.manifest-tombstone"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   EXPECT_THAT(remove(t, image.digest().str()), HasStatus(202));
                   (void)gone_manifest(t, image.digest().str());
                   for (const auto& blob : image.blobs) t.push(blob);
                   EXPECT_THAT(t.registry().put_manifest(t.repository(), image.digest().str(), image.manifest).value(),
                               HasStatus(201));
                   EXPECT_THAT(get(t, image.digest().str()), ServesContent(image.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/delete/manifest-absent",
                 .title = "How deleting a manifest is answered that is not there",
                 .how = "DELETEs a digest that was never pushed, in a repository with an image.",
                 .requirements = {"dist.delete.absent"},
                 .needs = needs,
                 .after = kManifestStatus,
                 .kills = {"r.del.absent-500"},
                 .tags = {},
                 .body = [](Context& t) {
                   t.pushed_image();
                   t.observe("status", std::to_string(remove(t, t.absent_digest().str()).status));
                 }});
  catalogue.add({.id = "oci-1.1/delete/manifest-absent-repository",
                 .title = "Deleting a manifest in a repository that does not exist is answered 404",
                 .how = "DELETEs a digest below a name that nobody pushed to.",
                 .requirements = {"dist.delete.absent-repository"},
                 .needs = needs,
                 .after = kManifestStatus,
                 .kills = {"r.del.absent-repository-202"},
                 .tags = {"errors"},
                 .body = [](Context& t) {
                   EXPECT_THAT(t.registry().delete_manifest(t.absent_repository(), t.absent_digest().str()).value(),
                               HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/delete/subject-keeps-tagged-referrer",
                 .title = "Whether a tagged referrer survives the deletion of its subject",
                 .how = "Pushes an image with a tagged referrer, deletes the image and GETs the referrer's tag.",
                 .requirements = {"dist.delete.subject"},
                 .needs = needs,
                 .after = kManifestStatus,
                 .kills = {"r.del.cascade-tagged"},
                 .tags = {"referrers"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   pushed_referrer(t, image.descriptor(), "", {}, t.tag("sig"));
                   EXPECT_THAT(remove(t, image.digest().str()), HasStatus(202));
                   (void)gone_manifest(t, image.digest().str());
                   t.observe("tagged referrer", get(t, t.tag("sig")).status == 200 ? "kept" : "gone");
                 }});
}

}  // namespace

void register_delete(Catalogue& catalogue) {
  register_tag(catalogue);
  register_manifest(catalogue);
}

}  // namespace referee::suites::distribution
