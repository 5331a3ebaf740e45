#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "conformance/proposals/a.hpp"
#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"

/// Proposal A, "Filtering Results", "Lifecycle Management" and what its introduction promises to registries without it.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

/// What a filtered list comes to, in a word: nothing but the matching ones, or all of them, makes sense.
std::string filtered_as(Context& t, const Ask& ask, const std::vector<std::string>& matching, std::size_t all) {
  const auto first = ask().value();
  if (first.status != 200) return fmt::format("status {}", first.status);
  const auto listed = digests(read_list(t, ask, "referrers", matching.size()).entries);
  if (std::set(listed.begin(), listed.end()) == std::set(matching.begin(), matching.end())) return "filtered";
  return listed.size() == all ? "whole list" : "neither";
}

void register_a_filter(Catalogue& catalogue) {
  catalogue.add(
      {.id = "proposals/a/filter/server",
       .title = "Whether the list can be filtered by artifactType",
       .how = "Attaches three artifacts of a type with a plus sign and four of one that begins like it, and filters by "
              "the first, once percent-encoded and once with its slash as it is. Anything but the three or all seven "
              "is neither.",
       .requirements = {"A.filter.server"},
       .needs = kNeedsA,
       .after = {},
       .kills = {"r.ref.filter-substring", "r.ref.filter-plus-as-space", "r.A.filter-MAY-404"},
       .tags = {"filter"},
       .profiles = kOnA,
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         const auto digest = image.digest().str();
         std::vector<std::string> matching;
         for (int i = 0; i < 7; ++i) {
           const auto one = pushed_artifact(t, i < 3 ? "application/vnd.x+json" : "application/vnd.x+json.more",
                                            "subject", image.descriptor());
           if (i < 3) matching.push_back(one.digest().str());
         }
         (void)artifacts_of(t, digest, 7);
         const Ask encoded = [&] { return ask_artifacts(t, digest, {{"artifactType", "application/vnd.x+json"}}); };
         const Ask plain = [&] {
           return t.registry().request(
               "GET", fmt::format("/v2/{}/_oci/artifacts/referrers?digest={}&artifactType=application/vnd.x%2Bjson",
                                  t.repository(), digest));
         };
         t.observe("encoded", filtered_as(t, encoded, matching, 7));
         t.observe("slash as it is", filtered_as(t, plain, matching, 7));
       }});
}

void register_lifecycle(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/a/lifecycle/untagged-kept",
                 .title = "An artifact without a tag outlives the collection of garbage",
                 .how = "On a registry of its own, attaches an artifact by digest to a tagged image and collects: it "
                        "is still listed and can be pulled.",
                 .requirements = {"A.push.untagged-kept"},
                 .needs = {Capability::kArtifactReferrers, Capability::kControl},
                 .after = kArtifactList,
                 .kills = {"r.gc.drops-untagged-referrer"},
                 .tags = {"gc"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   OwnRegistry own(t);
                   auto& o = own.context();
                   const auto image = o.pushed_image("v1");
                   const auto content = pushed_artifact(o, "signature/example", "subject", image.descriptor());
                   own.collect();
                   EXPECT_THAT(get(o, content.digest().str()), HasStatus(200));
                   expect_exactly(artifacts_of(o, image.digest().str(), 1), {content});
                 }});
  catalogue.add({.id = "proposals/a/lifecycle/cascade",
                 .title = "Whether artifacts without a tag go with their subject",
                 .how = "On a registry of its own, attaches an artifact with and one without a tag, deletes the image "
                        "and collects.",
                 .requirements = {"A.lifecycle.cascade", "R.old-registry-impact"},
                 .needs = {Capability::kArtifactReferrers, Capability::kManifestDelete, Capability::kControl},
                 .after = {},
                 .kills = {"r.gc.keeps-orphan"},
                 .tags = {"gc"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   OwnRegistry own(t);
                   auto& o = own.context();
                   const auto image = o.pushed_image("v1");
                   const auto untagged = pushed_artifact(o, "signature/example", "subject", image.descriptor());
                   const auto tagged = pushed_artifact(o, "sbom/example", "subject", image.descriptor());
                   o.push_manifest(tagged, "kept");
                   const auto digest = image.digest().str();
                   EXPECT_THAT(o.registry().delete_manifest(o.repository(), digest).value(), HasStatus(202));
                   (void)gone_manifest(o, digest);
                   own.collect();
                   const auto fate = [&](const oci::Content& one) {
                     return get(o, one.digest().str()).status == 200 ? "kept" : "deleted";
                   };
                   t.observe("without a tag", fate(untagged));
                   t.observe("with a tag", fate(tagged));
                 }});
  catalogue.add({.id = "proposals/a/lifecycle/tagged-kept",
                 .title = "An artifact with a tag does not go with its subject",
                 .how = "Attaches an artifact under a tag, deletes the image and pulls the artifact.",
                 .requirements = {"A.lifecycle.tagged-kept"},
                 .needs = {Capability::kArtifactReferrers, Capability::kManifestDelete},
                 .after = kArtifactAccepted,
                 .kills = {"r.del.cascade-tagged"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto content = pushed_artifact(t, "sbom/example", "subject", image.descriptor());
                   t.push_manifest(content, t.tag("kept"));
                   const auto digest = image.digest().str();
                   ASSERT_THAT(t.registry().delete_manifest(t.repository(), digest).value(), HasStatus(202));
                   ASSERT_THAT(gone_manifest(t, digest), HasStatus(404));
                   EXPECT_THAT(get(t, t.tag("kept")), ServesContent(content));
                 }});
  catalogue.add({.id = "proposals/a/compat/opt-in",
                 .title = "A registry that does not know artifact manifests says so and stores nothing",
                 .how = "Pushes one, pulls it, and asks for the list. Where the proposal is supported there is nothing "
                        "to see.",
                 .requirements = {"A.compat.optin"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.artman-201-not-indexed"},
                 .tags = {"compatibility"},
                 .profiles = {"oci-1.0", "b", "c"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto content =
                       artifact(artifact_fields(t, "signature/example", "subject", image.descriptor()));
                   const auto list = ask_artifacts(t, image.digest().str()).value();
                   t.observe("list", std::to_string(list.status));
                   const auto pushed = put(t, content);
                   t.observe("push", std::to_string(pushed.status));
                   t.observe("pull", std::to_string(get(t, content.digest().str()).status));
                   t.observe("claim", list.status != 404 ? "not measurable: there is such a list"
                                      : pushed.status >= 400 && pushed.status < 500 ? "confirmed"
                                                                                    : "refuted");
                 }});
}

}  // namespace

void register_a_lifecycle(Catalogue& catalogue) {
  register_a_filter(catalogue);
  register_lifecycle(catalogue);
}

}  // namespace referee::suites::proposal_checks
