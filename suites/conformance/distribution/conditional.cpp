#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// Conditional requests on tags (RFC 9110, section 13): what would let clients share a fallback tag without losing
/// entries. The specification only allows clients to try, so that each check is a claim: confirmed or refuted.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

std::string etag_of(Context& t) {
  return t.registry().get_manifest(t.repository(), t.tag("v1")).value().header("ETag").value_or("");
}

/// Whether the tag can be moved at all; on immutable tags the claims have no meaning, which is then what is observed.
bool move_tag(Context& t, const oci::Content& manifest) {
  const bool moved = t.registry().put_manifest(t.repository(), t.tag("v1"), manifest).value().status == 201;
  if (!moved) t.observe("tags", "cannot be moved");
  return moved;
}

http::Response put_if(Context& t, std::string_view tag, const oci::Content& manifest, const std::string& header,
                      const std::string& value) {
  return t.registry().put_manifest(t.repository(), t.tag(tag), manifest, with_header(header, value)).value();
}

}  // namespace

void register_conditional(Catalogue& catalogue) {
  catalogue.add(
      {.id = "oci-1.1/conditional/etag",
       .title = "The ETag of a tag changes when and only when the tag moves",
       .how = "GETs a tag twice, moves the tag, GETs it again and compares the three ETags.",
       .requirements = {"dist.conditional.etag"},
       .needs = {},
       .after = kByTag,
       .kills = {"r.get.no-etag", "r.get.etag-not-stable", "r.get.etag-constant"},
       .tags = {"conditional"},
       .body = [](Context& t) {
         t.pushed_image(t.tag("v1"));
         const auto other = t.pushed_image();
         const auto first = etag_of(t);
         const bool stable = first == etag_of(t);
         if (!move_tag(t, other.manifest)) return;
         const bool moved = first != etag_of(t);
         t.observe("ETag", first.empty() ? "none" : !stable ? "unstable" : !moved ? "constant" : "as claimed");
         EXPECT_FALSE(first.empty()) << "a tag has no ETag";
         EXPECT_TRUE(stable) << "the ETag changes though the tag does not";
         EXPECT_TRUE(moved) << "the ETag stays though the tag has moved";
       }});
  catalogue.add({.id = "oci-1.1/conditional/if-match-stale",
                 .title = "A push with an outdated If-Match is refused with 412 and moves nothing",
                 .how = "Reads a tag's ETag, moves the tag, and pushes a third manifest with the old ETag.",
                 .requirements = {"dist.conditional.if-match"},
                 .needs = {Capability::kConditional},
                 .after = kByTag,
                 .kills = {"r.put.ignore-if-match"},
                 .tags = {"conditional"},
                 .body = [](Context& t) {
                   t.pushed_image(t.tag("v1"));
                   const auto old = etag_of(t);
                   const auto second = t.pushed_image();
                   if (!move_tag(t, second.manifest)) return;
                   const auto answer = put_if(t, "v1", t.pushed_image().manifest, "If-Match", old);
                   t.observe("outdated If-Match", answer.status == 412 ? "refused" : "not refused");
                   EXPECT_THAT(answer, HasStatus(412));
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), t.tag("v1")).value(),
                               ServesContent(second.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/conditional/if-match-current",
                 .title = "A push with the current If-Match moves the tag",
                 .how = "Reads a tag's ETag and pushes another manifest with it.",
                 .requirements = {"dist.conditional.if-match"},
                 .needs = {Capability::kConditional},
                 .after = kByTag,
                 .kills = {"r.put.if-match-never"},
                 .tags = {"conditional"},
                 .body = [](Context& t) {
                   t.pushed_image(t.tag("v1"));
                   const auto second = t.pushed_image();
                   if (!move_tag(t, t.pushed_image().manifest)) return;
                   const auto answer = put_if(t, "v1", second.manifest, "If-Match", etag_of(t));
                   t.observe("current If-Match", answer.status == 201 ? "accepted" : "refused");
                   EXPECT_THAT(answer, HasStatus(201));
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), t.tag("v1")).value(),
                               ServesContent(second.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/conditional/if-none-match-star",
                 .title = "If-None-Match: * creates a tag and never moves one",
                 .how = "Pushes with the header to a new tag, then another manifest to the same tag.",
                 .requirements = {"dist.conditional.if-none-match-star"},
                 .needs = {Capability::kConditional},
                 .after = kByTag,
                 .kills = {"r.put.ignore-if-none-match"},
                 .tags = {"conditional"},
                 .body = [](Context& t) {
                   const auto first = t.pushed_image();
                   const auto second = t.pushed_image();
                   EXPECT_THAT(put_if(t, "v1", first.manifest, "If-None-Match", "*"), HasStatus(201));
                   const auto answer = put_if(t, "v1", second.manifest, "If-None-Match", "*");
                   t.observe("If-None-Match: *", answer.status == 412 ? "refused" : "not refused");
                   EXPECT_THAT(answer, HasStatus(412));
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), t.tag("v1")).value(),
                               ServesContent(first.manifest));
                 }});
  catalogue.add(
      {.id = "oci-1.1/conditional/not-modified",
       .title = "A GET that names the current ETag is answered 304 without a body",
       .how = "Reads a tag's ETag and GETs the tag again with If-None-Match.",
       .requirements = {"dist.conditional.not-modified"},
       .needs = {Capability::kConditional},
       .after = kByTag,
       .kills = {"r.get.ignore-if-none-match"},
       .tags = {"conditional"},
       .body = [](Context& t) {
         t.pushed_image(t.tag("v1"));
         const auto answer =
             t.registry().get_manifest(t.repository(), t.tag("v1"), with_header("If-None-Match", etag_of(t))).value();
         t.observe("If-None-Match", answer.status == 304 ? "not modified" : "sent again");
         EXPECT_THAT(answer, testing::AllOf(HasStatus(304), HasBody("")));
       }});
  catalogue.add({.id = "oci-1.1/conditional/atomic",
                 .title = "Of many pushes with one ETag exactly one succeeds",
                 .how = "Three rounds of 16 threads, each pushing another manifest to one tag with the same If-Match.",
                 .requirements = {"dist.conditional.atomic"},
                 .needs = {Capability::kConditional},
                 .after = kByTag,
                 .kills = {"r.put.if-match-racy"},
                 .tags = {"conditional", "concurrency"},
                 .body = [](Context& t) {
                   constexpr int kWriters = 16;
                   t.pushed_image(t.tag("v1"));
                   std::vector<oci::Package> images;
                   for (int i = 0; i < kWriters; ++i) images.push_back(t.pushed_image());
                   if (!move_tag(t, t.pushed_image().manifest)) return;
                   std::vector<std::size_t> winners;
                   for (int round = 0; round < 3; ++round) {
                     const auto options = with_header("If-Match", etag_of(t));
                     std::vector<http::Result> answers(kWriters);
                     at_once(kWriters, [&](int i) {
                       const auto at = static_cast<std::size_t>(i);
                       answers[at] =
                           t.registry().put_manifest(t.repository(), t.tag("v1"), images[at].manifest, options);
                     });
                     winners.push_back(static_cast<std::size_t>(std::ranges::count_if(
                         answers, [](const http::Result& one) { return one.value().status < 300; })));
                     // The next round needs a tag that none of its writers would leave as it is.
                     t.pushed_image(t.tag("v1"));
                   }
                   const bool once = winners == std::vector<std::size_t>{1, 1, 1};
                   t.observe("conditional pushes", once ? "one of 16 succeeds" : "not one of 16 succeeds");
                   EXPECT_TRUE(once) << testing::PrintToString(winners) << " writers succeeded in the three rounds";
                 }});
}

}  // namespace referee::suites::distribution
