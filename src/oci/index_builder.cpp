#include <nlohmann/json.hpp>

#include "assemble.hpp"
#include "referee/oci/builder.hpp"

namespace referee::oci {

IndexBuilder& IndexBuilder::media_type(std::string_view value) {
  media_type_ = value;
  return *this;
}

IndexBuilder& IndexBuilder::omit_media_type() {
  write_media_type_ = false;
  return *this;
}

IndexBuilder& IndexBuilder::artifact_type(std::string_view value) {
  artifact_type_ = value;
  return *this;
}

IndexBuilder& IndexBuilder::manifest(Descriptor value) {
  manifests_.push_back(std::move(value));
  return *this;
}

IndexBuilder& IndexBuilder::subject(Descriptor value) {
  subject_ = std::move(value);
  return *this;
}

IndexBuilder& IndexBuilder::annotation(std::string key, std::string value) {
  annotations_.insert_or_assign(std::move(key), std::move(value));
  return *this;
}

IndexBuilder& IndexBuilder::field(std::string key, std::string json) {
  fields_.emplace_back(std::move(key), std::move(json));
  return *this;
}

IndexBuilder& IndexBuilder::pad_to(std::size_t bytes) {
  pad_to_ = bytes;
  return *this;
}

IndexBuilder& IndexBuilder::pretty() {
  pretty_ = true;
  return *this;
}

IndexBuilder& IndexBuilder::algorithm(Algorithm value) {
  algorithm_ = value;
  return *this;
}

Content IndexBuilder::build() const {
  nlohmann::ordered_json json;
  json["schemaVersion"] = 2;
  if (write_media_type_) json["mediaType"] = media_type_;
  if (!artifact_type_.empty()) json["artifactType"] = artifact_type_;
  json["manifests"] = nlohmann::ordered_json::array();
  for (const Descriptor& manifest : manifests_) json["manifests"].push_back(to_json(manifest));
  if (subject_) json["subject"] = to_json(*subject_);
  if (!annotations_.empty()) json["annotations"] = annotations_;
  return {media_type_, assemble(std::move(json), {fields_, pad_to_, pretty_}), algorithm_};
}

}  // namespace referee::oci
