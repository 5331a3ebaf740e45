#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "conformance/distribution/listing.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Pushing Manifests": the registry stores the bytes that it was sent. Each check sends one kind of
/// byte that a parser and writer of JSON would lose.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr std::string_view kHead = R"("schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)";

void replace(std::string& text, std::string_view name, std::string_view value) {
  if (const auto at = text.find(name); at != std::string::npos) text.replace(at, name.size(), value);
}

/// A manifest typed by hand: HEAD, CONFIG and LAYER stand for version and media type, and for descriptors of blobs that
/// were pushed.
oci::Content typed(Context& t, std::string text) {
  const auto image = oci::image(t.random());
  for (const auto& blob : image.blobs) t.push(blob);
  replace(text, "HEAD", kHead);
  replace(text, "CONFIG", oci::to_json(image.blobs.at(0).descriptor()).dump());
  replace(text, "LAYER", oci::to_json(image.blobs.at(1).descriptor()).dump());
  return {std::string(oci::media_type::kManifest), std::move(text)};
}

void expect_bytes_stored(Context& t, const oci::Content& manifest) {
  const auto digest = manifest.digest().str();
  ASSERT_THAT(t.registry().put_manifest(t.repository(), digest, manifest).value(), HasStatus(201));
  EXPECT_THAT(t.registry().get_manifest(t.repository(), digest).value(), ServesContent(manifest));
}

struct Bytes {
  std::string name;
  std::string title;
  std::string how;
  std::string fault;
  std::string text;
};

const std::vector<Bytes>& kinds() {
  static const std::vector<Bytes> all{
      {"whitespace", "Blanks, tabs and line ends of a manifest are kept", "Pushes a manifest laid out oddly.",
       "r.put.compacts", "{ HEAD\r\n\t\"config\" :CONFIG  ,\n\n  \"layers\": [  LAYER]\t}"},
      {"trailing-newline", "A newline after the manifest is kept", "Pushes a manifest that ends with two line ends.",
       "r.put.trims", "{HEAD\"config\":CONFIG,\"layers\":[LAYER]}\n\n"},
      {"key-order", "The order of a manifest's keys is kept", "Pushes a manifest whose keys are in no usual order.",
       "r.put.sorts-keys",
       R"({"layers":[LAYER],"annotations":{"z":"1","a":"2"},"config":CONFIG,"mediaType":)"
       R"("application/vnd.oci.image.manifest.v1+json","schemaVersion":2})"},
      {"unicode-escapes", "Escaped characters of a manifest stay escaped",
       "Pushes a manifest with \\u escapes of letters, a surrogate pair and an escaped slash.", "r.put.unescapes",
       R"({HEAD"config":CONFIG,"layers":[LAYER],"annotations":{"a":"\u00e9\u0041\ud83d\ude00\/"}})"},
      {"utf-8", "Characters beyond ASCII stay as they are", "Pushes a manifest with raw UTF-8 of two to four bytes.",
       "r.put.escapes-utf8",
       "{HEAD\"config\":CONFIG,\"layers\":[LAYER],\"annotations\":{\"a\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"}}"},
      {"markup-characters", "The characters < > & stay as they are",
       "Pushes a manifest with characters that some JSON writers escape for the sake of HTML.", "r.put.escapes-html",
       R"({HEAD"config":CONFIG,"layers":[LAYER],"annotations":{"a":"<b> & </b>"}})"},
      {"numbers", "Numbers keep the form in which they were sent",
       "Pushes a manifest whose unknown field holds 1.0, 1e3 and an integer beyond 64 bits.", "r.put.rewrites-numbers",
       R"({HEAD"config":CONFIG,"layers":[LAYER],"org.example.numbers":[1.0,1e3,123456789012345678901234567890]})"},
  };
  return all;
}

}  // namespace

void register_manifest_bytes(Catalogue& catalogue) {
  for (const auto& kind : kinds()) {
    catalogue.add({.id = "oci-1.1/manifest-content/" + kind.name,
                   .title = kind.title,
                   .how = kind.how + " What comes back by digest must be the same bytes.",
                   .requirements = {"dist.manifests.exact-bytes", "image.content-unaltered"},
                   .needs = {},
                   .after = {"oci-1.1/push-manifests/by-digest"},
                   .kills = {kind.fault},
                   .tags = {"bytes"},
                   .body = [&kind](Context& t) { expect_bytes_stored(t, typed(t, kind.text)); }});
  }
  catalogue.add(
      {.id = "oci-1.1/manifest-content/unknown-fields-kept",
       .title = "Unknown fields of a manifest are kept",
       .how = "Pushes a manifest with unknown fields at the top and in a descriptor; the bytes must come back.",
       .requirements = {"dist.manifests.exact-bytes", "image.content-unaltered"},
       .needs = {},
       .after = {"oci-1.1/push-manifests/by-digest"},
       .kills = {"r.put.strip-unknown-field"},
       .tags = {"bytes"},
       .body = [](Context& t) {
         // Refusing the fields is judged by another check; this one needs them stored.
         auto layer = t.pushed_blob().descriptor();
         layer.extra["org.example.unknown"] = "kept";
         const auto package = oci::ManifestBuilder()
                                  .artifact_type("application/vnd.referee.test.v1")
                                  .layer_descriptor(layer)
                                  .field("org.example.unknown", R"({"kept":[true,null]})")
                                  .build();
         t.push(package);
         EXPECT_THAT(t.registry().get_manifest(t.repository(), package.digest().str()).value(),
                     ServesContent(package.manifest));
       }});
  catalogue.add({.id = "oci-1.1/manifest-content/inline-data",
                 .title = "Inline `data` of a descriptor is kept, and none is added",
                 .how = "Pushes a manifest whose config carries its content and whose layer does not.",
                 .requirements = {"dist.manifests.exact-bytes", "image.data-not-added"},
                 .needs = {},
                 .after = {"oci-1.1/push-manifests/by-digest"},
                 .kills = {"r.put.strips-data", "r.put.adds-data"},
                 .tags = {"bytes"},
                 .body = [](Context& t) {
                   t.push(oci::empty_blob());
                   auto config = oci::empty_blob().descriptor();
                   config.data = "{}";
                   const auto package = oci::ManifestBuilder()
                                            .artifact_type("application/vnd.referee.test.v1")
                                            .config_descriptor(config)
                                            .layer_descriptor(t.pushed_blob().descriptor())
                                            .build();
                   expect_bytes_stored(t, package.manifest);
                 }});
  catalogue.add({.id = "oci-1.1/manifest-content/sha512",
                 .title = "A manifest pushed under a sha512 digest is served under it",
                 .how = "Pushes an image whose manifest and blobs are addressed by sha512 and GETs the manifest.",
                 .requirements = {"dist.manifests.expected", "dist.manifests.exact-bytes"},
                 .needs = {Capability::kSha512, Capability::kSha512Manifests},
                 .after = {"oci-1.1/push-manifests/by-digest"},
                 .kills = {"r.get.sha512-manifest-404"},
                 .tags = {"sha512"},
                 .body = [](Context& t) {
                   const auto image = pushed_sha512_image(t);
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), image.digest().str()).value(),
                               testing::AllOf(HasStatus(200), HasBody(image.manifest.bytes())));
                 }});
}

}  // namespace referee::suites::distribution
