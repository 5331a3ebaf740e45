#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/proposals/o.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Enabling the Referrers API": on registries of the checks' own, which are old when the first
/// referrers are pushed and have the API afterwards.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

const Needs kNeedsSwitch{Capability::kReferrers, Capability::kControl};

/// An index with a subject, pushed under its digest.
oci::Content pushed_index_about(Context& o, const oci::Package& subject) {
  auto index = oci::IndexBuilder()
                   .manifest(o.pushed_image().descriptor())
                   .artifact_type("application/vnd.referee.test.v1")
                   .subject(subject.descriptor())
                   .build();
  o.push_manifest(index);
  return index;
}

void enable(OwnRegistry& own, const oci::Package& subject) {
  auto& o = own.context();
  const auto before = o.registry().referrers(o.repository(), subject.digest().str()).value();
  if (before.status != 404) throw SetupFailed{"set-up: the API was there before it was enabled"};
  own.switch_to("oci-1.1");
}

}  // namespace

void register_o_upgrade(Catalogue& catalogue) {
  catalogue.add(
      {.id = "proposals/o/upgrade/tagged-included",
       .title = "When the referrers API is enabled, it lists what referrers tags list",
       .how = "Starts a registry without the API, pushes an image, an artifact and an index that refer to it, and "
              "under its referrers tag an index of both and of an image without subject; enables the API and "
              "reads the list.",
       .requirements = {"dist.referrers.fallback-included"},
       .needs = kNeedsSwitch,
       .after = {},
       .kills = {"r.E.no-rescan-on-upgrade"},
       .tags = {"upgrade"},
       .profiles = kOnAdopted,
       .body = [](Context& t) {
         OwnRegistry own(t, "oci-1.0");
         auto& o = own.context();
         const auto image = o.pushed_image("v1");
         const auto artifact = pushed_referrer(o, image.descriptor()).manifest;
         const auto index = pushed_index_about(o, image);
         push_list_tag(o, image, {artifact, index, o.pushed_image().manifest});
         enable(own, image);
         expect_referrers(o, image.digest().str(), {artifact.digest().str(), index.digest().str()});
       }});
  catalogue.add({.id = "proposals/o/upgrade/others-may",
                 .title = "Whether the enabled API lists what was pushed before and is in no referrers tag",
                 .how = "The same with an artifact that no referrers tag lists, and with one pushed afterwards.",
                 .requirements = {"O.up.others-may"},
                 .needs = kNeedsSwitch,
                 .after = {},
                 .kills = {"r.ref.lists-tagged-only"},
                 .tags = {"upgrade"},
                 .profiles = kOnAdopted,
                 .body = [](Context& t) {
                   OwnRegistry own(t, "oci-1.0");
                   auto& o = own.context();
                   const auto image = o.pushed_image("v1");
                   const auto old = pushed_referrer(o, image.descriptor());
                   enable(own, image);
                   const auto fresh = pushed_referrer(o, image.descriptor());
                   const auto listed = digests(referrers_of(o, image.digest().str(), 1));
                   const auto fate = [&](const oci::Package& one) {
                     return std::ranges::find(listed, one.digest().str()) != listed.end() ? "listed" : "not listed";
                   };
                   t.observe("pushed before", fate(old));
                   t.observe("pushed after", fate(fresh));
                 }});
  catalogue.add(
      {.id = "proposals/o/upgrade/new-included",
       .title = "Once the referrers API is enabled, everything new is listed beside the old",
       .how = "Enables the API where a referrers tag lists one artifact, then pushes an artifact by digest, one by "
              "tag and an index; each is answered with OCI-Subject, and all four are listed.",
       .requirements = {"dist.referrers.new-included"},
       .needs = kNeedsSwitch,
       .after = {},
       .kills = {"r.ref.lists-tagged-only", "r.put.no-oci-subject"},
       .tags = {"upgrade"},
       .profiles = kOnAdopted,
       .body = [](Context& t) {
         OwnRegistry own(t, "oci-1.0");
         auto& o = own.context();
         const auto image = o.pushed_image("v1");
         const auto old = pushed_referrer(o, image.descriptor());
         push_list_tag(o, image, {old.manifest});
         enable(own, image);
         std::vector<std::string> expected{old.digest().str()};
         for (const auto* tag : {"", "sig"}) {
           const auto one = oci::referrer(o.random(), image.descriptor(), "application/vnd.referee.test.v1");
           EXPECT_THAT(o.push(one, tag), HasHeader("OCI-Subject", image.digest().str()));
           expected.push_back(one.digest().str());
         }
         expected.push_back(pushed_index_about(o, image).digest().str());
         expect_referrers(o, image.digest().str(), expected);
       }});
}

}  // namespace referee::suites::proposal_checks
