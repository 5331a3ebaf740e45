// distribution-spec, "Checking if content exists in the registry": HEAD.

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

const testing::Matcher<const std::string&>& something() {
  static const testing::Matcher<const std::string&> matcher = testing::Not(testing::IsEmpty());
  return matcher;
}

/// Those fields of a GET answer that HEAD has with another value, or lacks.
std::vector<std::string> differences(const http::Response& get, const http::Response& head) {
  std::vector<std::string> names;
  for (const auto* name : {"Content-Type", "Docker-Content-Digest", "ETag"}) {
    if (get.header(name) && get.header(name) != head.header(name)) names.emplace_back(name);
  }
  // A length is known to a GET only where its body is not chunked.
  if (get.header("Content-Length") && head.header("Content-Length") &&
      get.header("Content-Length") != head.header("Content-Length")) {
    names.emplace_back("Content-Length");
  }
  return names;
}

void present(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/existence/blob",
                 .title = "HEAD of a blob that exists is answered by 200",
                 .how = "Pushes a blob, pulls it to be sure, and asks for it by HEAD.",
                 .requirements = {"dist.head.blob-200"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.head.blob-404"},
                 .tags = {"head"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob();
                   EXPECT_THAT(t.registry().head_blob(t.repository(), blob.digest().str()).value(), HasStatus(200));
                 }});
  catalogue.add({.id = "oci-1.1/existence/manifest-by-digest",
                 .title = "HEAD of a manifest by digest is answered by 200",
                 .how = "Pushes an image and asks for its digest by HEAD.",
                 .requirements = {"dist.head.manifest-200"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.head.manifest-404"},
                 .tags = {"head"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   EXPECT_THAT(t.registry().head_manifest(t.repository(), image.digest().str()).value(),
                               HasStatus(200));
                 }});
  catalogue.add({.id = "oci-1.1/existence/manifest-by-tag",
                 .title = "HEAD of a manifest by tag is answered by 200",
                 .how = "Pushes an image under a tag and asks for the tag by HEAD.",
                 .requirements = {"dist.head.manifest-200"},
                 .needs = {},
                 .after = {kManifestByTag},
                 .kills = {"r.head.tag-404"},
                 .tags = {"head"},
                 .body = [](Context& t) {
                   const auto tag = t.tag("v1");
                   t.pushed_image(tag);
                   EXPECT_THAT(t.registry().head_manifest(t.repository(), tag).value(), HasStatus(200));
                 }});
  catalogue.add({.id = "oci-1.1/existence/read-after-write",
                 .title = "A blob can be found as soon as its push was answered",
                 .how = "Pushes several blobs one by one and asks for each by HEAD at once.",
                 .requirements = {"dist.push.blob.visible"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.blob.lag"},
                 .tags = {"head"},
                 .body = [](Context& t) {
                   for (int i = 0; i < 5; ++i) {
                     const auto blob = t.pushed_blob();
                     EXPECT_THAT(t.registry().head_blob(t.repository(), blob.digest().str()).value(), HasStatus(200));
                   }
                 }});
}

void headers(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/existence/blob-digest-header",
                 .title = "HEAD of a blob has Docker-Content-Digest",
                 .how = "Asks for a pushed blob by HEAD and looks for the header.",
                 .requirements = {"dist.head.digest-header"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.head.blob-no-digest-header"},
                 .tags = {"head", "digest-header"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob();
                   EXPECT_THAT(t.registry().head_blob(t.repository(), blob.digest().str()).value(),
                               HasHeader("Docker-Content-Digest", something()));
                 }});
  catalogue.add({.id = "oci-1.1/existence/manifest-digest-header",
                 .title = "HEAD of a manifest has Docker-Content-Digest",
                 .how = "Asks for a pushed image by HEAD, by tag and by digest.",
                 .requirements = {"dist.head.digest-header", "O.get.docker-content-digest"},
                 .needs = {},
                 .after = {kManifestByTag},
                 .kills = {"r.head.manifest-no-digest-header"},
                 .tags = {"head", "digest-header"},
                 .body = [](Context& t) {
                   const auto tag = t.tag("v1");
                   const auto image = t.pushed_image(tag);
                   for (const auto& reference : {tag, image.digest().str()}) {
                     EXPECT_THAT(t.registry().head_manifest(t.repository(), reference).value(),
                                 HasHeader("Docker-Content-Digest", something()));
                   }
                 }});
  catalogue.add(
      {.id = "oci-1.1/existence/digest-header-matches",
       .title = "Docker-Content-Digest of a HEAD names the content",
       .how = "Compares the header for a blob and for a tagged image with the bytes that were pushed.",
       .requirements = {"dist.head.digest-header-matches"},
       .needs = {},
       .after = {kManifestByTag},
       .kills = {"r.head.wrong-digest-header"},
       .tags = {"head", "digest-header"},
       .body = [](Context& t) {
         const auto tag = t.tag("v1");
         const auto image = t.pushed_image(tag);
         const auto& blob = image.blobs.front();
         EXPECT_THAT(t.registry().head_manifest(t.repository(), tag).value(), NamesDigestOf(image.manifest.bytes()));
         EXPECT_THAT(t.registry().head_blob(t.repository(), blob.digest().str()).value(), NamesDigestOf(blob.bytes()));
       }});
  catalogue.add({.id = "oci-1.1/existence/blob-content-length",
                 .title = "HEAD of a blob has its size in Content-Length",
                 .how = "Asks for a pushed blob by HEAD and compares the header with the size.",
                 .requirements = {"dist.head.content-length"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.head.no-content-length"},
                 .tags = {"head"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob(777);
                   EXPECT_THAT(t.registry().head_blob(t.repository(), blob.digest().str()).value(),
                               HasHeader("Content-Length", std::string("777")));
                 }});
  catalogue.add({.id = "oci-1.1/existence/manifest-content-length",
                 .title = "HEAD of a manifest has its size in Content-Length",
                 .how = "Asks for a pushed image by HEAD and compares the header with the size.",
                 .requirements = {"dist.head.content-length", "O.get.docker-content-digest"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.head.zero-content-length"},
                 .tags = {"head"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   EXPECT_THAT(t.registry().head_manifest(t.repository(), image.digest().str()).value(),
                               HasHeader("Content-Length", std::to_string(image.manifest.size())));
                 }});
  catalogue.add({.id = "oci-1.1/existence/manifest-same-as-get",
                 .title = "HEAD of a manifest has the headers of a GET",
                 .how = "Compares media type, digest, entity tag and length of both answers.",
                 .requirements = {"dist.head.same-as-get"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.head.ct-differs"},
                 .tags = {"head", "http"},
                 .body = [](Context& t) {
                   const auto digest = t.pushed_image().digest().str();
                   EXPECT_THAT(differences(t.registry().get_manifest(t.repository(), digest).value(),
                                           t.registry().head_manifest(t.repository(), digest).value()),
                               testing::IsEmpty());
                 }});
  catalogue.add({.id = "oci-1.1/existence/blob-same-as-get",
                 .title = "HEAD of a blob has the headers of a GET",
                 .how = "Compares media type, digest, entity tag and length of both answers.",
                 .requirements = {"dist.head.same-as-get"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.head.blob-ct-differs"},
                 .tags = {"head", "http"},
                 .body = [](Context& t) {
                   const auto digest = t.pushed_blob().digest().str();
                   EXPECT_THAT(differences(t.registry().get_blob(t.repository(), digest).value(),
                                           t.registry().head_blob(t.repository(), digest).value()),
                               testing::IsEmpty());
                 }});
}

void absent_things(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/existence/missing-blob",
                 .title = "HEAD of a blob that is not there is answered by 404",
                 .how = "Pushes a blob and asks for another by HEAD.",
                 .requirements = {"dist.head.missing-404"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.head.missing-200"},
                 .tags = {"head"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   EXPECT_THAT(t.registry().head_blob(t.repository(), t.absent_digest().str()).value(), HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/existence/missing-manifest",
                 .title = "HEAD of a manifest that is not there is answered by 404",
                 .how = "Pushes an image and asks for another digest and another tag by HEAD.",
                 .requirements = {"dist.head.missing-404"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.head.missing-manifest-200"},
                 .tags = {"head"},
                 .body = [](Context& t) {
                   t.pushed_image();
                   for (const auto& reference : {t.absent_digest().str(), t.tag("not-there")}) {
                     EXPECT_THAT(t.registry().head_manifest(t.repository(), reference).value(), HasStatus(404));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/existence/other-repository",
                 .title = "HEAD of a blob of another repository is answered by 404",
                 .how = "Pushes different blobs to two repositories and asks one for the other's.",
                 .requirements = {"dist.head.other-repository-404"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.head.cross-repo"},
                 .tags = {"head", "isolation"},
                 .body = [](Context& t) {
                   require_second_repository(t);
                   t.pushed_blob();
                   const auto elsewhere = fresh_blob(t);
                   t.push_to(t.other_repository(), elsewhere);
                   EXPECT_THAT(t.registry().head_blob(t.repository(), elsewhere.digest().str()).value(),
                               HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/existence/unknown-repository",
                 .title = "HEAD in a repository that does not exist is answered by 404",
                 .how = "Asks a repository that nobody pushed to for a blob and for a manifest.",
                 .requirements = {"dist.head.missing-404"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.head.unknown-repo-400"},
                 .tags = {"head"},
                 .body = [](Context& t) {
                   const auto digest = t.absent_digest().str();
                   EXPECT_THAT(t.registry().head_blob(t.absent_repository(), digest).value(), HasStatus(404));
                   EXPECT_THAT(t.registry().head_manifest(t.absent_repository(), digest).value(), HasStatus(404));
                 }});
}

}  // namespace

void register_existence(Catalogue& catalogue) {
  present(catalogue);
  headers(catalogue);
  absent_things(catalogue);
}

}  // namespace referee::suites::distribution
