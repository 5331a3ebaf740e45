#include "conformance/proposals/e.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/registration.hpp"

/// Proposal E, "Registry Upgrade Expectations" and "Garbage Collection": on registries of the checks' own, since both
/// would disturb everything else.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

const Needs kNeedsOperator{Capability::kRefers, Capability::kControl};

void register_upgrade(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/e/upgrade/rescan-tagged",
                 .title = "When the API is switched on, it finds what digest tags list",
                 .how =
                     "Starts a registry without the API, attaches an image manifest as a client does there, switches "
                     "the API on, and reads the list.",
                 .requirements = {"E.upgrade.rescan-tagged", "U.T2"},
                 .needs = kNeedsOperator,
                 .after = {},
                 .kills = {"r.E.no-rescan-on-upgrade"},
                 .tags = {"upgrade"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   OwnRegistry own(t, "oci-1.0");
                   auto& o = own.context();
                   const auto image = o.pushed_image("v1");
                   const auto content = pushed_image_with(o, "refers", image.descriptor());
                   push_list_tag(o, image, {content});
                   const auto before = o.registry().referrers(o.repository(), image.digest().str()).value();
                   if (before.status != 404) throw SetupFailed{"set-up: the API was there before it was switched on"};
                   own.switch_to("e");
                   expect_exactly(refers_of(o, image.digest().str(), 1), {content});
                 }});
  catalogue.add({.id = "proposals/e/upgrade/old-untagged",
                 .title = "Whether the API finds what came before it and is in no digest tag",
                 .how =
                     "The same without the digest tag: clients are not to expect it. What is pushed after the switch "
                     "is found.",
                 .requirements = {"E.upgrade.old-untagged-not-promised", "U.T2"},
                 .needs = kNeedsOperator,
                 .after = {},
                 .kills = {"r.E.refers-ignored"},
                 .tags = {"upgrade"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   OwnRegistry own(t, "oci-1.0");
                   auto& o = own.context();
                   const auto image = o.pushed_image("v1");
                   const auto old = pushed_image_with(o, "refers", image.descriptor());
                   own.switch_to("e");
                   const auto fresh = pushed_image_with(o, "refers", image.descriptor());
                   const auto list = refers_of(o, image.digest().str(), 1);
                   const auto listed = digests(list.entries);
                   const auto found = [&](const oci::Content& one) {
                     return std::ranges::find(listed, one.digest().str()) != listed.end() ? "found" : "not found";
                   };
                   t.observe("pushed before", found(old));
                   t.observe("pushed after", found(fresh));
                 }});
}

void register_garbage(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/e/gc/keep-untagged",
                 .title = "A manifest that refers to one which is there is not collected though it has no tag",
                 .how = "Attaches to a tagged image by digest, collects, pulls and lists.",
                 .requirements = {"E.gc.keep-untagged-referrer"},
                 .needs = kNeedsOperator,
                 .after = {},
                 .kills = {"r.gc.drops-untagged-referrer"},
                 .tags = {"gc"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   OwnRegistry own(t);
                   auto& o = own.context();
                   const auto image = o.pushed_image("v1");
                   const auto content = pushed_image_with(o, "refers", image.descriptor());
                   own.collect();
                   EXPECT_THAT(get(o, content.digest().str()), HasStatus(200));
                   expect_exactly(refers_of(o, image.digest().str(), 1), {content});
                 }});
  catalogue.add({.id = "proposals/e/gc/after-subject",
                 .title = "Whether untagged manifests are collected once what they refer to is gone",
                 .how = "Attaches by digest, deletes the image, collects and pulls what was attached.",
                 .requirements = {"E.gc.clean-after-subject"},
                 .needs = {Capability::kRefers, Capability::kManifestDelete, Capability::kControl},
                 .after = {},
                 .kills = {"r.gc.keeps-orphan"},
                 .tags = {"gc"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   OwnRegistry own(t);
                   auto& o = own.context();
                   const auto image = o.pushed_image("v1");
                   const auto content = pushed_image_with(o, "refers", image.descriptor());
                   EXPECT_THAT(o.registry().delete_manifest(o.repository(), image.digest().str()).value(),
                               HasStatus(202));
                   (void)gone_manifest(o, image.digest().str());
                   own.collect();
                   t.observe("untagged referrer", get(o, content.digest().str()).status == 200 ? "kept" : "collected");
                 }});
  catalogue.add({.id = "proposals/e/gc/tagged-stays",
                 .title = "A manifest that has a tag stays though what it refers to is gone",
                 .how = "Attaches under a tag, deletes the image, collects and pulls the tag.",
                 .requirements = {"E.gc.tagged-stays"},
                 .needs = {Capability::kRefers, Capability::kManifestDelete, Capability::kControl},
                 .after = {},
                 .kills = {"r.del.cascade-tagged"},
                 .tags = {"gc"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   OwnRegistry own(t);
                   auto& o = own.context();
                   const auto image = o.pushed_image("v1");
                   const auto content = pushed_image_with(o, "refers", image.descriptor());
                   o.push_manifest(content, "kept");
                   ASSERT_THAT(o.registry().delete_manifest(o.repository(), image.digest().str()).value(),
                               HasStatus(202));
                   (void)gone_manifest(o, image.digest().str());
                   own.collect();
                   EXPECT_THAT(get(o, "kept"), ServesContent(content));
                 }});
}

}  // namespace

void register_e_upgrade(Catalogue& catalogue) {
  register_upgrade(catalogue);
  register_garbage(catalogue);
}

}  // namespace referee::suites::proposal_checks
