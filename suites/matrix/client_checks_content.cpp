#include <fmt/format.h>

#include <algorithm>

#include "client_judges.hpp"

/// Content that is not what was asked for: only its digest or size tells.
namespace referee::suites::clients {
namespace {

using runtimes::Operation;

/// Half of what an endless layer has: more than sockets hold of what nobody reads.
constexpr std::uint64_t kMostBuffered = 16ULL << 20U;

/// Two images of the same size, by digest.
void two_images(Maker& maker) {
  maker.push("other", maker.image());
  one_image_by_digest(maker);
}

void two_images_in_index(Maker& maker) {
  maker.push("other", maker.image());
  image_in_index(maker);
}

/// Beside the image a config of the same size, which names another layer.
void two_configs(Maker& maker) {
  one_image(maker);
  const auto layer = oci::Digest::of(maker.random().bytes(8)).str();
  maker.push_blob(oci::image_config(maker.platform(), {layer}));
}

void two_layers(Maker& maker) {
  one_image(maker);
  const auto size = maker.scenery().part("image.layer").size();
  const auto file = static_cast<std::size_t>(size) - 3UL * 512;  // a header before it, two blocks behind it
  maker.push_blob(oci::tar_layer(maker.random(), file, "etc/referee", oci::media_type::kLayer));
}

void two_layers_one_asked(Maker& maker) {
  two_layers(maker);
  maker.ask_digest(maker.scenery().part("image.layer"));
}

/// An image whose manifest says that a part is larger than it is.
void push_oversized(Maker& maker, std::int64_t config_more, std::int64_t layer_more) {
  const auto image = maker.image();
  auto config = image.blobs.front().descriptor();
  auto layer = image.blobs.back().descriptor();
  config.size += config_more;
  layer.size += layer_more;
  auto manifest = oci::ManifestBuilder().config_descriptor(config).layer_descriptor(layer).pretty().build();
  manifest.blobs = image.blobs;
  maker.push("image", manifest, "v1");
  maker.ask_tag("v1");
}

void config_called_larger(Maker& maker) {
  push_oversized(maker, 1, 0);
}
void layer_called_larger(Maker& maker) {
  push_oversized(maker, 0, 512);
}
void layer_called_smaller(Maker& maker) {
  push_oversized(maker, 0, -512);
}

/// Whoever reads no more than the descriptor says has what was pushed.
Finding must_not_take_all(const Evidence& seen) {
  std::uint64_t most = 0;
  for (const auto& record : seen.traffic) most = std::max(most, record.response_bytes);
  if (seen.succeeded() && most < kMostBuffered) return right("it takes what the descriptor says, and no more");
  auto finding = must_refuse(seen);
  finding.notes.push_back(fmt::format("it was sent {} MiB", most >> 20U));
  return finding;
}

ClientCheck refused(std::string id, std::string about, std::vector<std::string> requirements, void (*content)(Maker&),
                    std::string lie) {
  return {.id = std::move(id),
          .about = std::move(about),
          .requirements = std::move(requirements),
          .expected = "refused",
          .content = content,
          .scene = {.deviations = {std::move(lie)}},
          .judge = must_refuse};
}

}  // namespace

void add_content_checks(Checks& to) {
  const std::vector<std::string> manifest{"client.pull.digest-manifest"};
  const std::vector<std::string> by_descriptor{"client.content.digest", "client.pull.digest-manifest"};
  const std::vector<std::string> config{"client.pull.digest-blob", "client.content.digest"};
  const std::vector<std::string> size{"client.content.size", "client.pull.digest-blob"};
  to.push_back(refused("digest-manifest", "Pulled by digest, another manifest of the same size comes.", manifest,
                       two_images, "l.exchanged"));
  to.push_back(refused("digest-manifest-fetched",
                       "A manifest is fetched by digest, and another of the same size comes.", manifest, two_images,
                       "l.exchanged"));
  to.back().operation = Operation::kManifest;
  to.push_back(refused("digest-child", "In place of the image that an index lists, another of the same size comes.",
                       by_descriptor, two_images_in_index, "l.exchanged"));
  to.push_back(refused("digest-config", "In place of the config another of the same size comes.", config, two_configs,
                       "l.exchanged"));
  to.push_back(refused("digest-layer", "In place of a layer another of the same size comes.", config, two_layers,
                       "l.exchanged"));
  to.push_back(refused("digest-blob-fetched", "A blob is fetched, and another of the same size comes.", config,
                       two_layers_one_asked, "l.exchanged"));
  to.back().operation = Operation::kBlob;
  to.push_back(refused("manifest-longer", "Pulled by digest, the manifest comes with a newline more.", manifest,
                       one_image_by_digest, "l.manifest.padded"));
  to.push_back(refused("manifest-shorter", "Pulled by digest, the manifest comes without its last newline.", manifest,
                       one_image_by_digest, "l.manifest.truncated"));
  to.push_back(refused("config-longer", "The config comes with a newline more.", size, one_image, "l.config.padded"));
  to.push_back(refused("layer-longer", "A layer comes with 512 zero bytes more.", size, one_image, "l.layer.padded"));
  to.push_back(refused("layer-shorter", "A layer comes without its last 512 bytes, which are zero.", size, one_image,
                       "l.layer.truncated"));
  to.push_back(refused("blob-shorter-fetched", "A blob is fetched, and its last 512 bytes do not come.", size, one_blob,
                       "l.layer.truncated"));
  to.back().operation = Operation::kBlob;
  to.push_back(refused("layer-endless", "A layer is followed by 32 MiB of zeros, without a Content-Length.", size,
                       one_image, "l.layer.endless"));
  to.back().judge = must_not_take_all;
  to.back().expected = "not taken";
  to.push_back(refused("layer-cut", "The connection ends within a layer, each time.", size, one_image, "l.layer.cut"));
  // These lie in the manifest itself; what comes is what was pushed.
  for (const auto& [id, about, content] :
       {std::tuple("size-config", "The manifest says that the config is one byte larger than it is.",
                   &config_called_larger),
        std::tuple("size-layer-larger", "The manifest says that a layer is 512 bytes larger than it is.",
                   &layer_called_larger),
        std::tuple("size-layer-smaller", "The manifest says that a layer is 512 bytes smaller than it is.",
                   &layer_called_smaller)}) {
    to.push_back(refused(id, about, {"client.content.size"}, content, ""));
    to.back().scene.deviations.clear();
    to.back().twin_content = one_image;
  }
}

}  // namespace referee::suites::clients
