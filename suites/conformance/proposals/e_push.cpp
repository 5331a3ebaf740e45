#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/proposals/e.hpp"
#include "conformance/registration.hpp"

/// Proposal E, "Image Spec", "Artifact Spec" and "Referrers API": what a registry with and without the API stores and
/// answers.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

void register_e_push(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/e/push/refers-accepted",
                 .title = "An image manifest with `refers` is stored as it is, whether there is the API or not",
                 .how = "Pushes one that refers to an image and pulls it.",
                 .requirements = {"E.push.refers-accepted", "U.T1"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.reject-unknown-field", "r.put.strip-unknown-field"},
                 .tags = {"root", "compatibility"},
                 .profiles = {"e", "oci-1.0"},
                 .body = [](Context& t) {
                   const auto content = image_with(t, "refers", t.pushed_image().descriptor());
                   ASSERT_THAT(put(t, content), HasStatus(201));
                   EXPECT_THAT(get(t, content.digest().str()), ServesContent(content));
                 }});
  catalogue.add({.id = "proposals/e/push/artifact-manifest",
                 .title = "A registry with the API stores artifact manifests and lists them",
                 .how =
                     "Pushes an artifact manifest without schemaVersion that refers to an image, pulls it, and reads "
                     "the list.",
                 .requirements = {"E.push.artifact-manifest", "U.T2"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.E.artman-unlisted", "r.put.artman-201-not-indexed"},
                 .tags = {},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto content = artifact(artifact_fields(t, kType, "refers", image.descriptor()));
                   ASSERT_THAT(put(t, content), HasStatus(201));
                   EXPECT_THAT(get(t, content.digest().str()), ServesContent(content));
                   expect_exactly(refers_of(t, image.digest().str(), 1), {content});
                 }});
  catalogue.add({.id = "proposals/e/push/blobs-order",
                 .title = "The order of an artifact's blobs is free, and kept",
                 .how = "Pushes an artifact whose three blobs are in reverse order of their digests, and pulls it.",
                 .requirements = {"E.push.blobs-unordered"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.put.artifact-blobs-sorted"},
                 .tags = {},
                 .profiles = kOnE,
                 .body = [](Context& t) { expect_blob_order_kept(t, "refers"); }});
  catalogue.add({.id = "proposals/e/referrers/unsupported-404",
                 .title = "A registry without the API answers 404 there",
                 .how = "Asks for the list of an image that is there. A registry that has a list shows nothing here.",
                 .requirements = {"E.referrers.404-unsupported"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.ref.unsupported-405"},
                 .tags = {"errors"},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto answer = t.registry().referrers(t.repository(), t.pushed_image().digest().str()).value();
                   const bool there = answer.status == 200 && index_entries(answer).has_value();
                   t.observe("referrers", there ? "there is such a list" : std::to_string(answer.status));
                   if (!there) {
                     EXPECT_THAT(answer, HasStatus(404));
                   }
                 }});
  catalogue.add({.id = "proposals/e/ext/discover",
                 .title = "What a registry says of its extensions",
                 .how = "GETs the list of extensions of the registry and of a repository: if it is there, each has a "
                        "name, a URL and endpoints, all of them texts.",
                 .requirements = {"E.ext.discover", "U.EXT"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.E.discover-nameless"},
                 .tags = {},
                 .profiles = {"a", "e"},
                 .body = [](Context& t) {
                   t.pushed_image();
                   const std::string whole = "/v2/_oci/ext/discover";
                   const auto own = fmt::format("/v2/{}/_oci/ext/discover", t.repository());
                   for (const auto& path : {whole, own}) {
                     const auto answer = t.registry().request("GET", path).value();
                     t.observe(path == whole ? "of the registry" : "of a repository", extensions_in(answer));
                   }
                 }});
}

}  // namespace referee::suites::proposal_checks
