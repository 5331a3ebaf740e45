#include <gmock/gmock.h>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Listing Referrers": the artifactType filter. A registry may lack it and then says nothing.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr std::string_view kSbom = "application/vnd.referee.sbom.v1";
constexpr std::string_view kSignature = "application/vnd.referee.signature.v1";
const std::vector<std::string> kDone{"oci-1.1/referrers-filter/claimed-iff-done"};
const std::vector<Capability> kNeedsFilter{Capability::kReferrers, Capability::kReferrersFilter};

bool claims_filter(const http::Response& response) {
  return response.header("OCI-Filters-Applied").value_or("").find("artifactType") != std::string::npos;
}

/// A referrer of each type; filtering by any of them must give that one alone.
void expect_told_apart(Context& t, const std::vector<std::string>& types) {
  const auto image = t.pushed_image();
  std::vector<std::string> pushed;
  for (const auto& type : types) pushed.push_back(pushed_referrer(t, image.descriptor(), type).digest().str());
  for (std::size_t i = 0; i < types.size(); ++i) {
    SCOPED_TRACE("artifactType=" + types[i]);
    expect_referrers(t, image.digest().str(), {pushed[i]}, types[i]);
  }
}

void register_filter_header(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/referrers-filter/claimed-iff-done",
                 .title = "OCI-Filters-Applied says whether the list was filtered",
                 .how = "Pushes two types and asks for one: filtered with the header, or the whole list without it.",
                 .requirements = {"dist.referrers.filter-header", "dist.referrers.filter"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.filter-done-not-claimed", "r.ref.filter-claimed-not-done"},
                 .tags = {"filter"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto sbom = pushed_referrer(t, image.descriptor(), kSbom).digest().str();
                   const auto signature = pushed_referrer(t, image.descriptor(), kSignature).digest().str();
                   const auto digest = image.digest().str();
                   (void)referrers_of(t, digest, 2);
                   const bool claimed = claims_filter(t.registry().referrers(t.repository(), digest, kSbom).value());
                   t.observe("OCI-Filters-Applied", claimed ? "sent" : "not sent");
                   const auto expected =
                       claimed ? std::vector<std::string>{sbom} : std::vector<std::string>{sbom, signature};
                   expect_referrers(t, digest, expected, kSbom);
                 }});
  catalogue.add({.id = "oci-1.1/referrers-filter/header",
                 .title = "A filtered list has OCI-Filters-Applied: artifactType",
                 .how = "Filters by a type that is there and by one that is not.",
                 .requirements = {"dist.referrers.filter-header"},
                 .needs = kNeedsFilter,
                 .after = kDone,
                 .kills = {"r.ref.filter-header-only-with-hits"},
                 .tags = {"filter"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   pushed_referrer(t, image.descriptor(), kSbom);
                   for (const auto& type : {kSbom, kSignature}) {
                     EXPECT_THAT(t.registry().referrers(t.repository(), image.digest().str(), type).value(),
                                 HasHeader("OCI-Filters-Applied", std::string("artifactType")));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/referrers-filter/no-header-unasked",
                 .title = "A list that nobody asked to filter does not claim to be filtered",
                 .how = "Lists referrers without a filter; the header must not name artifactType.",
                 .requirements = {"dist.referrers.filter-header-only-then", "dist.referrers.filter-header"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.filter-header-always"},
                 .tags = {"filter"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   pushed_referrer(t, image.descriptor(), kSbom);
                   EXPECT_FALSE(claims_filter(t.registry().referrers(t.repository(), image.digest().str()).value()))
                       << "OCI-Filters-Applied answers a request without a filter";
                 }});
}

void register_matching(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/referrers-filter/all-of-type",
                 .title = "The filter gives all referrers of the type",
                 .how = "Pushes three referrers of one type and one of another; the filter gives the three.",
                 .requirements = {"dist.referrers.filter-exact"},
                 .needs = kNeedsFilter,
                 .after = kDone,
                 .kills = {"r.ref.filter-first-only"},
                 .tags = {"filter"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   pushed_referrer(t, image.descriptor(), kSignature);
                   std::vector<std::string> expected;
                   for (int i = 0; i < 3; ++i) {
                     expected.push_back(pushed_referrer(t, image.descriptor(), kSbom).digest().str());
                   }
                   expect_referrers(t, image.digest().str(), expected, kSbom);
                 }});
  catalogue.add({.id = "oci-1.1/referrers-filter/whole-value",
                 .title = "The filter compares whole values",
                 .how = "Pushes types of which one is the beginning and one the end of another.",
                 .requirements = {"dist.referrers.filter-exact", "dist.referrers.filter"},
                 .needs = kNeedsFilter,
                 .after = kDone,
                 .kills = {"r.ref.filter-substring"},
                 .tags = {"filter"},
                 .body = [](Context& t) {
                   expect_told_apart(
                       t, {"application/vnd.referee.a", "application/vnd.referee.a.b", "x.application/vnd.referee.a"});
                 }});
  catalogue.add({.id = "oci-1.1/referrers-filter/plus-sign",
                 .title = "A plus sign in the filter is a plus sign",
                 .how = "Pushes a type with `+json` and one without, and asks for each, percent-encoded.",
                 .requirements = {"dist.referrers.filter-exact", "dist.referrers.filter"},
                 .needs = kNeedsFilter,
                 .after = kDone,
                 .kills = {"r.ref.filter-plus-as-space"},
                 .tags = {"filter"},
                 .body = [](Context& t) {
                   expect_told_apart(t, {"application/vnd.referee.sbom+json", "application/vnd.referee.sbom"});
                 }});
  catalogue.add(
      {.id = "oci-1.1/referrers-filter/special-characters",
       .title = "Every character that a media type may hold can be filtered by",
       .how = "Pushes types with the characters ! # $ & - ^ _ of RFC 6838, and asks for each, percent-encoded.",
       .requirements = {"dist.referrers.filter-exact"},
       .needs = kNeedsFilter,
       .after = kDone,
       .kills = {"r.ref.filter-cuts-at-ampersand"},
       .tags = {"filter"},
       .body = [](Context& t) {
         expect_told_apart(t, {"application/x.a&b", "application/x.a", "application/x.a!b#c$d-e^f_g"});
       }});
  catalogue.add({.id = "oci-1.1/referrers-filter/no-match",
                 .title = "A filter that nothing matches gives an empty list",
                 .how = "Asks for a type that no referrer has: 200 and `manifests` is `[]`.",
                 .requirements = {"dist.referrers.empty-list", "dist.referrers.never-404"},
                 .needs = kNeedsFilter,
                 .after = kDone,
                 .kills = {"r.ref.filter-empty-404", "r.ref.filter-empty-null"},
                 .tags = {"filter"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   pushed_referrer(t, image.descriptor(), kSbom);
                   const auto answer = t.registry().referrers(t.repository(), image.digest().str(), kSignature).value();
                   ASSERT_THAT(answer, HasStatus(200));
                   EXPECT_THAT(listed_digests(answer), testing::IsEmpty());
                 }});
  catalogue.add({.id = "oci-1.1/referrers-filter/type-from-config",
                 .title = "The filter knows types that come from the config",
                 .how = "Pushes a referrer without artifactType and filters by its config's media type.",
                 .requirements = {"dist.referrers.filter-exact"},
                 .needs = kNeedsFilter,
                 .after = kDone,
                 .kills = {"r.ref.filter-ignores-config-type"},
                 .tags = {"filter", "artifact-type"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto referrer =
                       oci::ManifestBuilder()
                           .config(oci::Content(std::string(kSbom), t.random().hex(32)))
                           .layer(oci::Content(std::string(oci::media_type::kOctetStream), t.random().hex(32)))
                           .subject(image.descriptor())
                           .build();
                   t.push(referrer);
                   pushed_referrer(t, image.descriptor(), kSignature);
                   expect_referrers(t, image.digest().str(), {referrer.digest().str()}, kSbom);
                 }});
  catalogue.add({.id = "oci-1.1/referrers-filter/index",
                 .title = "An index is filtered by its artifactType, and never passes without one",
                 .how = "Pushes an index with artifactType and one without, both with the subject, and filters.",
                 .requirements = {"dist.referrers.filter-exact"},
                 .needs = kNeedsFilter,
                 .after = kDone,
                 .kills = {"r.ref.filter-skips-index", "r.ref.filter-passes-untyped"},
                 .tags = {"filter", "index"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto child = t.pushed_image().descriptor();
                   const auto typed =
                       oci::IndexBuilder().artifact_type(kSbom).manifest(child).subject(image.descriptor()).build();
                   t.push_manifest(typed);
                   t.push_manifest(oci::IndexBuilder().manifest(child).subject(image.descriptor()).build());
                   (void)referrers_of(t, image.digest().str(), 2);
                   expect_referrers(t, image.digest().str(), {typed.digest().str()}, kSbom);
                 }});
}

}  // namespace

void register_referrers_filter(Catalogue& catalogue) {
  register_filter_header(catalogue);
  register_matching(catalogue);
}

}  // namespace referee::suites::distribution
