#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "conformance/proposals/a.hpp"
#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"
#include "referee/http/url.hpp"

/// Proposal A, "Paging Results". A page may be shorter than n whenever the registry likes; what counts is that none is
/// longer, that a Link means more, and that nothing is lost.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

struct Attached {
  oci::Package image;
  std::vector<oci::Content> artifacts;
  [[nodiscard]] std::string digest() const { return image.digest().str(); }
};

Attached attach_many(Context& t, int count, std::string_view type = "signature/example") {
  Attached made{t.pushed_image(), {}};
  for (int i = 0; i < count; ++i)
    made.artifacts.push_back(pushed_artifact(t, type, "subject", made.image.descriptor()));
  return made;
}

List pages_of_n(Context& t, const Attached& made, int n) {
  return artifacts_of(t, made.digest(), made.artifacts.size(), {{"n", std::to_string(n)}});
}

void register_sizes(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/a/pages/complete",
                 .title = "A list read page by page is complete, and has each artifact once",
                 .how = "Attaches 25 artifacts and follows the Links from n=10 on: each page but the last has one, and "
                        "they end.",
                 .requirements = {"A.page.implemented", "A.page.link-means-more"},
                 .needs = kNeedsA,
                 .after = kArtifactList,
                 .kills = {"r.ref.truncate-no-link", "r.ref.page-skip", "r.ref.page-dup", "r.ref.link-loop"},
                 .tags = {"paging"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto made = attach_many(t, 25);
                   const auto list = pages_of_n(t, made, 10);
                   expect_exactly(list, made.artifacts);
                   EXPECT_GT(list.pages.size(), 1U) << "25 artifacts in pages of at most 10";
                 }});
  catalogue.add({.id = "proposals/a/pages/n-is-cap",
                 .title = "A page never has more than n artifacts",
                 .how = "Attaches 11 artifacts and reads all pages with n=1, 3 and 10.",
                 .requirements = {"A.page.n-is-cap"},
                 .needs = kNeedsA,
                 .after = kArtifactList,
                 .kills = {"r.A.n-ignored", "r.A.n-overshoot"},
                 .tags = {"paging"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto made = attach_many(t, 11);
                   for (const int n : {1, 3, 10}) {
                     for (const auto& page : pages_of_n(t, made, n).pages) {
                       EXPECT_LE(entries_of(page, "referrers").size(), static_cast<std::size_t>(n))
                           << "artifacts on a page, where n=" << n << " were asked for";
                     }
                   }
                 }});
  catalogue.add({.id = "proposals/a/pages/default",
                 .title = "How many artifacts come in one page where no n is given",
                 .how = "Attaches 40 artifacts and follows the Links without n.",
                 .requirements = {"A.page.default"},
                 .needs = kNeedsA,
                 .after = {},
                 .kills = {"r.A.default-page-cut"},
                 .tags = {"paging"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto made = attach_many(t, 40);
                   const auto list = artifacts_of(t, made.digest(), made.artifacts.size());
                   t.observe("listed", fmt::format("{} of 40", list.entries.size()));
                   t.observe("pages", std::to_string(list.pages.size()));
                 }});
}

void register_links(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/a/pages/link-form",
                 .title = "A Link has its URL in angle brackets and the relation type next",
                 .how = "Attaches five artifacts and reads the Link of each page with n=2.",
                 .requirements = {"A.page.link-form"},
                 .needs = kNeedsA,
                 .after = kArtifactList,
                 .kills = {"r.ref.link-unbracketed", "r.ref.link-no-rel"},
                 .tags = {"paging"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto made = attach_many(t, 5);
                   for (const auto& page : pages_of_n(t, made, 2).pages) {
                     const auto link = page.header("Link");
                     if (link) {
                       EXPECT_NE(http::link_next(*link), "")
                           << "the Link of a page leads on, as in <URL>; rel=\"next\": " << *link;
                     }
                   }
                 }});
  catalogue.add({.id = "proposals/a/pages/keeps-filter",
                 .title = "A filter holds on every page",
                 .how = "Attaches five artifacts of one type and four of another and filters with n=2. A registry that "
                        "does not filter may list all nine.",
                 .requirements = {"A.page.keeps-filter"},
                 .needs = kNeedsA,
                 .after = kArtifactList,
                 .kills = {"r.ref.link-drops-filter"},
                 .tags = {"paging", "filter"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto made = attach_many(t, 5, "sbom/example");
                   std::vector<oci::Content> everything = made.artifacts;
                   for (int i = 0; i < 4; ++i) {
                     everything.push_back(pushed_artifact(t, "signature/example", "subject", made.image.descriptor()));
                   }
                   (void)artifacts_of(t, made.digest(), everything.size());
                   // Asked for in one page, the list shows whether there is a filter at all.
                   const bool whole =
                       artifacts_of(t, made.digest(), 5, {{"artifactType", "sbom/example"}}).entries.size() ==
                       everything.size();
                   const auto list = artifacts_of(t, made.digest(), 5, {{"n", "2"}, {"artifactType", "sbom/example"}});
                   t.observe("filter", whole ? "not applied" : "applied");
                   expect_exactly(list, whole ? everything : made.artifacts);
                 }});
  catalogue.add({.id = "proposals/a/pages/stable",
                 .title = "What was there before is listed once, though more is attached between two pages",
                 .how = "Reads a list of six page by page with n=2 and attaches an artifact after each page.",
                 .requirements = {"A.page.stable"},
                 .needs = kNeedsA,
                 .after = {},
                 .kills = {"r.ref.page-skip", "r.ref.page-dup"},
                 .tags = {"paging"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto made = attach_many(t, 6);
                   (void)artifacts_of(t, made.digest(), 6);
                   std::multiset<std::string> seen;
                   auto page = ask_artifacts(t, made.digest(), {{"n", "2"}}).value();
                   for (int pages = 0; pages < 20 && page.status == 200; ++pages) {
                     for (const auto& entry : entries_of(page, "referrers")) seen.insert(entry.digest);
                     pushed_artifact(t, "signature/example", "subject", made.image.descriptor());
                     const auto next = http::link_next(page.header("Link").value_or(""));
                     if (next.empty()) break;
                     page = t.registry().get(http::resolve(page.url, next)).value();
                   }
                   std::size_t lost = 0;
                   std::size_t twice = 0;
                   for (const auto& one : made.artifacts) {
                     const auto times = seen.count(one.digest().str());
                     lost += times == 0 ? 1 : 0;
                     twice += times > 1 ? 1 : 0;
                   }
                   t.observe("lost", std::to_string(lost));
                   t.observe("listed twice", std::to_string(twice));
                 }});
}

}  // namespace

void register_a_pages(Catalogue& catalogue) {
  register_sizes(catalogue);
  register_links(catalogue);
}

}  // namespace referee::suites::proposal_checks
