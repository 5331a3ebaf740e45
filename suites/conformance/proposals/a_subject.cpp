#include <gmock/gmock.h>

#include "conformance/proposals/a.hpp"
#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"

/// Proposal A, "Manifest Properties", `subject`: what an artifact may refer to.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

http::Response put_for(Context& t, const oci::Descriptor& subject) {
  return put(t, artifact(artifact_fields(t, "signature/example", "subject", subject)));
}

void expect_attached(Context& t, const oci::Descriptor& subject, std::string_view what) {
  const auto content = artifact(artifact_fields(t, "signature/example", "subject", subject));
  EXPECT_THAT(put(t, content), HasStatus(201)) << "the subject is " << what;
  expect_exactly(artifacts_of(t, subject.digest, 1), {content});
}

}  // namespace

void register_a_subject(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/a/push/subject-optional",
                 .title = "Whether an artifact may do without a subject",
                 .how = "Pushes one without the field under a tag and pulls the tag.",
                 .requirements = {"A.push.subject-optional"},
                 .needs = kNeedsA,
                 .after = {},
                 .kills = {"r.A.subject-required"},
                 .tags = {},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto content = artifact(artifact_fields(t));
                   t.observe("push", std::to_string(put(t, content, t.tag("alone")).status));
                   t.observe("pull", std::to_string(get(t, t.tag("alone")).status));
                 }});
  catalogue.add({.id = "proposals/a/push/subject-missing",
                 .title = "An artifact whose subject is not in the repository is answered 400",
                 .how = "The subject was never pushed; is in another repository only; was deleted just before.",
                 .requirements = {"A.push.subject-missing-400"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.A.subject-missing-201"},
                 .tags = {"errors"},
                 .profiles = {"a"},
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto never = oci::image(t.random());
                   EXPECT_THAT(put_for(t, never.descriptor()), HasStatus(400)) << "it was never pushed";
                   if (t.repository() != t.other_repository()) {
                     const auto elsewhere = oci::image(t.random());
                     t.push_to(t.other_repository(), elsewhere);
                     EXPECT_THAT(put_for(t, elsewhere.descriptor()), HasStatus(400)) << "it is in another repository";
                   }
                   if (!t.has(Capability::kManifestDelete)) return;
                   const auto deleted = t.pushed_image();
                   const auto digest = deleted.digest().str();
                   const auto answer = t.registry().delete_manifest(t.repository(), digest).value();
                   if (answer.status != 202 || gone_manifest(t, digest).status != 404) return;
                   EXPECT_THAT(put_for(t, deleted.descriptor()), HasStatus(400)) << "it was deleted";
                 }});
  catalogue.add({.id = "proposals/a/push/subject-lenient",
                 .title = "How an artifact that comes before its subject is answered, and whether it is found later",
                 .how = "Pushes the artifact, then the subject, and lists. The proposal asks for 400 in one place and "
                        "for a list of what refers to absent manifests in another.",
                 .requirements = {"A.push.before-subject"},
                 .needs = kNeedsA,
                 .after = {},
                 .kills = {"r.put.reject-missing-subject"},
                 .tags = {},
                 .profiles = {"a-lenient"},
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto subject = oci::image(t.random());
                   const auto answer = put_for(t, subject.descriptor());
                   t.observe("push", std::to_string(answer.status));
                   if (answer.status != 201) return;
                   t.push(subject);
                   const auto found = artifacts_of(t, subject.digest().str(), 1).entries.size();
                   t.observe("listed once the subject is there", found == 1 ? "yes" : "no");
                 }});
  catalogue.add({.id = "proposals/a/push/subject-blob",
                 .title = "An artifact whose subject is a blob is answered 400",
                 .how = "Names the layer of a stored image as subject.",
                 .requirements = {"A.push.subject-is-blob-400"},
                 .needs = kNeedsA,
                 .after = kArtifactAccepted,
                 .kills = {"r.A.blob-subject-201"},
                 .tags = {"errors"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   EXPECT_THAT(put_for(t, image.blobs.at(1).descriptor()), HasStatus(400));
                 }});
  catalogue.add(
      {.id = "proposals/a/push/subject-any",
       .title = "The subject may be an image, an index, another artifact, or one of Docker's manifests",
       .how = "Attaches an artifact to each, as far as the target takes them, and lists it there.",
       .requirements = {"A.push.subject-any-manifest"},
       .needs = kNeedsA,
       .after = {"proposals/a/push/artifact-accepted", "proposals/a/list/endpoint"},
       .kills = {"r.ref.second-level-ignored"},
       .tags = {},
       .profiles = kOnA,
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         expect_attached(t, image.descriptor(), "an image");
         expect_attached(t, pushed_index(t, image.descriptor()).descriptor(), "an index");
         const auto first = pushed_artifact(t, "sbom/example", "subject", t.pushed_image().descriptor());
         expect_attached(t, first.descriptor(), "an artifact");
         if (!t.has(Capability::kDockerTypes)) return;
         const auto docker = oci::docker_image(t.random());
         t.push(docker);
         expect_attached(t, docker.descriptor(), "an image of Docker");
         const auto list =
             oci::IndexBuilder().media_type(oci::media_type::kDockerManifestList).manifest(docker.descriptor()).build();
         t.push_manifest(list);
         expect_attached(t, list.descriptor(), "a manifest list of Docker");
       }});
}

}  // namespace referee::suites::proposal_checks
