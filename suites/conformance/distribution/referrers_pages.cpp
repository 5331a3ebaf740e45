#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"
#include "referee/http/url.hpp"

/// distribution-spec, "Listing Referrers": lists that do not fit one manifest. Twelve referrers carry 400 kB of
/// annotations each, so that their descriptors take more than 4 MiB together; a registry may also begin new pages
/// earlier.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr int kReferrers = 12;
constexpr std::size_t kAnnotation = 400'000;
constexpr std::size_t kLargestPage = 4UL * 1024 * 1024;
constexpr std::string_view kLarge = "application/vnd.referee.large.v1";
constexpr std::string_view kSmall = "application/vnd.referee.small.v1";

struct Large {
  oci::Package image;
  std::vector<std::string> referrers;
};

/// All share their blobs: what counts here are the manifests.
Large pushed_large(Context& t) {
  Large large{t.pushed_image(), {}};
  t.push(oci::empty_blob());
  const auto layer = t.pushed_blob().descriptor();
  for (int i = 0; i < kReferrers; ++i) {
    const auto referrer = oci::ManifestBuilder()
                              .artifact_type(kLarge)
                              .config_descriptor(oci::empty_blob().descriptor())
                              .layer_descriptor(layer)
                              .subject(large.image.descriptor())
                              .annotation("org.example.number", std::to_string(i))
                              .annotation("org.example.payload", std::string(kAnnotation, 'x'))
                              .build();
    t.push_manifest(referrer.manifest);
    large.referrers.push_back(referrer.digest().str());
  }
  return large;
}

std::vector<http::Response> pages(Context& t, const Large& large, std::string_view artifact_type = "") {
  return referrer_pages(t, large.image.digest().str(), large.referrers.size(), artifact_type);
}

}  // namespace

void register_referrers_pages(Catalogue& catalogue) {
  catalogue.add(
      {.id = "oci-1.1/referrers-pages/complete",
       .title = "A list too long for one manifest is complete over its pages",
       .how = "Pushes twelve referrers of 400 kB and reads all pages: each is there, once, and the pages end.",
       .requirements = {"dist.referrers.link", "dist.referrers.pages-differ", "O.ref.link"},
       .needs = kNeedsReferrers,
       .after = kReferrersList,
       .kills = {"r.ref.truncate-no-link", "r.ref.page-skip", "r.ref.page-dup", "r.ref.link-loop"},
       .tags = {"paging", "slow"},
       .body = [](Context& t) {
         const auto large = pushed_large(t);
         expect_referrers(t, large.image.digest().str(), large.referrers);
       }});
  catalogue.add({.id = "oci-1.1/referrers-pages/link-form",
                 .title = "A Link of the referrers list has the form of RFC 5988 and rel=\"next\"",
                 .how = "Reads the Link of each page of a long list, if there is one.",
                 .requirements = {"dist.referrers.link-form", "O.ref.link"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.link-unbracketed", "r.ref.link-no-rel"},
                 .tags = {"paging", "slow"},
                 .body = [](Context& t) {
                   const auto large = pushed_large(t);
                   for (const auto& page : pages(t, large)) {
                     const auto link = page.header("Link");
                     if (link) {
                       EXPECT_NE(http::link_next(*link), "")
                           << "the Link of a page leads on, as in <URL>; rel=\"next\": " << *link;
                     }
                   }
                 }});
  catalogue.add({.id = "oci-1.1/referrers-pages/each-an-index",
                 .title = "Each page is an image index of its own",
                 .how = "Looks at Content-Type and entries of every page of a long list.",
                 .requirements = {"dist.referrers.content-type", "dist.referrers.index-body", "O.ref.index-body"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.page2-content-type"},
                 .tags = {"paging", "slow"},
                 .body = [](Context& t) {
                   for (const auto& page : pages(t, pushed_large(t))) {
                     EXPECT_THAT(page, HasMediaType(std::string(oci::media_type::kIndex)));
                     EXPECT_THAT(listed_digests(page), testing::Not(testing::Contains("")));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/referrers-pages/annotations",
                 .title = "Large annotations are listed whole",
                 .how = "Compares every annotation of 400 kB of a long list with the one that was pushed.",
                 .requirements = {"dist.referrers.annotations"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.annotations-cut"},
                 .tags = {"paging", "annotations", "slow"},
                 .body = [](Context& t) {
                   const auto large = pushed_large(t);
                   for (const auto& one : referrers_of(t, large.image.digest().str(), kReferrers)) {
                     const auto payload = one.annotations.find("org.example.payload");
                     EXPECT_EQ(payload == one.annotations.end() ? 0 : payload->second.size(), kAnnotation)
                         << "characters of the annotation of " << one.digest;
                   }
                 }});
  catalogue.add({.id = "oci-1.1/referrers-pages/size",
                 .title = "Whether pages of the referrers list stay below 4 MiB",
                 .how = "Measures the largest page of a list whose descriptors take more than 4 MiB.",
                 .requirements = {"dist.referrers.page-size", "O.ref.link"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.page-too-big"},
                 .tags = {"paging", "slow"},
                 .body = [](Context& t) {
                   std::size_t largest = 0;
                   const auto all = pages(t, pushed_large(t));
                   for (const auto& page : all) largest = std::max(largest, page.body.size());
                   t.observe("pages", std::to_string(all.size()));
                   t.observe("largest page", largest <= kLargestPage ? "at most 4 MiB" : "more than 4 MiB");
                 }});
  catalogue.add(
      {.id = "oci-1.1/referrers-pages/filter-kept",
       .title = "The filter holds on every page",
       .how = "Filters a list of twelve large and two small referrers by the large ones' type.",
       .requirements = {"dist.referrers.filter-exact", "dist.referrers.filter-header", "O.ref.filter-on-last-page"},
       .needs = {Capability::kReferrers, Capability::kReferrersFilter},
       .after = {"oci-1.1/referrers-pages/complete", "oci-1.1/referrers-filter/claimed-iff-done"},
       .kills = {"r.ref.link-drops-filter"},
       .tags = {"paging", "filter", "slow"},
       .body = [](Context& t) {
         const auto large = pushed_large(t);
         for (int i = 0; i < 2; ++i) pushed_referrer(t, large.image.descriptor(), kSmall);
         std::vector<std::string> listed;
         for (const auto& page : pages(t, large, kLarge)) {
           EXPECT_THAT(page, HasHeader("OCI-Filters-Applied", std::string("artifactType")));
           const auto entries = listed_digests(page);
           listed.insert(listed.end(), entries.begin(), entries.end());
         }
         EXPECT_THAT(listed, testing::UnorderedElementsAreArray(large.referrers));
       }});
}

}  // namespace referee::suites::distribution
