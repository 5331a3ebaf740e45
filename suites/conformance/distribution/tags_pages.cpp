#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"
#include "referee/http/url.hpp"
#include "referee/oci/words.hpp"

/// distribution-spec, "Listing Tags": `n`, `last` and Link. Tags are small letters and digits only, which sort alike
/// in both orders that the specification allows.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

/// Five tags in sorted order, pushed in another, and listed by now.
std::vector<std::string> five_tags(Context& t) {
  const auto image = t.pushed_image();
  for (const auto* name : {"c3", "a1", "e5", "b2", "d4"}) t.push_manifest(image.manifest, t.tag(name));
  (void)tags_of(t, 5);
  return {t.tag("a1"), t.tag("b2"), t.tag("c3"), t.tag("d4"), t.tag("e5")};
}

http::Response list(Context& t, std::vector<std::pair<std::string, std::string>> query) {
  return t.registry().list_tags(t.repository(), with_query(std::move(query))).value();
}

void register_n(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/tags/n",
                 .title = "n=2 of five tags gives two, or fewer with a Link",
                 .how = "Pushes five tags and asks for two.",
                 .requirements = {"dist.tags.n"},
                 .needs = kNeedsTagList,
                 .after = kTagsList,
                 .kills = {"r.tags.n-ignored", "r.tags.n-short"},
                 .tags = {},
                 .body = [](Context& t) {
                   five_tags(t);
                   const auto page = list(t, {{"n", "2"}});
                   EXPECT_THAT(page, HasStatus(200));
                   const auto count = listed_tags(page).size();
                   EXPECT_TRUE(count <= 2) << count << " tags, where two were asked for";
                   EXPECT_TRUE(count >= 2 || page.headers.has("Link"))
                       << "n=2 of five tags gives two, or fewer with a Link to the others: "
                       << oci::counted(count, "tag") << " and no Link";
                 }});
  catalogue.add({.id = "oci-1.1/tags/n-first",
                 .title = "n=3 gives the beginning of the list",
                 .how = "Pushes five tags; the tags of the first page are the first of the sorted list.",
                 .requirements = {"dist.tags.n-from-start"},
                 .needs = {Capability::kTagList, Capability::kFreshRepositories},
                 .after = {"oci-1.1/tags/n"},
                 .kills = {"r.tags.n-takes-last"},
                 .tags = {},
                 .body = [](Context& t) {
                   auto expected = five_tags(t);
                   const auto page = listed_tags(list(t, {{"n", "3"}}));
                   expected.resize(std::min<std::size_t>(page.size(), 3));
                   EXPECT_FALSE(page.empty()) << "n=3 gives no tag at all";
                   EXPECT_EQ(page, expected);
                 }});
  catalogue.add({.id = "oci-1.1/tags/n-zero",
                 .title = "n=0 gives an empty list and no Link",
                 .how = "Pushes five tags and asks for none.",
                 .requirements = {"dist.tags.n-zero"},
                 .needs = kNeedsTagList,
                 .after = {"oci-1.1/tags/n"},
                 .kills = {"r.tags.n-zero-all", "r.tags.n-zero-link"},
                 .tags = {},
                 .body = [](Context& t) {
                   five_tags(t);
                   const auto page = list(t, {{"n", "0"}});
                   EXPECT_THAT(page, testing::AllOf(HasStatus(200), HasNoHeader("Link")));
                   EXPECT_THAT(listed_tags(page), testing::IsEmpty());
                 }});
  catalogue.add({.id = "oci-1.1/tags/n-larger",
                 .title = "n larger than the list gives all tags",
                 .how = "Pushes five tags, asks for 100 and reads all pages.",
                 .requirements = {"dist.tags.n"},
                 .needs = kNeedsTagList,
                 .after = {"oci-1.1/tags/n"},
                 .kills = {"r.tags.n-larger-400"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto expected = five_tags(t);
                   EXPECT_THAT(tags_of(t, expected.size(), with_query({{"n", "100"}})),
                               testing::UnorderedElementsAreArray(expected));
                 }});
  catalogue.add(
      {.id = "oci-1.1/tags/n-malformed",
       .title = "An n that is no number is no fault of the registry's",
       .how = "Asks for n=-1, n=three and an n of 30 digits: an answer below 500, and the connection is not dropped.",
       .requirements = {"dist.tags.n-malformed"},
       .needs = kNeedsTagList,
       .after = kTagsList,
       .kills = {"r.tags.n-malformed-500"},
       .tags = {},
       .body = [](Context& t) {
         five_tags(t);
         for (const std::string n : {"-1", "three", "999999999999999999999999999999"}) {
           const auto answer = t.registry().list_tags(t.repository(), with_query({{"n", n}}));
           const bool dropped = !answer && answer.error().kind == http::ErrorKind::kProtocol;
           if (dropped && t.registry().list_tags(t.repository())) {
             ADD_FAILURE() << "n=" << n << ": " << answer.error().message;
           } else {
             EXPECT_THAT(answer.value(), testing::AnyOf(HasStatus(200), IsClientError()))
                 << "tags/list?n=" << n << ", which is no number of tags, is answered by a list or a 4xx";
           }
         }
       }});
}

