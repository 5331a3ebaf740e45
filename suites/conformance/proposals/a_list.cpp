#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/proposals/a.hpp"
#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"

/// Proposal A, "Artifact Referrers API results": which artifacts are listed, and how.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

oci::Content attached_artifact(Context& t, const oci::Descriptor& subject,
                               std::string_view type = "signature/example") {
  return pushed_artifact(t, type, "subject", subject);
}

void register_answer(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/a/list/endpoint",
                 .title = "The extension's path answers with a JSON list `referrers`",
                 .how = "Attaches an artifact to an image and GETs the list of the image's digest. A header that names "
                        "the version of the API stands in the proposal's sample alone: it is observed.",
                 .requirements = {"A.list.endpoint", "A.header.version"},
                 .needs = kNeedsA,
                 .after = {},
                 .kills = {"r.ref.status-203"},
                 .tags = {"root"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   attached_artifact(t, image.descriptor());
                   http::Response answer;
                   ask_until([&] {
                     answer = ask_artifacts(t, image.digest().str()).value();
                     return answer.status != 200 || answer.body.find("sha256:") != std::string::npos;
                   });
                   ASSERT_THAT(answer, HasStatus(200));
                   (void)entries_of(answer, "referrers");
                   t.observe("RefType-Api-Version", answer.header("RefType-Api-Version").value_or("none"));
                 }});
  catalogue.add({.id = "proposals/a/list/empty",
                 .title = "What nothing refers to has an empty list",
                 .how = "Asks for the list of an image without artifacts, and of a digest that was never pushed.",
                 .requirements = {"A.list.empty"},
                 .needs = kNeedsA,
                 .after = kArtifactList,
                 .kills = {"r.ref.404-when-empty", "r.ref.null-list"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   for (const auto& digest : {image.digest().str(), t.absent_digest().str()}) {
                     EXPECT_THAT(artifacts_of(t, digest).entries, testing::IsEmpty())
                         << "nothing refers to " << digest << ": its list is empty";
                   }
                 }});
  catalogue.add({.id = "proposals/a/list/pull-suffices",
                 .title = "Who may pull from the repository may list there",
                 .how = "Without credentials, pulls a manifest and, if that works, asks for the list.",
                 .requirements = {"A.list.repo-scoped"},
                 .needs = kNeedsA,
                 .after = {},
                 .kills = {"r.ref.needs-push-scope"},
                 .tags = {"auth"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto digest = t.pushed_image().digest().str();
                   expect_list_for_readers(
                       t, fmt::format("/v2/{}/_oci/artifacts/referrers?digest={}", t.repository(), digest), digest);
                 }});
}

