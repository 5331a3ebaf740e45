#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"

/// Proposal D asks nothing new of a registry: what it counts on has to hold on any, so that these checks run on an old
/// one. A digest tag is `<alg>-<ref>.<hash>.<type>`.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences
using suites::distribution::tags_of;

namespace {

/// The part of the tags that all attachments of a subject share.
std::string tag_stem(const oci::Digest& subject) {
  return "sha256-" + subject.encoded().substr(0, 64);
}

std::string digest_tag(const oci::Digest& subject, const oci::Digest& artifact, std::string_view type) {
  return fmt::format("{}.{}.{}", tag_stem(subject), artifact.encoded().substr(0, 16), type);
}

/// An artifact as an image manifest, whose media types no registry knows.
oci::Package unknown_types(Context& t) {
  return oci::ManifestBuilder()
      .config({"application/vnd.example.sig.v1+json", fmt::format(R"({{"n":"{}"}})", t.random().hex(16))})
      .layer({"application/vnd.example.sig.layer+brotli", t.random().bytes(64)})
      .build();
}

void register_push(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/d/push/artifact-as-image",
                 .title = "An image manifest of unknown config and layer types is stored",
                 .how = "Pushes one and pulls it.",
                 .requirements = {"D.push.artifact-as-image"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.reject-unknown-config", "r.put.reject-unknown-layer"},
                 .tags = {},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto package = unknown_types(t);
                   for (const auto& blob : package.blobs) t.push(blob);
                   ASSERT_THAT(put(t, package.manifest), HasStatus(201));
                   EXPECT_THAT(get(t, package.digest().str()), ServesContent(package.manifest));
                 }});
  catalogue.add(
      {.id = "proposals/d/push/index-with-artifact",
       .title = "An index may list artifacts beside images, with an unknown platform or none",
       .how = "Pushes indexes of an image and an artifact: with os unknown, with os and architecture unknown, "
              "and without platform.",
       .requirements = {"D.push.index-with-artifact", "F.push.noplatform-artifact", "image.platform-complete"},
       .needs = {},
       .after = {},
       .kills = {"r.put.reject-noplatform"},
       .tags = {"index"},
       .profiles = kOnOld,
       .body = [](Context& t) {
         auto image = t.pushed_image().descriptor();
         image.platform = oci::Platform{"amd64", "linux", "", ""};
         const std::vector<std::optional<oci::Platform>> platforms{
             oci::Platform{"", "unknown", "", ""}, oci::Platform{"unknown", "unknown", "", ""}, std::nullopt};
         for (const auto& platform : platforms) {
           auto artifact = t.pushed_image().descriptor();
           artifact.platform = platform;
           const auto index = oci::IndexBuilder().manifest(image).manifest(artifact).build();
           const auto pushed = put(t, index);
           EXPECT_THAT(pushed, HasStatus(201))
               << "an index with this entry is taken: " << oci::to_json(artifact).dump();
           // The proposal's own example lacks what image-spec asks of every platform.
           if (platform && platform->architecture.empty()) {
             t.observe("platform without architecture", pushed.status == 201 ? "stored" : "refused");
           }
         }
       }});
  catalogue.add({.id = "proposals/d/push/data-field",
                 .title = "Inline data of an index entry is stored as it is",
                 .how = "Pushes an index whose entry carries its manifest, and pulls it.",
                 .requirements = {"D.push.data-field"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.strips-data"},
                 .tags = {"index"},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   auto entry = image.descriptor();
                   entry.data = image.manifest.bytes();
                   const auto index = oci::IndexBuilder().manifest(entry).build();
                   ASSERT_THAT(put(t, index), HasStatus(201));
                   EXPECT_THAT(get(t, index.digest().str()), ServesContent(index));
                 }});
  catalogue.add({.id = "proposals/d/attach/tag-grammar",
                 .title = "A digest tag is a tag as long as its type has at most 39 characters",
                 .how = "Tags an artifact with types of 1, 5 and 39 characters, and with one of 40, which makes 129.",
                 .requirements = {"D.attach.tag-grammar"},
                 .needs = {Capability::kFreshRepositories},
                 .after = {},
                 .kills = {"r.put.tag-128-refused", "r.put.tag-129-ok"},
                 .tags = {},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   for (const std::size_t length : {1U, 5U, 39U}) {
                     const auto tag = digest_tag(image.digest(), image.digest(), std::string(length, 't'));
                     EXPECT_THAT(put(t, image.manifest, tag), HasStatus(201))
                         << "a tag of " << tag.size() << " characters, of which 128 are allowed, is taken";
                   }
                   const auto tag = digest_tag(image.digest(), image.digest(), std::string(40, 't'));
                   EXPECT_THAT(put(t, image.manifest, tag), IsClientError())
                       << "a tag of " << tag.size() << " characters, of which 128 are allowed, is refused with a 4xx";
                 }});
}

