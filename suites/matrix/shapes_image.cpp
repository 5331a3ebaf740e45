#include <nlohmann/json.hpp>

#include "shape_maker.hpp"

/// Images without an index around them.
namespace referee::suites::matrix {
namespace {

using Builder = oci::ManifestBuilder;

/// A manifest over the config and layer of an image.
Builder over(const oci::Package& image) {
  return Builder().config(image.blobs.at(0)).layer(image.blobs.at(1));
}

/// One image whose manifest is the image's own config and layer, and something else.
template <typename Change>
Shape changed(ShapeMaker maker, Change change) {
  const auto image = oci::image(maker.random(), 64, maker.platform());
  auto builder = over(image);
  change(builder, image);
  maker.add("image", builder.build());
  return maker.alone();
}

/// The layer's descriptor carries `data`; what it says is up to `text`.
Shape with_data(ShapeMaker maker, std::string_view text) {
  const auto image = oci::image(maker.random(), 64, maker.platform());
  auto layer = image.blobs.at(1).descriptor();
  layer.data = text.empty() ? image.blobs.at(1).bytes() : std::string(text);
  auto package = Builder().config(image.blobs.at(0)).layer_descriptor(layer).build();
  if (!text.empty()) maker.may_refuse();
  package.blobs.push_back(image.blobs.at(1));
  maker.add("image", package);
  return maker.alone();
}

}  // namespace

void add_images(Shapes& to, std::uint64_t seed, const oci::Platform& platform) {
  const auto maker = [&](const char* id, const char* about, std::vector<std::string> requirements) {
    return ShapeMaker(seed, platform, id, about, std::move(requirements));
  };
  {
    auto plain = maker("image", "One image manifest.", {"runtime.manifest"});
    plain.image();
    to.push_back(plain.alone());
  }
  {
    auto plain = maker("image-by-digest", "One image manifest, pulled by its digest.", {"runtime.manifest"});
    plain.by_digest().image();
    to.push_back(plain.alone());
  }
  to.push_back(changed(maker("image-no-media-type", "The manifest has no mediaType, which is optional.",
                             {"runtime.media-type-optional"}),
                       [](Builder& builder, const oci::Package& /*image*/) { builder.omit_media_type(); }));
  to.push_back(changed(
      maker("image-unknown-field", "Unknown properties in the manifest and in its config's descriptor.",
            {"runtime.unknown-field"}),
      [](Builder& builder, const oci::Package& image) {
        auto config = image.blobs.at(0).descriptor();
        config.extra["org.referee.unknown"] = "of a descriptor";
        builder.field("config", to_json(config).dump()).field("org.referee.unknown", R"({"of":["a","manifest"]})");
      }));
  to.push_back(changed(maker("image-subject", "The manifest has a subject, which is not there.", {"runtime.subject"}),
                       [](Builder& builder, const oci::Package& /*image*/) {
                         builder.subject(oci::Content(std::string(oci::media_type::kManifest), "{}").descriptor());
                       }));
  to.push_back(changed(maker("image-artifact-type", "The manifest has an artifactType and yet is a runnable image.",
                             {"runtime.artifact-type"}),
                       [](Builder& builder, const oci::Package& /*image*/) {
                         builder.artifact_type("application/vnd.referee.image.v1");
                       }));
  to.push_back(changed(
      maker("image-annotations", "The manifest has 200 annotations that nobody knows.", {"runtime.unknown-annotation"}),
      [](Builder& builder, const oci::Package& /*image*/) {
        for (int at = 0; at < 200; ++at) {
          builder.annotation("org.referee.note." + std::to_string(at), "n");
        }
      }));
  to.push_back(
      with_data(maker("image-data", "The layer's descriptor carries the layer as data.", {"runtime.data"}), ""));
  to.push_back(with_data(
      maker("image-data-wrong", "The layer's descriptor carries other data than the layer.", {"runtime.data-verified"}),
      "something else"));
  {
    auto zero = maker("image-zero-layers", "An image without layers, which is legal.", {"runtime.zero-layers"});
    zero.add("image", Builder().config(oci::image_config(platform, {})).build());
    to.push_back(zero.open().alone());
  }
  {
    auto unknown = maker("image-unknown-layer", "The image's second layer has a media type that nobody knows.",
                         {"runtime.unknown-layer"});
    const auto image = oci::image(unknown.random(), 64, platform);
    const oci::Content layer("application/vnd.referee.layer.v1", unknown.random().bytes(64));
    unknown.add("image", over(image).layer(layer).build());
    to.push_back(unknown.open().alone());
  }
  {
    auto docker = maker("docker-image", "One manifest with Docker's media types.", {"runtime.docker-types"});
    docker.add("image", oci::docker_image(docker.random(), 64, platform));
    to.push_back(docker.alone());
  }
  {
    auto artifact = maker("artifact", "The tag names an artifact: no runtime can run it.", {"runtime.artifact"});
    artifact.artifact();
    to.push_back(artifact.open().alone());
  }
  {
    auto foreign =
        maker("image-foreign", "One image manifest whose config is for another platform.", {"runtime.foreign-image"});
    foreign.image("foreign", {"s390x", "linux", "", ""});
    to.push_back(foreign.open().alone());
  }
}

}  // namespace referee::suites::matrix
