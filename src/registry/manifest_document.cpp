#include "manifest_document.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "grammar.hpp"
#include "headers.hpp"
#include "manifest_reader.hpp"
#include "referee/oci/media_types.hpp"
#include "rules.hpp"

namespace referee::registry {

namespace {

using nlohmann::json;
namespace media_type = oci::media_type;
using Failure = tl::unexpected<std::string>;

bool is_image_type(std::string_view type) {
  return type == media_type::kManifest || type == media_type::kDockerManifest;
}
bool is_index_type(std::string_view type) {
  return type == media_type::kIndex || type == media_type::kDockerManifestList;
}
bool is_docker_type(std::string_view type) {
  return type == media_type::kDockerManifest || type == media_type::kDockerManifestList;
}

/// Layers that stay elsewhere by their nature (image-spec, layer.md, "Non-Distributable Layers").
bool is_foreign_layer(std::string_view type) {
  return type.find("nondistributable") != std::string_view::npos ||
         type == "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
}

bool is_opaque_type(std::string_view type) {
  static constexpr std::string_view kPrefix = "application/";
  static constexpr std::string_view kSuffix = "+json";
  return type.size() > kPrefix.size() + kSuffix.size() && type.size() <= 255 && type.starts_with(kPrefix) &&
         type.ends_with(kSuffix) &&
         std::ranges::all_of(type, [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != ','; });
}

}  // namespace

const json* member(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

tl::expected<std::string, std::string> descriptor_digest(const json& value, const std::string& where) {
  if (!value.is_object()) return Failure(where + " is not a descriptor");
  const auto* type = member(value, "mediaType");
  const auto* digest = member(value, "digest");
  const auto* size = member(value, "size");
  if (type == nullptr || !type->is_string()) return Failure(where + " has no mediaType");
  if (digest == nullptr || !digest->is_string()) return Failure(where + " has no digest");
  if (size == nullptr || !size->is_number_integer() || *size < 0) return Failure(where + " has no valid size");
  auto text = digest->get<std::string>();
  if (digest_form(text) == DigestForm::kMalformed) return Failure(where + " has a malformed digest");
  return text;
}

ReadResult read_annotations(const json& root, ManifestDocument& document) {
  const auto* annotations = member(root, "annotations");
  if (annotations == nullptr) return {};
  if (!annotations->is_object()) return Failure("annotations is not an object");
  for (const auto& value : *annotations) {
    if (!value.is_string()) return Failure("an annotation is not a string");
  }
  if (!annotations->empty()) document.annotations = annotations->dump();
  return {};
}

ReadResult read_link(const json& root, const char* key, ManifestDocument& document) {
  const auto* target = member(root, key);
  if (target == nullptr) return {};
  auto digest = descriptor_digest(*target, key);
  if (!digest) return Failure(digest.error());
  document.subject = std::move(*digest);
  return {};
}

bool is_manifest_media_type(std::string_view type) {
  return is_image_type(type) || is_index_type(type) || type == media_type::kArtifactManifest ||
         type == media_type::kNode;
}

namespace {

/// Images and indexes.
class Reader {
 public:
  Reader(const json& root, const ParseOptions& options, ManifestDocument& document)
      : root_(root), options_(options), document_(document) {}

  tl::expected<void, std::string> read() {
    const auto* version = member(root_, "schemaVersion");
    if (version == nullptr || !version->is_number_integer() || *version != 2) return Failure("schemaVersion is not 2");
    if (auto done = document_.index ? children() : image(); !done) return done;
    if (!options_.unknown_fields) {
      if (auto done = refuse_unknown_fields(root_, document_.index); !done) return done;
    }
    if (options_.link == Link::kSubject) {
      if (auto done = artifact_type(); !done) return done;
    }
    if (auto done = read_annotations(root_, document_); !done) return done;
    return link();
  }

 private:
  tl::expected<void, std::string> image() {
    if (const auto* config = member(root_, "config")) {
      auto digest = descriptor_digest(*config, "config");
      if (!digest) return Failure(digest.error());
      document_.blobs.push_back(std::move(*digest));
      document_.artifact_type = (*config)["mediaType"].get<std::string>();
    }
    const auto* layers = member(root_, "layers");
    if (layers == nullptr) return {};
    if (!layers->is_array()) return Failure("layers is not a list");
    for (const auto& layer : *layers) {
      auto digest = descriptor_digest(layer, "a layer");
      if (!digest) return Failure(digest.error());
      const bool foreign = is_foreign_layer(layer["mediaType"].get_ref<const std::string&>());
      (foreign ? document_.elsewhere : document_.blobs).push_back(std::move(*digest));
    }
    return {};
  }

  tl::expected<void, std::string> children() {
    const auto* manifests = member(root_, "manifests");
    if (manifests == nullptr) return {};
    if (!manifests->is_array()) return Failure("manifests is not a list");
    for (const auto& child : *manifests) {
      auto digest = descriptor_digest(child, "an entry of manifests");
      if (!digest) return Failure(digest.error());
      if (!options_.nested_index && is_index_type(child["mediaType"].get_ref<const std::string&>())) {
        return Failure("an index within an index is not accepted");
      }
      document_.manifests.push_back(std::move(*digest));
    }
    return {};
  }

  tl::expected<void, std::string> artifact_type() {
    const auto* type = member(root_, "artifactType");
    if (type == nullptr) return {};
    if (!type->is_string()) return Failure("artifactType is not a string");
    if (const auto& text = type->get_ref<const std::string&>(); !text.empty()) document_.artifact_type = text;
    return {};
  }

  tl::expected<void, std::string> link() {
    const bool images_only = options_.link == Link::kRefers;
    if (!options_.link_images || (images_only && document_.index)) return {};
    switch (options_.link) {
      case Link::kSubject:
        return read_link(root_, "subject", document_);
      case Link::kRefers:
        return read_link(root_, "refers", document_);
      case Link::kReference:
        if (auto done = read_link(root_, "reference", document_); !done) return done;
        return options_.link_descriptors && document_.subject.empty() ? layer_link() : ReadResult();
      case Link::kNone:
      case Link::kArtifactSubject:
      case Link::kNodeReference:
        break;
    }
    return {};
  }

  tl::expected<void, std::string> layer_link() {
    const auto* layers = member(root_, "layers");
    if (layers == nullptr) return {};
    for (const auto& layer : *layers) {
      if (auto done = read_link(layer, "reference", document_); !done) return done;
    }
    return {};
  }

  const json& root_;
  const ParseOptions& options_;
  ManifestDocument& document_;
};

std::string deduce_type(const json& root) {
  if (root.contains("manifests")) return std::string(media_type::kIndex);
  if (root.contains("config") || root.contains("layers")) return std::string(media_type::kManifest);
  return {};
}

Link link_of(const Features& features) {
  if (features.artifact_referrers) return Link::kArtifactSubject;
  if (features.references) return Link::kReference;
  if (features.nodes) return Link::kNodeReference;
  if (features.refers) return Link::kRefers;
  return features.referrers ? Link::kSubject : Link::kNone;
}

}  // namespace

ParseOptions parse_options(const Rules& rules) {
  ParseOptions options;
  options.docker_media_types = rules.features.docker_media_types;
  options.check_media_type = rules.check_media_type;
  options.link = link_of(rules.features);
  options.unknown_manifests = rules.features.unknown_manifests;
  options.unknown_fields = rules.features.unknown_fields;
  options.nested_index = rules.features.nested_index;
  options.link_images = rules.link_images;
  options.link_artifacts = rules.link_artifacts;
  options.link_descriptors = rules.link_descriptors;
  options.opaque_artifacts = rules.opaque_artifacts;
  options.check_artifact_type = rules.check_artifact_type;
  options.check_artifact_blobs = rules.check_artifact_blobs;
  options.check_blob_types = rules.check_blob_types;
  options.check_node_objects = rules.check_node_objects;
  options.check_node_reference = rules.check_node_reference;
  options.created_key = rules.created_key;
  return options;
}

tl::expected<ManifestDocument, std::string> parse_manifest(std::string_view bytes, std::string_view content_type,
                                                           const ParseOptions& options) {
  if (is_deeper_than(bytes, kDeepestJson)) return Failure("the manifest is nested too deeply");
  const auto root = json::parse(bytes, nullptr, false);
  if (root.is_discarded() || !root.is_object()) return Failure("the manifest is not a JSON object");

  ManifestDocument document;
  document.media_type = std::string(trim(content_type.substr(0, content_type.find(';'))));
  std::string field;
  if (const auto* type = member(root, "mediaType")) {
    if (!type->is_string()) return Failure("mediaType is not a string");
    field = type->get<std::string>();
  }
  if (document.media_type.empty()) document.media_type = field.empty() ? deduce_type(root) : field;
  if (options.check_media_type && !field.empty() && field != document.media_type) {
    return Failure("Content-Type and mediaType differ");
  }
  if (!options.docker_media_types && is_docker_type(document.media_type)) {
    return Failure("Docker manifests are not accepted");
  }
  document.link = options.link;
  document.index = is_index_type(document.media_type);
  const bool artifacts = options.link == Link::kArtifactSubject || options.link == Link::kRefers;
  const bool artifact = document.media_type == media_type::kArtifactManifest;
  document.artifact = artifact && artifacts && !options.opaque_artifacts;
  document.node = options.link == Link::kNodeReference && document.media_type == media_type::kNode;
  document.opaque = !document.index && !document.artifact && !document.node && !is_image_type(document.media_type);
  if (document.opaque) {
    if (!is_opaque_type(document.media_type)) return Failure("this media type is not a manifest's");
    if (!options.unknown_manifests && !(artifact && options.opaque_artifacts))
      return Failure("manifests of this media type are not accepted");
    return document;
  }
  const auto read = document.artifact ? read_artifact(root, options, document)
                    : document.node   ? read_node(root, options, document)
                                      : Reader(root, options, document).read();
  if (!read) return Failure(read.error());
  return document;
}

std::string referrer_descriptor(const ManifestDocument& document, std::string_view digest, std::uint64_t size) {
  nlohmann::ordered_json out;
  out["mediaType"] = document.media_type;
  out["digest"] = digest;
  out["size"] = size;
  // B and C list plain descriptors, A the type as well.
  const bool plain = document.link == Link::kReference || document.link == Link::kNodeReference;
  if (!plain && !document.artifact_type.empty()) out["artifactType"] = document.artifact_type;
  auto text = out.dump();
  const bool annotated = document.link == Link::kSubject || document.link == Link::kRefers;
  if (annotated && !document.annotations.empty()) {
    text.pop_back();
    text += ",\"annotations\":" + document.annotations + "}";
  }
  return text;
}

}  // namespace referee::registry