void register_discover(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/d/discover/paging",
                 .title = "The list of tags can be read to its end, in order, whole and in pieces",
                 .how = "Makes 24 digest tags; reads the list without n over its pages, and with n=7 from the last tag "
                        "of one piece on.",
                 .requirements = {"D.discover.paging"},
                 .needs = {Capability::kTagList},
                 .after = {},
                 .kills = {"r.tags.cap-no-link", "r.tags.n-ignored", "r.tags.last-inclusive", "r.tags.unsorted"},
                 .tags = {"paging"},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   std::vector<std::string> expected;
                   for (int i = 0; i < 24; ++i) {
                     expected.push_back(t.tag("sha256-" + t.random().hex(20)));
                     t.push_manifest(image.manifest, expected.back());
                   }
                   std::ranges::sort(expected);
                   EXPECT_EQ(tags_of(t, expected.size()), expected);
                   std::vector<std::string> pieces;
                   for (int i = 0; i < 30; ++i) {
                     auto query = with_query({{"n", "7"}});
                     if (!pieces.empty()) query.query.emplace_back("last", pieces.back());
                     const auto piece =
                         suites::distribution::own_tags(t, t.registry().list_tags(t.repository(), query).value());
                     EXPECT_LE(piece.size(), 7U);
                     if (piece.empty()) break;
                     pieces.insert(pieces.end(), piece.begin(), piece.end());
                   }
                   EXPECT_EQ(pieces, expected) << "read with n and last";
                 }});
  catalogue.add({.id = "proposals/d/discover/seek",
                 .title = "A client can go straight to the tags of one subject",
                 .how = "Among other tags, asks for those after `<alg>-<ref>`, which is none itself.",
                 .requirements = {"D.discover.seek"},
                 .needs = {Capability::kTagList},
                 .after = {},
                 .kills = {"r.tags.last-must-exist"},
                 .tags = {"paging"},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("aaa"));
                   t.push_manifest(image.manifest, t.tag("zzz"));
                   const auto stem = t.tag("sha256-" + image.digest().encoded().substr(0, 20));
                   t.push_manifest(image.manifest, stem + ".sig");
                   (void)tags_of(t, 3);
                   const auto answer = t.registry().list_tags(t.repository(), with_query({{"last", stem}})).value();
                   t.observe("status", std::to_string(answer.status));
                   const auto tags = suites::distribution::read_own_tags(t, answer);
                   const bool first = !tags.empty() && tags.front() == stem + ".sig";
                   t.observe("claim", first ? "confirmed" : "refuted");
                 }});
  catalogue.add({.id = "proposals/d/discover/tags-visible",
                 .title = "Digest tags stand in the list of tags like any other",
                 .how = "Tags an image with a digest tag and reads the list, also with an artifactType, which a "
                        "registry does not know there.",
                 .requirements = {"D.discover.tags-visible", "D.filter.server-impossible"},
                 .needs = {Capability::kTagList, Capability::kFreshRepositories},
                 .after = {},
                 .kills = {"r.tags.hides-digest-tags"},
                 .tags = {},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image("v1");
                   const auto tag = digest_tag(image.digest(), image.digest(), "sig");
                   t.push_manifest(image.manifest, tag);
                   const auto tags = tags_of(t, 2);
                   EXPECT_THAT(tags, testing::UnorderedElementsAre("v1", tag));
                   const bool same = tags_of(t, 2, with_query({{"artifactType", "nothing/of-this-type"}})) == tags;
                   t.observe("with artifactType", same ? "the same list" : "another list");
                 }});
}

