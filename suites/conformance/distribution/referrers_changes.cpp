#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Listing Referrers" and "Enabling the Referrers API": how a list follows pushes and deletes, and
/// what a fallback tag does to it.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

const std::vector<Capability> kNeedsDelete{Capability::kReferrers, Capability::kManifestDelete};

void register_pushes(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/referrers/missing-subject",
                 .title = "Referrers are listed though their subject is not there",
                 .how = "Pushes an artifact that refers to an image which was never pushed, and lists that digest.",
                 .requirements = {"dist.referrers.new-included", "dist.referrers.never-404"},
                 .needs = kNeedsReferrers,
                 .after = {"oci-1.1/referrers/list-200", "oci-1.1/subject/missing-accepted"},
                 .kills = {"r.ref.404-when-subject-absent"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   const auto referrer = pushed_referrer(t, image.descriptor());
                   expect_referrers(t, image.digest().str(), {referrer.digest().str()});
                 }});
  catalogue.add({.id = "oci-1.1/referrers/subject-later",
                 .title = "Referrers stay listed when their subject is pushed after them",
                 .how = "Pushes an artifact first and the image that it refers to second.",
                 .requirements = {"dist.referrers.new-included", "dist.subject.missing-accepted"},
                 .needs = kNeedsReferrers,
                 .after = {"oci-1.1/referrers/list-200", "oci-1.1/subject/missing-accepted"},
                 .kills = {"r.ref.subject-push-clears"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   const auto referrer = pushed_referrer(t, image.descriptor());
                   t.push(image);
                   expect_referrers(t, image.digest().str(), {referrer.digest().str()});
                 }});
  catalogue.add({.id = "oci-1.1/referrers/again",
                 .title = "A referrer that is pushed twice is listed once",
                 .how = "Pushes one artifact by digest, again by digest, and by tag.",
                 .requirements = {"dist.referrers.once"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.dup-on-repush"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto referrer = pushed_referrer(t, image.descriptor());
                   t.push_manifest(referrer.manifest);
                   t.push_manifest(referrer.manifest, t.tag("sig"));
                   expect_referrers(t, image.digest().str(), {referrer.digest().str()});
                 }});
  catalogue.add({.id = "oci-1.1/referrers/at-once",
                 .title = "A referrer is on the list when its push is answered",
                 .how = "Pushes five referrers and reads the list right after each answer, without waiting.",
                 .requirements = {"dist.referrers.at-once"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.lag"},
                 .tags = {"consistency"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   std::vector<std::string> expected;
                   std::size_t late = 0;
                   for (int i = 0; i < 5; ++i) {
                     expected.push_back(pushed_referrer(t, image.descriptor()).digest().str());
                     const auto listed = digests(referrers_now(t, image.digest().str()));
                     late += std::ranges::count(listed, expected.back()) == 0 ? 1 : 0;
                   }
                   t.observe("listed at once", late == 0 ? "all" : "not all");
                   EXPECT_EQ(late, 0U) << "of five referrers were not yet listed";
                 }});
  catalogue.add({.id = "oci-1.1/referrers/concurrent",
                 .title = "Referrers that are pushed at once are all listed",
                 .how = "16 threads each push one referrer of the same image; the list holds all.",
                 .requirements = {"dist.referrers.new-included"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.lost-concurrent"},
                 .tags = {"concurrency"},
                 .body = [](Context& t) {
                   constexpr int kWriters = 16;
                   const auto image = t.pushed_image();
                   std::vector<oci::Package> referrers;
                   std::vector<std::string> expected;
                   for (int i = 0; i < kWriters; ++i) {
                     referrers.push_back(
                         oci::referrer(t.random(), image.descriptor(), "application/vnd.referee.test.v1"));
                     for (const auto& blob : referrers.back().blobs) t.push(blob);
                     expected.push_back(referrers.back().digest().str());
                   }
                   std::vector<http::Result> answers(kWriters);
                   at_once(kWriters, [&](int i) {
                     const auto at = static_cast<std::size_t>(i);
                     answers[at] = t.registry().put_manifest(t.repository(), expected[at], referrers[at].manifest);
                   });
                   for (const auto& answer : answers) EXPECT_THAT(answer.value(), HasStatus(201));
                   expect_referrers(t, image.digest().str(), expected);
                 }});
}

void register_deletes(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/referrers/deleted",
                 .title = "A deleted referrer leaves the list, and only that one",
                 .how = "Pushes two referrers, deletes one by digest and reads the list.",
                 .requirements = {"dist.referrers.members", "O.ref.after-delete"},
                 .needs = kNeedsDelete,
                 .after = {"oci-1.1/referrers/list-200", "oci-1.1/delete/manifest-gone"},
                 .kills = {"r.ref.stale-after-delete"},
                 .tags = {"delete"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto gone = pushed_referrer(t, image.descriptor());
                   const auto stays = pushed_referrer(t, image.descriptor());
                   (void)referrers_of(t, image.digest().str(), 2);
                   EXPECT_THAT(t.registry().delete_manifest(t.repository(), gone.digest().str()).value(),
                               HasStatus(202));
                   std::vector<std::string> left;
                   ask_until([&] { return (left = digests(referrers_now(t, image.digest().str()))).size() <= 1; });
                   EXPECT_THAT(left, testing::ElementsAre(stays.digest().str()));
                 }});
  catalogue.add(
      {.id = "oci-1.1/referrers/subject-deleted",
       .title = "When the subject is deleted, the list answers and names nothing that is gone",
       .how = "Deletes an image with two referrers. Keeping or removing them is legal; each one listed is there.",
       .requirements = {"dist.referrers.never-404", "dist.referrers.members", "dist.delete.subject"},
       .needs = kNeedsDelete,
       .after = {"oci-1.1/referrers/list-200", "oci-1.1/delete/manifest-gone"},
       .kills = {"r.ref.404-when-subject-absent", "r.del.cascade-keeps-list"},
       .tags = {"delete"},
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         for (int i = 0; i < 2; ++i) pushed_referrer(t, image.descriptor());
         EXPECT_THAT(t.registry().delete_manifest(t.repository(), image.digest().str()).value(), HasStatus(202));
         (void)gone_manifest(t, image.digest().str());
         const auto left = digests(referrers_now(t, image.digest().str()));
         t.observe("referrers of a deleted subject", fmt::format("{} of 2 listed", left.size()));
         for (const auto& digest : left) {
           EXPECT_THAT(t.registry().get_manifest(t.repository(), digest).value(), HasStatus(200));
         }
       }});
}