void register_last(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/tags/last",
                 .title = "`last` gives the tags after it and not the tag itself",
                 .how = "Pushes five tags and asks for those after the second.",
                 .requirements = {"dist.tags.last"},
                 .needs = kNeedsTagList,
                 .after = kTagsList,
                 .kills = {"r.tags.last-inclusive", "r.tags.last-ignored"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto tags = five_tags(t);
                   EXPECT_THAT(tags_of(t, 3, with_query({{"last", tags[1]}})),
                               testing::UnorderedElementsAre(tags[2], tags[3], tags[4]));
                 }});
  catalogue.add({.id = "oci-1.1/tags/last-is-end",
                 .title = "Nothing comes after the last tag",
                 .how = "Pushes five tags and asks for those after the fifth: 200 with none of them.",
                 .requirements = {"dist.tags.last"},
                 .needs = kNeedsTagList,
                 .after = {"oci-1.1/tags/last"},
                 .kills = {"r.tags.last-wraps"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto tags = five_tags(t);
                   // What stands for an empty list is judged by tags/none-any-more.
                   const auto page = list(t, {{"last", tags[4]}});
                   EXPECT_THAT(page, HasStatus(200));
                   EXPECT_THAT(read_own_tags(t, page), testing::IsEmpty());
                 }});
  catalogue.add({.id = "oci-1.1/tags/last-absent",
                 .title = "Whether `last` may be a tag that does not exist",
                 .how = "Pushes five tags and asks for those after a tag that would sort between two of them.",
                 .requirements = {"dist.tags.last-absent"},
                 .needs = kNeedsTagList,
                 .after = {"oci-1.1/tags/last"},
                 .kills = {"r.tags.last-must-exist"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto tags = five_tags(t);
                   const auto page = list(t, {{"last", t.tag("b5")}});
                   const bool follows = page.status == 200 && own_tags(t, page).size() == 3;
                   t.observe("last names no tag", follows              ? "the tags after it"
                                                  : page.status == 200 ? "other tags"
                                                                       : "status " + std::to_string(page.status));
                 }});
  catalogue.add({.id = "oci-1.1/tags/walk-by-last",
                 .title = "Walking by `n` and `last` gives every tag once, in order",
                 .how = "Asks for two tags at a time, each time after the last one seen, until nothing comes.",
                 .requirements = {"dist.tags.last", "dist.tags.order"},
                 .needs = kNeedsTagList,
                 .after = {"oci-1.1/tags/n", "oci-1.1/tags/last"},
                 .kills = {"r.tags.last-skips"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto expected = five_tags(t);
                   std::vector<std::string> walked;
                   // In a shared repository there are other tags: begin at the first own one, end when they are
                   // through.
                   std::string last = t.tag("0");
                   t.push_manifest(t.pushed_image().manifest, last);
                   for (int request = 0; request < 10; ++request) {
                     const auto page = read_own_tags(t, list(t, {{"n", "2"}, {"last", last}}));
                     if (page.empty()) break;
                     walked.insert(walked.end(), page.begin(), page.end());
                     last = page.back();
                   }
                   EXPECT_EQ(walked, expected);
                 }});
}

void register_links(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/tags/link-form",
                 .title = "A Link of the tag list has the form of RFC 5988 and rel=\"next\"",
                 .how = "Pushes five tags, asks for two and reads the Link, if there is one.",
                 .requirements = {"dist.tags.link-form"},
                 .needs = kNeedsTagList,
                 .after = {"oci-1.1/tags/n"},
                 .kills = {"r.tags.link-unbracketed", "r.tags.link-no-rel"},
                 .tags = {},
                 .body = [](Context& t) {
                   five_tags(t);
                   const auto link = list(t, {{"n", "2"}}).header("Link");
                   t.observe("Link", link ? "sent" : "not sent");
                   if (link) {
                     EXPECT_NE(http::link_next(*link), "")
                         << "the Link of a page leads on, as in <URL>; rel=\"next\": " << *link;
                   }
                 }});
  catalogue.add({.id = "oci-1.1/tags/walk-by-link",
                 .title = "Walking by Link gives every tag once, in order, and ends",
                 .how = "Pushes five tags, asks for two and follows the Link, if there is one, to the end.",
                 .requirements = {"dist.tags.link-walk", "dist.tags.order"},
                 .needs = {Capability::kTagList, Capability::kFreshRepositories},
                 .after = {"oci-1.1/tags/n"},
                 .kills = {"r.tags.link-loop", "r.tags.link-skips", "r.tags.link-repeats"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto expected = five_tags(t);
                   const auto first = list(t, {{"n", "2"}});
                   t.observe("Link", first.headers.has("Link") ? "sent" : "not sent");
                   if (first.headers.has("Link")) {
                     EXPECT_EQ(tags_now(t, with_query({{"n", "2"}})), expected);
                   }
                 }});
}

}  // namespace

void register_tags_pages(Catalogue& catalogue) {
  register_n(catalogue);
  register_last(catalogue);
  register_links(catalogue);
}

}  // namespace referee::suites::distribution