void register_upkeep(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/d/delete/tag",
                 .title = "Whether a digest tag can be deleted, and its manifest stays",
                 .how = "Deletes one of two tags of an image and pulls the image by digest.",
                 .requirements = {"D.delete.tag-api-optional"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.del.tag-deletes-manifest", "r.del.disabled-500"},
                 .tags = {},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   t.push_manifest(image.manifest, t.tag("sig"));
                   t.observe("delete",
                             std::to_string(t.registry().delete_manifest(t.repository(), t.tag("sig")).value().status));
                   t.observe("manifest", get(t, image.digest().str()).status == 200 ? "stays" : "is gone");
                 }});
  catalogue.add({.id = "proposals/d/lock/immutable",
                 .title = "Digest tags work where tags cannot be moved, since each is new",
                 .how = "Attaches three artifacts to a tagged image, each under a digest tag of its own.",
                 .requirements = {"D.lock.immutable"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.immutable-all"},
                 .tags = {"compatibility"},
                 .profiles = {"oci-1.0-immutable-tags"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   int stored = 0;
                   for (int i = 0; i < 3; ++i) {
                     const auto artifact = t.pushed_image();
                     const auto tag = t.tag(fmt::format("sha256-{}.{}", image.digest().encoded().substr(0, 20), i));
                     stored += put(t, artifact.manifest, tag).status == 201 ? 1 : 0;
                   }
                   t.observe("attached", fmt::format("{} of 3", stored));
                   t.observe("claim", stored == 3 ? "confirmed" : "refuted");
                 }});
  catalogue.add({.id = "proposals/d/gc/tagged-live",
                 .title = "An artifact lives as long as a digest tag leads to it",
                 .how = "On a registry of its own, tags an artifact with a digest tag and collects; then deletes the "
                        "tag and collects again.",
                 .requirements = {"D.gc.tagged-live", "R.old-registry-impact"},
                 .needs = {Capability::kTagDelete, Capability::kControl},
                 .after = {},
                 .kills = {"r.gc.drops-digest-tagged"},
                 .tags = {"gc"},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   OwnRegistry own(t);
                   auto& o = own.context();
                   const auto image = o.pushed_image("v1");
                   const auto artifact = o.pushed_image();
                   // `<alg>-<ref>`, the form that a collector would know.
                   const auto tag = tag_stem(image.digest());
                   o.push_manifest(artifact.manifest, tag);
                   own.collect();
                   t.observe("tagged", get(o, artifact.digest().str()).status == 200 ? "kept" : "collected");
                   (void)o.registry().delete_manifest(o.repository(), tag).value();
                   (void)gone_manifest(o, tag);
                   own.collect();
                   t.observe("without its tag", get(o, artifact.digest().str()).status == 200 ? "kept" : "collected");
                 }});
  catalogue.add({.id = "proposals/d/support/none-needed",
                 .title = "Attaching by digest tag needs nothing that an old registry lacks",
                 .how = "Attaches an artifact of unknown types to an image, finds it in the list of tags and pulls it.",
                 .requirements = {"D.support.none-needed"},
                 .needs = {Capability::kTagList},
                 .after = {},
                 .kills = {"r.put.reject-unknown-config"},
                 .tags = {"compatibility"},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   const auto artifact = unknown_types(t);
                   for (const auto& blob : artifact.blobs) t.push(blob);
                   const auto tag = t.tag("sha256-" + image.digest().encoded().substr(0, 20) + ".sig");
                   const auto pushed = put(t, artifact.manifest, tag).status;
                   t.observe("push", std::to_string(pushed));
                   const auto tags = tags_of(t, 2);
                   const bool found = std::ranges::find(tags, tag) != tags.end();
                   const bool pulled = get(t, tag).body == artifact.manifest.bytes();
                   t.observe("claim", pushed == 201 && found && pulled ? "confirmed" : "refuted");
                 }});
}

}  // namespace

void register_d(Catalogue& catalogue) {
  register_push(catalogue);
  register_discover(catalogue);
  register_upkeep(catalogue);
}

}  // namespace referee::suites::proposal_checks