void register_fallback(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/referrers/fallback-tag-merged",
                 .title = "A fallback tag neither hides referrers nor doubles them",
                 .how = "Pushes two referrers and, under the fallback tag, an index that lists one of them.",
                 .requirements = {"dist.referrers.fallback-included", "dist.referrers.once"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.fallback-shadows", "r.ref.fallback-doubles"},
                 .tags = {"fallback"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto in_index = pushed_referrer(t, image.descriptor());
                   const auto beside = pushed_referrer(t, image.descriptor());
                   t.push_manifest(oci::IndexBuilder().manifest(in_index.descriptor()).build(),
                                   oci::referrers_tag(image.digest().str()));
                   expect_referrers(t, image.digest().str(), {in_index.digest().str(), beside.digest().str()});
                 }});
  catalogue.add({.id = "oci-1.1/referrers/fallback-index-not-listed",
                 .title = "The index under a fallback tag is no referrer itself",
                 .how = "Pushes an index under the fallback tag of an image; it has no subject and must not be listed.",
                 .requirements = {"dist.referrers.members"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.lists-fallback-index"},
                 .tags = {"fallback"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto referrer = pushed_referrer(t, image.descriptor());
                   t.push_manifest(oci::IndexBuilder().manifest(referrer.descriptor()).build(),
                                   oci::referrers_tag(image.digest().str()));
                   expect_referrers(t, image.digest().str(), {referrer.digest().str()});
                 }});
  catalogue.add(
      {.id = "oci-1.1/referrers/fallback-entries-checked",
       .title = "What a fallback tag lists without that subject is no referrer",
       .how = "The index under the fallback tag also lists an image without subject and one of another subject.",
       .requirements = {"dist.referrers.members"},
       .needs = kNeedsReferrers,
       .after = kReferrersList,
       .kills = {"r.ref.fallback-unchecked"},
       .tags = {"fallback"},
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         const auto referrer = pushed_referrer(t, image.descriptor());
         const auto unrelated = t.pushed_image();
         const auto elsewhere = pushed_referrer(t, unrelated.descriptor());
         t.push_manifest(oci::IndexBuilder()
                             .manifest(referrer.descriptor())
                             .manifest(unrelated.descriptor())
                             .manifest(elsewhere.descriptor())
                             .build(),
                         oci::referrers_tag(image.digest().str()));
         expect_referrers(t, image.digest().str(), {referrer.digest().str()});
       }});
}

}  // namespace

void register_referrers_changes(Catalogue& catalogue) {
  register_pushes(catalogue);
  register_deletes(catalogue);
  register_fallback(catalogue);
}

}  // namespace referee::suites::distribution
