#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "conformance/proposals/e.hpp"
#include "conformance/registration.hpp"
#include "referee/http/url.hpp"

/// Proposal E, "Ordering and Pagination" and "Filtering". Pages come only where a list does not fit one manifest:
/// twelve manifests carry 400 kB of annotations each.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr std::size_t kPage = 4UL * 1024 * 1024;

struct Large {
  std::string digest;
  std::vector<oci::Content> referrers;
};

Large attach_large(Context& t) {
  const auto image = t.pushed_image();
  const auto first = image_with(t, "refers", image.descriptor());
  Large made{image.digest().str(), {}};
  for (int i = 0; i < 12; ++i) {
    auto fields = Json::parse(first.bytes());
    fields["annotations"] = {{"org.referee.number", std::to_string(i)},
                             {"org.referee.payload", std::string(400'000, 'x')}};
    made.referrers.emplace_back(first.media_type(), fields.dump());
    t.push_manifest(made.referrers.back());
  }
  return made;
}

void register_pages(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/e/pages/link",
                 .title = "A list too long for one manifest is complete over its pages",
                 .how = "Attaches twelve manifests of 400 kB and follows the Links, whose form is judged too.",
                 .requirements = {"E.page.link"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.truncate-no-link", "r.ref.page-skip", "r.ref.page-dup", "r.ref.link-loop",
                           "r.ref.link-unbracketed", "r.ref.link-no-rel"},
                 .tags = {"paging", "slow"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto made = attach_large(t);
                   const auto list = refers_of(t, made.digest, made.referrers.size());
                   expect_exactly(list, made.referrers);
                   for (const auto& page : list.pages) {
                     const auto link = page.header("Link");
                     if (link) {
                       EXPECT_NE(http::link_next(*link), "")
                           << "the Link of a page leads on, as in <URL>; rel=\"next\": " << *link;
                     }
                   }
                 }});
  catalogue.add({.id = "proposals/e/pages/size",
                 .title = "Whether a page stays below the usual limit of a manifest",
                 .how = "Measures the largest page of a list that takes more than 4 MiB.",
                 .requirements = {"E.page.size"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.page-too-big"},
                 .tags = {"paging", "slow"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto made = attach_large(t);
                   std::size_t largest = 0;
                   for (const auto& page : refers_of(t, made.digest, made.referrers.size()).pages) {
                     largest = std::max(largest, page.body.size());
                   }
                   t.observe("largest page", largest <= kPage ? "at most 4 MiB" : "more than 4 MiB");
                 }});
  catalogue.add({.id = "proposals/e/pages/ordered",
                 .title = "The list has one order",
                 .how = "Attaches eight manifests and reads the list three times.",
                 .requirements = {"E.page.ordered"},
                 .needs = kNeedsE,
                 .after = kRefersListed,
                 .kills = {"r.E.order-unstable"},
                 .tags = {"paging", "sorting"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   for (int i = 0; i < 8; ++i) pushed_artifact(t, kType, "refers", image.descriptor());
                   const auto first = digests(refers_of(t, image.digest().str(), 8).entries);
                   EXPECT_EQ(first.size(), 8U);
                   for (int i = 0; i < 2; ++i) {
                     EXPECT_EQ(digests(refers_of(t, image.digest().str(), 8).entries), first);
                   }
                 }});
}

/// An image with an artifact each of three types, of which one begins like another and has a plus sign.
struct Typed {
  std::string digest;
  oci::Content plus;
  oci::Content longer;
  oci::Content other;
};

constexpr std::string_view kPlus = "application/vnd.x+json";

Typed attach_typed(Context& t) {
  const auto image = t.pushed_image();
  const auto subject = image.descriptor();
  Typed made{image.digest().str(), pushed_image_with(t, "refers", subject, {}, kPlus),
             pushed_artifact(t, "application/vnd.x+json.more", "refers", subject),
             pushed_artifact(t, "application/vnd.y", "refers", subject)};
  (void)refers_of(t, made.digest, 3);
  return made;
}

void register_e_filter(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/e/filter/exact",
                 .title = "A list filtered by artifactType holds what is of that type and nothing else",
                 .how = "Attaches three manifests of three types, one of which begins like another, and filters by it.",
                 .requirements = {"E.filter.should"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.filter-substring", "r.ref.filter-plus-as-space", "r.ref.filter-claimed-not-done"},
                 .tags = {"filter"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto made = attach_typed(t);
                   expect_exactly(refers_of(t, made.digest, 1, kPlus), {made.plus});
                 }});
  catalogue.add({.id = "proposals/e/filter/annotated",
                 .title = "A list says that it was filtered if it was, and only then",
                 .how = "Reads a list with and without artifactType. The annotation's key of a later draft and the "
                        "header of OCI 1.1 are named where they stand instead.",
                 .requirements = {"E.filter.annotated"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.E.filters-annotation-missing", "r.E.filters-annotation-wrong-key"},
                 .tags = {"filter"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto made = attach_typed(t);
                   const auto filtered = t.registry().referrers(t.repository(), made.digest, kPlus).value();
                   const auto whole = t.registry().referrers(t.repository(), made.digest).value();
                   const auto mark = filter_mark(filtered);
                   t.observe("said by", mark);
                   const bool applied = filtered.body.find(made.other.digest().str()) == std::string::npos &&
                                        !filtered.header("Link").has_value();
                   if (applied) {
                     EXPECT_NE(mark, "no") << "the list was filtered and does not say so";
                   }
                   EXPECT_EQ(filter_mark(whole), "no") << "a list says that it was filtered, though nobody asked";
                 }});
  catalogue.add(
      {.id = "proposals/e/filter/one-only",
       .title = "Of two filters one is obeyed",
       .how = "Sends artifactType twice; which one counts is observed.",
       .requirements = {"E.filter.one-only"},
       .needs = kNeedsE,
       .after = {},
       .kills = {"r.E.filter-union"},
       .tags = {"filter"},
       .profiles = kOnE,
       .body = [](Context& t) {
         const auto made = attach_typed(t);
         Options options = with_query({{"artifactType", std::string(kPlus)}, {"artifactType", "application/vnd.y"}});
         const auto list = read_list(
             t, [&] { return t.registry().referrers(t.repository(), made.digest, "", options); }, "manifests", 1);
         const auto listed = digests(list.entries);
         const bool first = listed == std::vector<std::string>{made.plus.digest().str()};
         const bool last = listed == std::vector<std::string>{made.other.digest().str()};
         t.observe("counts", first ? "the first" : last ? "the last" : "neither alone");
         EXPECT_TRUE(first || last) << listed.size() << " manifests are listed";
       }});
  catalogue.add({.id = "proposals/e/filter/empty",
                 .title = "A filter that nothing passes gives an empty list",
                 .how = "Filters by a type that no referrer has. A list that is not filtered at all says nothing here.",
                 .requirements = {"E.filter.empty-not-404"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.filter-empty-404", "r.ref.filter-empty-null"},
                 .tags = {"filter"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto made = attach_typed(t);
                   const auto answer = t.registry().referrers(t.repository(), made.digest, "text/nothing").value();
                   ASSERT_THAT(answer, HasStatus(200));
                   const auto entries = entries_of(answer, "manifests");
                   if (filter_mark(answer) != "no") {
                     EXPECT_THAT(entries, testing::IsEmpty());
                   }
                 }});
}

}  // namespace

void register_e_pages(Catalogue& catalogue) {
  register_pages(catalogue);
  register_e_filter(catalogue);
}

}  // namespace referee::suites::proposal_checks
