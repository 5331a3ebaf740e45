// distribution-spec, "Pulling manifests": what a client gets when it pulls by digest or by tag.

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

/// Any bytes may be a manifest's: these have indentation and an unknown field, which must come back.
oci::Package unusual_image(Context& t) {
  return oci::ManifestBuilder()
      .config(fresh_blob(t, 32))
      .layer(oci::tar_layer(t.random()))
      .field("org.example.unknown", "[1, 2]")
      .pretty()
      .build();
}

void manifest_contents(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/pull-manifests/by-digest",
                 .title = "A manifest that was pushed can be pulled by its digest, byte for byte",
                 .how = "Pushes an indented manifest with an unknown field by digest and compares what GET brings.",
                 .requirements = {"dist.pull.manifest.get-200"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.get.manifest-reserialised"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   const auto image = unusual_image(t);
                   t.push(image);
                   const auto answer = t.registry().get_manifest(t.repository(), image.digest().str()).value();
                   EXPECT_THAT(answer, HasStatus(200));
                   EXPECT_THAT(answer, HasBody(image.manifest.bytes()));
                 }});
  catalogue.add({.id = "oci-1.1/pull-manifests/by-tag",
                 .title = "A manifest that was pushed can be pulled by its tag, byte for byte",
                 .how = "Pushes an image under a tag and compares what GET of the tag brings.",
                 .requirements = {"dist.pull.manifest.get-200"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.get.tag-404"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   const auto tag = t.tag("v1");
                   const auto image = t.pushed_image(tag);
                   const auto answer = t.registry().get_manifest(t.repository(), tag).value();
                   EXPECT_THAT(answer, HasStatus(200));
                   EXPECT_THAT(answer, HasBody(image.manifest.bytes()));
                 }});
  catalogue.add({.id = "oci-1.1/pull-manifests/index-not-converted",
                 .title = "A pulled index is the index, whatever the client accepts",
                 .how = "Pulls an index by tag and by digest with an Accept that names image manifests only: a refusal "
                        "is fine, another manifest is not.",
                 .requirements = {"dist.pull.manifest.get-200", "dist.pull.manifest.content-type"},
                 .needs = {},
                 .after = {kManifestByTag},
                 .kills = {"r.get.converts-index"},
                 .tags = {"pull", "index"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto index = oci::IndexBuilder().manifest(image.descriptor()).build();
                   const auto tag = t.tag("index");
                   t.push_manifest(index);
                   t.push_manifest(index, tag);
                   const Options only_manifests{.headers = {{"Accept", std::string(oci::media_type::kManifest)}}};
                   for (const auto& reference : {tag, index.digest().str()}) {
                     const auto answer = t.registry().get_manifest(t.repository(), reference, only_manifests).value();
                     if (answer.status == 200) {
                       EXPECT_THAT(answer, HasBody(index.bytes()));
                     } else {
                       EXPECT_THAT(answer, HasStatusIn({404, 406}));
                     }
                   }
                 }});
  catalogue.add({.id = "oci-1.1/pull-manifests/any-accept",
                 .title = "A client that accepts anything gets the manifest",
                 .how = "Pulls an image by digest with Accept: */*.",
                 .requirements = {"dist.pull.manifest.get-200"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.get.needs-accept-406"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const Options anything{.headers = {{"Accept", "*/*"}}};
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), image.digest().str(), anything).value(),
                               ServesContent(image.manifest));
                 }});
}

void headers_of_answers(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/pull-manifests/content-type",
                 .title = "A pulled manifest has the Content-Type that it was pushed with",
                 .how = "Pushes an image and an index and reads the media type of both when pulled; parameters are "
                        "another check's business.",
                 .requirements = {"dist.pull.manifest.content-type"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.get.ct-generic"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto index = oci::IndexBuilder().manifest(image.descriptor()).build();
                   t.push_manifest(index);
                   for (const auto& manifest : {image.manifest, index}) {
                     EXPECT_THAT(t.registry().get_manifest(t.repository(), manifest.digest().str()).value(),
                                 conformance::HasMediaType(manifest.media_type()));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/pull-manifests/content-type-parameters",
                 .title = "The Content-Type of a pulled manifest has no parameters",
                 .how = "Pulls an image and looks for a semicolon in Content-Type.",
                 .requirements = {"dist.pull.manifest.content-type-parameters"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.get.ct-parameters"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto answer = t.registry().get_manifest(t.repository(), image.digest().str()).value();
                   const testing::Matcher<const std::string&> plain = testing::Not(testing::HasSubstr(";"));
                   EXPECT_THAT(answer, HasHeader("Content-Type", plain));
                 }});
  catalogue.add({.id = "oci-1.1/pull-manifests/digest-header",
                 .title = "A pulled manifest comes with Docker-Content-Digest",
                 .how = "Pulls an image by digest and by tag.",
                 .requirements = {"dist.pull.manifest.digest-header", "O.get.docker-content-digest"},
                 .needs = {},
                 .after = {kManifestByTag},
                 .kills = {"r.get.no-digest-header"},
                 .tags = {"pull", "digest-header"},
                 .body = [](Context& t) {
                   const auto tag = t.tag("v1");
                   const auto image = t.pushed_image(tag);
                   const testing::Matcher<const std::string&> some = testing::Not(testing::IsEmpty());
                   for (const auto& reference : {tag, image.digest().str()}) {
                     EXPECT_THAT(t.registry().get_manifest(t.repository(), reference).value(),
                                 HasHeader("Docker-Content-Digest", some));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/pull-manifests/digest-header-matches",
                 .title = "Docker-Content-Digest of a pulled manifest names its bytes",
                 .how = "Hashes the pushed bytes with the header's own algorithm; a missing header is fine here.",
                 .requirements = {"dist.pull.manifest.digest-header-matches"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.get.wrong-digest-header"},
                 .tags = {"pull", "digest-header"},
                 .body = [](Context& t) {
                   const auto tag = t.tag("v1");
                   const auto image = t.pushed_image(tag);
                   for (const auto& reference : {tag, image.digest().str()}) {
                     EXPECT_THAT(t.registry().get_manifest(t.repository(), reference).value(),
                                 NamesDigestOf(image.manifest.bytes()));
                   }
                 }});
}

void absent_manifests(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/pull-manifests/missing-digest",
                 .title = "A digest that the repository does not hold is answered by 404",
                 .how = "Pushes an image, then pulls the digest of a manifest that was never pushed.",
                 .requirements = {"dist.pull.manifest.missing-404"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.get.missing-200"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   t.pushed_image();
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), t.absent_digest().str()).value(),
                               HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/pull-manifests/missing-tag",
                 .title = "A tag that the repository does not have is answered by 404",
                 .how = "Pushes an image under one tag, then pulls another tag.",
                 .requirements = {"dist.pull.manifest.missing-404"},
                 .needs = {},
                 .after = {kManifestByTag},
                 .kills = {"r.get.missing-tag-latest"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   t.pushed_image(t.tag("there"));
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), t.tag("not-there")).value(), HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/pull-manifests/other-repository",
                 .title = "A manifest of another repository is answered by 404",
                 .how = "Pushes different images to two repositories and pulls one from the other.",
                 .requirements = {"dist.pull.manifest.other-repository-404"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.get.cross-repo"},
                 .tags = {"pull", "isolation"},
                 .body = [](Context& t) {
                   require_second_repository(t);
                   t.pushed_image();
                   const auto elsewhere = oci::image(t.random());
                   t.push_to(t.other_repository(), elsewhere);
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), elsewhere.digest().str()).value(),
                               HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/pull-manifests/unknown-repository",
                 .title = "A pull from a repository that does not exist is answered by 404",
                 .how = "Pulls a tag and a digest from a repository that nobody pushed to.",
                 .requirements = {"dist.pull.repository-unknown-404"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.get.unknown-repo-400"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   for (const auto& reference : {t.tag("any"), t.absent_digest().str()}) {
                     EXPECT_THAT(t.registry().get_manifest(t.absent_repository(), reference).value(), HasStatus(404));
                   }
                 }});
  catalogue.add(
      {.id = "oci-1.1/pull-manifests/not-a-reference",
       .title = "A reference that is neither a digest nor a tag is a client error",
       .how = "Pulls a digest with too few characters, one that is not hexadecimal, and a tag with a plus sign.",
       .requirements = {"dist.pull.reference-format"},
       .needs = {},
       .after = {kManifestByDigest},
       .kills = {"r.get.bad-reference-500"},
       .tags = {"pull", "grammar"},
       .body = [](Context& t) {
         t.pushed_image();
         for (const auto& reference : {"sha256:abc", "sha256:not-hexadecimal", "not+a+tag"}) {
           EXPECT_THAT(t.registry().get_manifest(t.repository(), reference).value(), IsClientError());
         }
       }});
}

}  // namespace

void register_pull_manifests(Catalogue& catalogue) {
  manifest_contents(catalogue);
  headers_of_answers(catalogue);
  absent_manifests(catalogue);
}

}  // namespace referee::suites::distribution
