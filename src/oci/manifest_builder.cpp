#include <nlohmann/json.hpp>
#include <set>

#include "assemble.hpp"
#include "referee/oci/builder.hpp"

namespace referee::oci {

ManifestBuilder& ManifestBuilder::media_type(std::string_view value) {
  media_type_ = value;
  return *this;
}

ManifestBuilder& ManifestBuilder::omit_media_type() {
  write_media_type_ = false;
  return *this;
}

ManifestBuilder& ManifestBuilder::artifact_type(std::string_view value) {
  artifact_type_ = value;
  return *this;
}

ManifestBuilder& ManifestBuilder::config(Content blob) {
  config_ = std::move(blob);
  config_descriptor_.reset();
  return *this;
}

ManifestBuilder& ManifestBuilder::config_descriptor(Descriptor value) {
  config_descriptor_ = std::move(value);
  config_.reset();
  return *this;
}

ManifestBuilder& ManifestBuilder::layer(Content blob) {
  layers_.push_back(blob.descriptor());
  blobs_.push_back(std::move(blob));
  return *this;
}

ManifestBuilder& ManifestBuilder::layer_descriptor(Descriptor value) {
  layers_.push_back(std::move(value));
  return *this;
}

ManifestBuilder& ManifestBuilder::subject(Descriptor value) {
  subject_ = std::move(value);
  return *this;
}

ManifestBuilder& ManifestBuilder::annotation(std::string key, std::string value) {
  annotations_.insert_or_assign(std::move(key), std::move(value));
  return *this;
}

ManifestBuilder& ManifestBuilder::field(std::string key, std::string json) {
  fields_.emplace_back(std::move(key), std::move(json));
  return *this;
}

ManifestBuilder& ManifestBuilder::pad_to(std::size_t bytes) {
  pad_to_ = bytes;
  return *this;
}

ManifestBuilder& ManifestBuilder::pretty() {
  pretty_ = true;
  return *this;
}

ManifestBuilder& ManifestBuilder::algorithm(Algorithm value) {
  algorithm_ = value;
  return *this;
}

Package ManifestBuilder::build() const {
  std::vector<Content> blobs;
  if (config_) {
    blobs.push_back(*config_);
  } else if (!config_descriptor_) {
    blobs.emplace_back(std::string(media_type::kEmpty), "{}", algorithm_);
  }
  nlohmann::ordered_json json;
  json["schemaVersion"] = 2;
  if (write_media_type_) json["mediaType"] = media_type_;
  if (!artifact_type_.empty()) json["artifactType"] = artifact_type_;
  json["config"] = to_json(config_descriptor_ ? *config_descriptor_ : blobs.front().descriptor());
  json["layers"] = nlohmann::ordered_json::array();
  for (const Descriptor& layer : layers_) json["layers"].push_back(to_json(layer));
  if (subject_) json["subject"] = to_json(*subject_);
  if (!annotations_.empty()) json["annotations"] = annotations_;

  // A blob that is used twice is pushed once.
  std::set<Digest> known;
  for (const Content& blob : blobs) known.insert(blob.digest());
  for (const Content& blob : blobs_) {
    if (known.insert(blob.digest()).second) blobs.push_back(blob);
  }
  Content manifest(media_type_, assemble(std::move(json), {fields_, pad_to_, pretty_}), algorithm_);
  return {std::move(manifest), std::move(blobs)};
}

}  // namespace referee::oci
