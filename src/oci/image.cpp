#include <nlohmann/json.hpp>

#include "layer.hpp"
#include "referee/oci/builder.hpp"

namespace referee::oci {
namespace {

// What differs between an OCI and a Docker image.
struct Types {
  std::string_view manifest;
  std::string_view config;
  std::string_view layer;
};
constexpr Types kOci{media_type::kManifest, media_type::kConfig, media_type::kLayerGzip};
constexpr Types kDocker{media_type::kDockerManifest, media_type::kDockerConfig, media_type::kDockerLayer};

constexpr std::string_view kPath = "etc/referee";

std::string config_text(const Platform& platform, const std::vector<std::string>& diff_ids) {
  nlohmann::ordered_json json;
  json["created"] = "1970-01-01T00:00:00Z";
  if (!platform.architecture.empty()) json["architecture"] = platform.architecture;
  if (!platform.os.empty()) json["os"] = platform.os;
  if (!platform.os_version.empty()) json["os.version"] = platform.os_version;
  if (!platform.variant.empty()) json["variant"] = platform.variant;
  json["config"] = nlohmann::ordered_json::object();
  json["rootfs"] = {{"type", "layers"}, {"diff_ids", diff_ids}};
  json["history"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < diff_ids.size(); ++i) {
    json["history"].push_back({{"created", "1970-01-01T00:00:00Z"}, {"created_by", "referee"}});
  }
  return json.dump();
}

Package make_image(Random& random, std::size_t layer_size, const Platform& platform, Algorithm algorithm,
                   const Types& types) {
  std::string tar = tar_of(kPath, random.bytes(layer_size));
  const std::string diff_id = Digest::of(tar, algorithm).str();
  Content layer(std::string(types.layer), packed(types.layer, std::move(tar)), algorithm);
  Content config(std::string(types.config), config_text(platform, {diff_id}), algorithm);
  return ManifestBuilder()
      .media_type(types.manifest)
      .algorithm(algorithm)
      .config(std::move(config))
      .layer(std::move(layer))
      .build();
}

}  // namespace

Content tar_layer(Random& random, std::size_t file_size, std::string_view path, std::string_view media_type) {
  return {std::string(media_type), packed(media_type, tar_of(path, random.bytes(file_size)))};
}

Content image_config(const Platform& platform, const std::vector<std::string>& diff_ids, std::string_view media_type) {
  return {std::string(media_type), config_text(platform, diff_ids)};
}

Content empty_blob() {
  return {std::string(media_type::kEmpty), "{}"};
}

Package image(Random& random, std::size_t layer_size, const Platform& platform, Algorithm algorithm) {
  return make_image(random, layer_size, platform, algorithm, kOci);
}

Package docker_image(Random& random, std::size_t layer_size, const Platform& platform) {
  return make_image(random, layer_size, platform, Algorithm::kSha256, kDocker);
}

Package referrer(Random& random, const Descriptor& subject, std::string_view artifact_type,
                 const Annotations& annotations) {
  ManifestBuilder builder;
  builder.artifact_type(artifact_type).layer({std::string(media_type::kOctetStream), random.hex(64)}).subject(subject);
  for (const auto& [key, value] : annotations) builder.annotation(key, value);
  return builder.build();
}

}  // namespace referee::oci
