#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// What may stand in a manifest or index (image-spec) and must, should or may be taken by a registry.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr std::string_view kType = "application/vnd.referee.test.v1";

http::Response put(Context& t, const oci::Content& manifest) {
  return t.registry().put_manifest(t.repository(), manifest.digest().str(), manifest).value();
}

/// Accepted and served unchanged.
void expect_stored(Context& t, const oci::Content& manifest) {
  ASSERT_THAT(put(t, manifest), HasStatus(201));
  EXPECT_THAT(t.registry().get_manifest(t.repository(), manifest.digest().str()).value(), ServesContent(manifest));
}

void expect_stored(Context& t, const oci::Package& package) {
  for (const auto& blob : package.blobs) t.push(blob);
  expect_stored(t, package.manifest);
}

/// For what a registry may refuse: records which way it went. Accepted content must be served.
void observe_manifest_stored(Context& t, const std::string& what, const oci::Content& manifest) {
  const auto answer = put(t, manifest);
  const bool accepted = answer.status == 201;
  t.observe(what, accepted ? "accepted" : answer.status >= 500 ? "server error" : "refused");
  if (accepted) {
    EXPECT_THAT(t.registry().get_manifest(t.repository(), manifest.digest().str()).value(), ServesContent(manifest));
  }
}

oci::Content layer(Context& t, std::string_view media_type = oci::media_type::kOctetStream) {
  return {std::string(media_type), t.random().hex(64)};
}

oci::ManifestBuilder artifact(Context& t) {
  oci::ManifestBuilder builder;
  builder.artifact_type(kType).layer(layer(t));
  return builder;
}

void register_types(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/manifest-content/unknown-artifact-type",
                 .title = "An artifactType that nobody knows is accepted",
                 .how = "Pushes an artifact with the empty config and a made-up artifactType.",
                 .requirements = {"image.unknown-artifact-type", "image.unknown-types"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.reject-unknown-artifact-type"},
                 .tags = {"artifacts"},
                 .body = [](Context& t) {
                   expect_stored(t, artifact(t).artifact_type("application/vnd.referee.nobody-knows.v7+cbor").build());
                 }});
  catalogue.add(
      {.id = "oci-1.1/manifest-content/unknown-config-type",
       .title = "A config media type that nobody knows is accepted",
       .how = "Pushes a manifest whose config has a made-up media type and no artifactType.",
       .requirements = {"image.unknown-config-type", "image.unknown-types"},
       .needs = {},
       .after = kByDigest,
       .kills = {"r.put.reject-unknown-config"},
       .tags = {"artifacts"},
       .body = [](Context& t) {
         expect_stored(
             t,
             oci::ManifestBuilder().config(layer(t, "application/vnd.referee.config.v1+json")).layer(layer(t)).build());
       }});
  catalogue.add({.id = "oci-1.1/manifest-content/unknown-layer-type",
                 .title = "A layer media type that nobody knows is accepted",
                 .how = "Pushes an image with one more layer of a made-up media type.",
                 .requirements = {"image.unknown-layer-type", "image.unknown-types"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.reject-unknown-layer"},
                 .tags = {"artifacts"},
                 .body = [](Context& t) {
                   expect_stored(t, artifact(t).layer(layer(t, "application/vnd.referee.layer.v1.tar+brotli")).build());
                 }});
  catalogue.add(
      {.id = "oci-1.1/manifest-content/zstd-layer",
       .title = "A zstd layer is accepted",
       .how = "Pushes an image whose layer has the registered zstd media type.",
       .requirements = {"image.unknown-layer-type", "image.zstd-layer"},
       .needs = {},
       .after = kByDigest,
       .kills = {"r.put.reject-zstd"},
       .tags = {},
       .body = [](Context& t) { expect_stored(t, artifact(t).layer(layer(t, oci::media_type::kLayerZstd)).build()); }});
  catalogue.add({.id = "oci-1.1/manifest-content/nondistributable-layer",
                 .title = "Whether an image with a non-distributable layer is accepted without that layer",
                 .how = "Pushes an image with a foreign layer that has `urls` and was never pushed.",
                 .requirements = {"dist.manifests.missing-reference"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.reject-nondistributable"},
                 .tags = {},
                 .body = [](Context& t) {
                   auto foreign = layer(t, oci::media_type::kNonDistributableLayer).descriptor();
                   foreign.urls = {"https://layers.example/one.tar.gz"};
                   auto package = artifact(t).layer_descriptor(foreign).build();
                   for (const auto& blob : package.blobs) t.push(blob);
                   observe_manifest_stored(t, "non-distributable layer", package.manifest);
                 }});
  catalogue.add({.id = "oci-1.1/manifest-content/docker-image",
                 .title = "A Docker image keeps its media type",
                 .how = "Pushes a Docker v2 schema 2 image; bytes and Content-Type must come back.",
                 .requirements = {"dist.pull.manifest.content-type"},
                 .needs = {Capability::kDockerTypes},
                 .after = kByDigest,
                 .kills = {"r.get.docker-as-oci"},
                 .tags = {"docker"},
                 .body = [](Context& t) {
                   const auto image = oci::docker_image(t.random());
                   expect_stored(t, image);
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), image.digest().str()).value(),
                               HasMediaType(image.manifest.media_type()));
                 }});
  catalogue.add({.id = "oci-1.1/manifest-content/docker-list",
                 .title = "A Docker manifest list keeps its media type",
                 .how = "Pushes a manifest list of two Docker images; bytes and Content-Type must come back.",
                 .requirements = {"dist.pull.manifest.content-type"},
                 .needs = {Capability::kDockerTypes},
                 .after = kByDigest,
                 .kills = {"r.get.docker-as-oci"},
                 .tags = {"docker", "index"},
                 .body = [](Context& t) {
                   oci::IndexBuilder builder;
                   builder.media_type(oci::media_type::kDockerManifestList);
                   for (const auto* architecture : {"amd64", "arm64"}) {
                     const auto image = oci::docker_image(t.random());
                     t.push(image);
                     auto entry = image.descriptor();
                     entry.platform = oci::Platform{architecture, "linux", "", ""};
                     builder.manifest(entry);
                   }
                   const auto list = builder.build();
                   expect_stored(t, list);
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), list.digest().str()).value(),
                               HasMediaType(list.media_type()));
                 }});
  catalogue.add({.id = "oci-1.1/manifest-content/unknown-manifest-type",
                 .title = "Whether a manifest of an unknown media type is accepted",
                 .how = "PUTs a manifest whose Content-Type and mediaType are made up.",
                 .requirements = {"dist.manifests.unknown-type"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.unknown-type-500"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto package = artifact(t).media_type("application/vnd.referee.manifest.v1+json").build();
                   for (const auto& blob : package.blobs) t.push(blob);
                   observe_manifest_stored(t, "unknown manifest type", package.manifest);
                 }});
}