void register_a_members(Catalogue& catalogue) {
  catalogue.add(
      {.id = "proposals/a/list/complete",
       .title = "Every artifact that refers to the digest is listed, once",
       .how = "Attaches seven artifacts of three types, pushes one of them again, and compares digests, sizes "
              "and media types.",
       .requirements = {"A.list.complete"},
       .needs = kNeedsA,
       .after = kArtifactList,
       .kills = {"r.ref.lists-tagged-only", "r.ref.dup-on-repush", "r.ref.wrong-size", "r.put.artman-201-not-indexed"},
       .tags = {},
       .profiles = kOnA,
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         std::vector<oci::Content> all;
         for (const auto* type : {"signature/example", "sbom/example", "signature/example", "a/b", "a/b",
                                  "signature/example", "sbom/example"}) {
           all.push_back(attached_artifact(t, image.descriptor(), type));
         }
         t.push_manifest(all.front());
         const auto list = artifacts_of(t, image.digest().str(), all.size());
         expect_exactly(list, all);
         for (const auto& entry : list.entries) {
           const auto own =
               std::ranges::find_if(all, [&](const oci::Content& one) { return one.digest().str() == entry.digest; });
           if (own == all.end()) continue;
           EXPECT_EQ(entry.size, own->size());
           EXPECT_EQ(entry.media_type, own->media_type());
         }
       }});
  catalogue.add(
      {.id = "proposals/a/list/artifacttype",
       .title = "Whether the descriptors have the artifactType of their artifacts",
       .how = "Attaches an artifact and reads its descriptor in the list.",
       .requirements = {"A.desc.artifacttype", "R.type-for-scanner"},
       .needs = kNeedsA,
       .after = {},
       .kills = {"r.ref.no-artifacttype"},
       .tags = {},
       .profiles = kOnA,
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         attached_artifact(t, image.descriptor(), "sbom/example");
         for (const auto& entry : artifacts_of(t, image.digest().str(), 1).entries) {
           const auto& type = entry.artifact_type;
           t.observe("artifactType", type.empty() ? "absent" : type == "sbom/example" ? "as pushed" : "other");
         }
       }});
  catalogue.add({.id = "proposals/a/list/direct-only",
                 .title = "Only what refers to the digest itself is listed",
                 .how = "Attaches an artifact to an image, a second one to the first, and lists both.",
                 .requirements = {"A.list.direct-only", "R.signed-sbom"},
                 .needs = kNeedsA,
                 .after = kArtifactList,
                 .kills = {"r.ref.transitive"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto first = attached_artifact(t, image.descriptor(), "sbom/example");
                   const auto second = attached_artifact(t, first.descriptor());
                   expect_exactly(artifacts_of(t, first.digest().str(), 1), {second});
                   expect_exactly(artifacts_of(t, image.digest().str(), 1), {first});
                 }});
  catalogue.add({.id = "proposals/a/list/subject-gone",
                 .title = "The list is answered though its subject is gone, and names nothing that is gone too",
                 .how =
                     "Attaches an artifact, deletes the subject and lists: the artifact is listed and can be pulled, "
                     "or was deleted with its subject.",
                 .requirements = {"A.list.even-if-subject-gone"},
                 .needs = {Capability::kArtifactReferrers, Capability::kManifestDelete},
                 .after = kArtifactList,
                 .kills = {"r.ref.404-when-subject-absent", "r.del.cascade-keeps-list"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto content = attached_artifact(t, image.descriptor());
                   const auto digest = image.digest().str();
                   (void)artifacts_of(t, digest, 1);
                   ASSERT_THAT(t.registry().delete_manifest(t.repository(), digest).value(), HasStatus(202));
                   ASSERT_THAT(gone_manifest(t, digest), HasStatus(404));
                   const auto listed = digests(artifacts_of(t, digest).entries);
                   const bool there = get(t, content.digest().str()).status == 200;
                   const std::vector<std::string> own{content.digest().str()};
                   EXPECT_EQ(listed, there ? own : std::vector<std::string>());
                   t.observe("artifact", there ? "kept" : "deleted with its subject");
                 }});
  catalogue.add({.id = "proposals/a/list/repository",
                 .title = "A list is of one repository",
                 .how = "Pushes an image to two repositories, attaches an artifact in one and lists in the other.",
                 .requirements = {"A.list.repo-scoped"},
                 .needs = {Capability::kArtifactReferrers, Capability::kFreshRepositories},
                 .after = kArtifactList,
                 .kills = {"r.ref.cross-repo"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push_to(t.other_repository(), image);
                   const auto content = attached_artifact(t, image.descriptor());
                   expect_exactly(artifacts_of(t, image.digest().str(), 1), {content});
                   const auto other = ask_artifacts(t, image.digest().str(), {}, t.other_repository()).value();
                   ASSERT_THAT(other, HasStatus(200));
                   EXPECT_THAT(entries_of(other, "referrers"), testing::IsEmpty());
                 }});
  catalogue.add({.id = "proposals/a/list/untagged",
                 .title = "An artifact needs no tag to be listed, and gets none",
                 .how = "Attaches an artifact by digest, lists it, and compares the tags before and after.",
                 .requirements = {"A.push.untagged-kept"},
                 .needs = {Capability::kArtifactReferrers, Capability::kTagList},
                 .after = kArtifactList,
                 .kills = {"r.ref.lists-tagged-only"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   const auto content = attached_artifact(t, image.descriptor());
                   expect_exactly(artifacts_of(t, image.digest().str(), 1), {content});
                   EXPECT_THAT(suites::distribution::tags_of(t, 1), testing::ElementsAre(t.tag("v1")));
                 }});
}

}  // namespace

void register_a_list(Catalogue& catalogue) {
  register_answer(catalogue);
  register_a_members(catalogue);
}

}  // namespace referee::suites::proposal_checks
