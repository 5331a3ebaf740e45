#include <gmock/gmock.h>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// image-spec, image-index.md: which indexes a registry takes, and that it serves an index as what it is.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

void expect_index_stored(Context& t, const oci::Content& index) {
  ASSERT_THAT(t.registry().put_manifest(t.repository(), index.digest().str(), index).value(), HasStatus(201));
  EXPECT_THAT(t.registry().get_manifest(t.repository(), index.digest().str()).value(), ServesContent(index));
}

void observe_stored(Context& t, const std::string& what, const oci::Content& index) {
  const auto answer = t.registry().put_manifest(t.repository(), index.digest().str(), index).value();
  const bool accepted = answer.status == 201;
  t.observe(what, accepted ? "accepted" : "refused");
  if (accepted) {
    EXPECT_THAT(t.registry().get_manifest(t.repository(), index.digest().str()).value(), ServesContent(index));
  }
}

oci::Descriptor entry(Context& t, const char* architecture) {
  auto descriptor = t.pushed_image().descriptor();
  descriptor.platform = oci::Platform{architecture, "linux", "", ""};
  return descriptor;
}

}  // namespace

void register_index_content(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/manifest-content/index",
                 .title = "An index of two platforms is stored and served",
                 .how = "Pushes two images and an index that lists them by platform.",
                 .requirements = {"image.index"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.reject-index"},
                 .tags = {"index"},
                 .body = [](Context& t) {
                   expect_index_stored(
                       t, oci::IndexBuilder().manifest(entry(t, "amd64")).manifest(entry(t, "arm64")).build());
                 }});
  catalogue.add({.id = "oci-1.1/manifest-content/index-without-platform",
                 .title = "An index whose entries name no platform is accepted",
                 .how = "Pushes an index of one image without `platform`.",
                 .requirements = {"image.platform-optional"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.reject-noplatform"},
                 .tags = {"index"},
                 .body = [](Context& t) {
                   expect_index_stored(t, oci::IndexBuilder().manifest(t.pushed_image().descriptor()).build());
                 }});
  catalogue.add({.id = "oci-1.1/manifest-content/nested-index",
                 .title = "An index may list an index",
                 .how = "Pushes an index that lists an image and another index.",
                 .requirements = {"image.nested-index"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.reject-nested"},
                 .tags = {"index"},
                 .body = [](Context& t) {
                   const auto inner = oci::IndexBuilder().manifest(entry(t, "arm64")).build();
                   t.push_manifest(inner);
                   expect_index_stored(
                       t, oci::IndexBuilder().manifest(entry(t, "amd64")).manifest(inner.descriptor()).build());
                 }});
  catalogue.add(
      {.id = "oci-1.1/manifest-content/index-unknown-child-type",
       .title = "An entry of a media type that nobody knows is no error",
       .how =
           "Pushes an index that lists, beside an image, a pushed blob under a made-up media type. It may be refused "
           "only as an index is refused whose ordinary image is there as a blob only.",
       .requirements = {"image.unknown-child-type"},
       .needs = {},
       .after = kByDigest,
       .kills = {"r.put.reject-unknown-child-type"},
       .tags = {"index"},
       .body = [](Context& t) {
         const oci::Content odd("application/vnd.referee.future.v9+json",
                                R"({"future":")" + t.random().hex(16) + R"("})");
         t.push(odd);
         const auto index = oci::IndexBuilder().manifest(entry(t, "amd64")).manifest(odd.descriptor()).build();
         const auto answer = t.registry().put_manifest(t.repository(), index.digest().str(), index).value();
         // A registry may look for the entry among its manifests, not find it there, and say so.
         const bool missing = answer.status >= 400 && answer.status < 500 &&
                              testing::Value(answer, HasErrorCode("MANIFEST_BLOB_UNKNOWN"));
         // Control: an ordinary image that was pushed as a blob only. Refused just the same, the type is not why.
         const auto plain = oci::image(t.random()).manifest;
         t.push(plain);
         const auto control = oci::IndexBuilder().manifest(plain.descriptor()).build();
         const auto digest = control.digest().str();
         const bool any = answer.status != 201 &&
                          t.registry().put_manifest(t.repository(), digest, control).value().status == answer.status;
         t.observe("unknown child", missing || any ? "not found as a manifest" : "looked at");
         if (!missing && !any) {
           EXPECT_THAT(answer, HasStatus(201));
         }
       }});
  catalogue.add(
      {.id = "oci-1.1/manifest-content/index-empty",
       .title = "Whether an index without entries is accepted",
       .how = "Pushes an index whose `manifests` is an empty list, as a fallback tag has when all is deleted.",
       .requirements = {"image.index-empty"},
       .needs = {},
       .after = kByDigest,
       .kills = {"r.put.reject-empty-manifests"},
       .tags = {"index"},
       .body = [](Context& t) {
         observe_stored(t, "empty index",
                        oci::IndexBuilder().annotation("org.example.run", t.random().hex(16)).build());
       }});
  catalogue.add(
      {.id = "oci-1.1/manifest-content/index-sparse",
       .title = "Whether an index is accepted some of whose images are absent",
       .how = "Pushes an index of one image that is there and one that was never pushed.",
       .requirements = {"dist.manifests.missing-reference"},
       .needs = {},
       .after = kByDigest,
       .kills = {"r.put.reject-missing-child"},
       .tags = {"index"},
       .body = [](Context& t) {
         observe_stored(
             t, "sparse index",
             oci::IndexBuilder().manifest(entry(t, "amd64")).manifest(oci::image(t.random()).descriptor()).build());
       }});
}

}  // namespace referee::suites::distribution
