#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Listing Tags": the list as a whole. Its parts are in tags_pages.cpp.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

/// Letters and digits only: the text does not say where dots and dashes sort without regard to case.
const std::vector<std::string> kMixed{"b2", "Alpha", "zulu", "B10", "alpine", "10", "Zeta", "9", "mike"};

std::vector<std::string> push_tags(Context& t, const std::vector<std::string>& names) {
  const auto image = t.pushed_image();
  std::vector<std::string> tags;
  for (const auto& name : names) {
    tags.push_back(t.tag(name));
    t.push_manifest(image.manifest, tags.back());
  }
  return tags;
}

void register_body(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/tags/list-200",
                 .title = "The tag list of a repository is answered 200",
                 .how = "Pushes one tag and GETs the list.",
                 .requirements = {"dist.tags.status"},
                 .needs = {Capability::kTagList},
                 .after = kByTag,
                 .kills = {"r.tags.status-203"},
                 .tags = {"root"},
                 .body = [](Context& t) {
                   push_tags(t, {"v1"});
                   EXPECT_THAT(t.registry().list_tags(t.repository()).value(), HasStatus(200));
                 }});
  catalogue.add(
      {.id = "oci-1.1/tags/body",
       .title = "The tag list is a JSON object with `name` and `tags`",
       .how = "Pushes one tag and reads the list: `name` is the repository, `tags` a list that holds the tag.",
       .requirements = {"dist.tags.body"},
       .needs = {Capability::kTagList},
       .after = kTagsList,
       .kills = {"r.tags.wrong-name", "r.tags.no-name"},
       .tags = {},
       .body = [](Context& t) {
         const auto tags = push_tags(t, {"v1"});
         EXPECT_THAT(tags_of(t, 1), testing::ElementsAreArray(tags));
         const auto body = parse_json(t.registry().list_tags(t.repository()).value().body);
         ASSERT_TRUE(body && body->is_object()) << "the body is no JSON object";
         EXPECT_EQ(body->value("name", nlohmann::json()), nlohmann::json(t.repository()));
       }});
  catalogue.add({.id = "oci-1.1/tags/complete",
                 .title = "Every tag is listed, once",
                 .how = "Pushes nine tags and reads all pages of the list.",
                 .requirements = {"dist.tags.complete"},
                 .needs = {Capability::kTagList},
                 .after = kTagsList,
                 .kills = {"r.tags.cap-no-link", "r.tags.duplicates"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto tags = push_tags(t, kMixed);
                   EXPECT_THAT(tags_of(t, tags.size()), testing::UnorderedElementsAreArray(tags));
                 }});
  catalogue.add({.id = "oci-1.1/tags/order",
                 .title = "Tags are sorted, by bytes or without regard to case",
                 .how = "Pushes tags of capitals, small letters and digits in no order and reads all pages.",
                 .requirements = {"dist.tags.order"},
                 .needs = {Capability::kTagList},
                 .after = kTagsList,
                 .kills = {"r.tags.unsorted"},
                 .tags = {},
                 .body = [](Context& t) {
                   push_tags(t, kMixed);
                   const auto listed = tags_of(t, kMixed.size());
                   EXPECT_TRUE(is_sorted_somehow(listed)) << "not sorted: " << testing::PrintToString(listed);
                 }});
  catalogue.add({.id = "oci-1.1/tags/digest-tags",
                 .title = "Tags that look like digests are listed like any other",
                 .how = "Pushes a tag of the referrers tag schema and a cosign tag and looks for both in the list.",
                 .requirements = {"dist.tags.complete"},
                 .needs = {Capability::kTagList},
                 .after = kTagsList,
                 .kills = {"r.tags.hides-digest-tags"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto tag = oci::referrers_tag(image.digest().str());
                   const auto index = oci::IndexBuilder().manifest(image.descriptor()).build();
                   t.push_manifest(index, tag);
                   t.push_manifest(image.manifest, tag + ".sig");
                   std::vector<std::string> all;
                   ask_until([&] {
                     all.clear();
                     for (const auto& page : pages_of(t, t.registry().list_tags(t.repository()))) {
                       const auto tags = listed_tags(page);
                       all.insert(all.end(), tags.begin(), tags.end());
                     }
                     return std::ranges::count(all, tag + ".sig") > 0;
                   });
                   EXPECT_THAT(all, testing::IsSupersetOf({tag, tag + ".sig"}));
                 }});
  catalogue.add({.id = "oci-1.1/tags/moved-once",
                 .title = "A tag that was moved is listed once",
                 .how = "Pushes two images under one tag; the list holds the tag once.",
                 .requirements = {"dist.tags.complete"},
                 .needs = {Capability::kTagList},
                 .after = kTagsList,
                 .kills = {"r.tags.dup-on-retag"},
                 .tags = {},
                 .body = [](Context& t) {
                   push_tags(t, {"v1"});
                   const auto second = t.pushed_image();
                   (void)t.registry().put_manifest(t.repository(), t.tag("v1"), second.manifest).value();
                   EXPECT_THAT(tags_of(t, 1), testing::ElementsAre(t.tag("v1")));
                 }});
  catalogue.add({.id = "oci-1.1/tags/none",
                 .title = "A repository without tags has an empty list, or is not found",
                 .how = "Pushes an image by digest only: 200 with an empty `tags`, or 404. Digests are not tags.",
                 .requirements = {"dist.tags.body", "dist.tags.complete"},
                 .needs = {Capability::kTagList, Capability::kFreshRepositories},
                 .after = kTagsList,
                 .kills = {"r.tags.null-list", "r.tags.lists-digests"},
                 .tags = {},
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto answer = t.registry().list_tags(t.repository()).value();
                   EXPECT_THAT(answer, HasStatusIn({200, 404}));
                   if (answer.status == 200) {
                     EXPECT_THAT(listed_tags(answer), testing::IsEmpty());
                   }
                 }});
  catalogue.add({.id = "oci-1.1/tags/none-any-more",
                 .title = "The tag list of a repository whose manifests were deleted is a list, or is not found",
                 .how = "Pushes an image with a tag, deletes the manifest: 200 with a list `tags`, not null, or 404.",
                 .requirements = {"dist.tags.body"},
                 .needs = {Capability::kTagList, Capability::kManifestDelete, Capability::kFreshRepositories},
                 .after = kTagsList,
                 .kills = {"r.tags.null-list"},
                 .tags = {"delete"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   ASSERT_THAT(t.registry().delete_manifest(t.repository(), image.digest().str()).value(),
                               HasStatus(202));
                   const auto answer = t.registry().list_tags(t.repository()).value();
                   EXPECT_THAT(answer, HasStatusIn({200, 404}));
                   if (answer.status == 200) (void)listed_tags(answer);
                 }});
  catalogue.add({.id = "oci-1.1/tags/absent-repository",
                 .title = "How the tag list of a repository is answered that does not exist",
                 .how = "GETs the tag list of a name that nobody pushed to; the endpoint table knows 404.",
                 .requirements = {"dist.tags.absent-repository"},
                 .needs = {Capability::kTagList},
                 .after = kTagsList,
                 .kills = {"r.tags.absent-repository-200"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto answer = t.registry().list_tags(t.absent_repository()).value();
                   t.observe("status", std::to_string(answer.status));
                 }});
  catalogue.add({.id = "oci-1.1/tags/deleted",
                 .title = "A deleted tag leaves the list, and only that tag",
                 .how = "Pushes three tags to one image, deletes the second and reads the list.",
                 .requirements = {"dist.tags.deleted"},
                 .needs = {Capability::kTagList, Capability::kTagDelete},
                 .after = {"oci-1.1/tags/list-200", "oci-1.1/delete/tag-gone"},
                 .kills = {"r.tags.stale-after-delete"},
                 .tags = {"delete"},
                 .body = [](Context& t) {
                   const auto tags = push_tags(t, {"a", "b", "c"});
                   (void)tags_of(t, 3);
                   EXPECT_THAT(t.registry().delete_manifest(t.repository(), tags[1]).value(), HasStatus(202));
                   std::vector<std::string> left;
                   ask_until([&] { return (left = tags_now(t)).size() <= 2; });
                   EXPECT_THAT(left, testing::UnorderedElementsAre(tags[0], tags[2]));
                 }});
  catalogue.add({.id = "oci-1.1/tags/concurrent",
                 .title = "Tags that are pushed at once are all listed",
                 .how = "16 threads each push one tag to the same image; the list holds all.",
                 .requirements = {"dist.tags.complete"},
                 .needs = {Capability::kTagList},
                 .after = kTagsList,
                 .kills = {"r.tags.lost-concurrent"},
                 .tags = {"concurrency"},
                 .body = [](Context& t) {
                   constexpr int kWriters = 16;
                   const auto image = t.pushed_image();
                   std::vector<std::string> tags;
                   for (int i = 0; i < kWriters; ++i) tags.push_back(t.tag("v" + std::to_string(i)));
                   std::vector<http::Result> answers(kWriters);
                   at_once(kWriters, [&](int i) {
                     const auto at = static_cast<std::size_t>(i);
                     answers[at] = t.registry().put_manifest(t.repository(), tags[at], image.manifest);
                   });
                   for (const auto& answer : answers) EXPECT_THAT(answer.value(), HasStatus(201));
                   EXPECT_THAT(tags_of(t, kWriters), testing::UnorderedElementsAreArray(tags));
                 }});
}

}  // namespace

void register_tags(Catalogue& catalogue) {
  register_body(catalogue);
}

}  // namespace referee::suites::distribution