void register_fields(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/manifest-content/unknown-fields",
                 .title = "Unknown fields do not make a manifest an error",
                 .how = "Pushes a manifest with unknown fields at the top and in a descriptor.",
                 .requirements = {"image.unknown-fields"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.reject-unknown-field"},
                 .tags = {},
                 .body = [](Context& t) {
                   auto blob = t.pushed_blob().descriptor();
                   blob.extra["org.example.unknown"] = "x";
                   const auto package = artifact(t).layer_descriptor(blob).field("org.example.unknown", "[1]").build();
                   for (const auto& part : package.blobs) t.push(part);
                   EXPECT_THAT(put(t, package.manifest), HasStatus(201));
                 }});
  catalogue.add({.id = "oci-1.1/manifest-content/no-media-type",
                 .title = "Whether a manifest without `mediaType` is accepted",
                 .how = "Pushes a manifest that leaves out the field; its Content-Type says what it is.",
                 .requirements = {"dist.manifests.no-media-type"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.requires-media-type"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto package = artifact(t).omit_media_type().build();
                   for (const auto& blob : package.blobs) t.push(blob);
                   observe_manifest_stored(t, "no mediaType", package.manifest);
                 }});
  catalogue.add({.id = "oci-1.1/manifest-content/media-type-disagrees",
                 .title = "Whether a manifest whose `mediaType` contradicts its Content-Type is accepted",
                 .how = "PUTs an image manifest with the Content-Type of an index.",
                 .requirements = {"dist.manifests.media-type-disagrees"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.media-type-unchecked"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto package = artifact(t).build();
                   for (const auto& blob : package.blobs) t.push(blob);
                   const auto answer = t.registry()
                                           .put_manifest(t.repository(), package.digest().str(),
                                                         package.manifest.bytes(), oci::media_type::kIndex)
                                           .value();
                   t.observe("contradicting mediaType", answer.status == 201   ? "accepted"
                                                        : answer.status >= 500 ? "server error"
                                                                               : "refused");
                 }});
  catalogue.add({.id = "oci-1.1/manifest-content/content-type-parameters",
                 .title = "Parameters of the pushed Content-Type are ignored",
                 .how = "PUTs a manifest with `; charset=utf-8`; it must be stored as the plain media type.",
                 .requirements = {"dist.manifests.content-type-parameters"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.ct-parameters-refused"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random());
                   for (const auto& blob : image.blobs) t.push(blob);
                   const auto digest = image.digest().str();
                   EXPECT_THAT(t.registry()
                                   .put_manifest(t.repository(), digest, image.manifest.bytes(),
                                                 image.manifest.media_type() + "; charset=utf-8")
                                   .value(),
                               HasStatus(201));
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), digest).value(),
                               HasMediaType(image.manifest.media_type()));
                 }});
  catalogue.add({.id = "oci-1.1/manifest-content/no-layers",
                 .title = "Whether a manifest without layers is accepted",
                 .how = "Pushes an artifact whose `layers` is an empty list.",
                 .requirements = {"dist.manifests.no-layers", "R.annot-only"},
                 .needs = {},
                 .after = kByDigest,
                 .kills = {"r.put.reject-no-layers"},
                 .tags = {"artifacts"},
                 .body = [](Context& t) {
                   const auto package = oci::ManifestBuilder().artifact_type(kType).build();
                   for (const auto& blob : package.blobs) t.push(blob);
                   observe_manifest_stored(t, "no layers", package.manifest);
                 }});
}

}  // namespace

void register_manifest_content(Catalogue& catalogue) {
  register_types(catalogue);
  register_fields(catalogue);
}

}  // namespace referee::suites::distribution
