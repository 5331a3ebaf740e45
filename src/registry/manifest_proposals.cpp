// Reading the manifests of the proposals, and old registries' distrust of new fields.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "manifest_reader.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::registry {

namespace {

using nlohmann::json;
using Unreadable = tl::unexpected<std::string>;
using Fields = std::span<const std::string_view>;

/// The text of an annotation, or empty. Annotations were found to be strings.
std::string annotation_of(const json& root, std::string_view key) {
  const auto* annotations = member(root, "annotations");
  if (annotations == nullptr) return {};
  const auto found = annotations->find(key);
  return found == annotations->end() ? std::string() : found->get<std::string>();
}

ReadResult read_artifact_blob(const json& blob, const ParseOptions& options, ManifestDocument& document) {
  auto digest = descriptor_digest(blob, "a blob");
  if (!digest) return Unreadable(digest.error());
  if (options.link == Link::kArtifactSubject) {
    if (options.check_artifact_blobs && is_manifest_media_type(blob["mediaType"].get_ref<const std::string&>())) {
      return Unreadable("a blob of an artifact must not be a manifest");
    }
    const auto* type = member(blob, "artifactType");
    const bool empty = type == nullptr || (type->is_string() && type->get_ref<const std::string&>().empty());
    if (!empty && options.check_blob_types) return Unreadable("the artifactType of a blob must be empty");
  }
  document.blobs.push_back(std::move(*digest));
  return {};
}

ReadResult check_fields(const json& object, Fields known, const std::string& where) {
  if (!object.is_object()) return {};  // somebody else's complaint
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(known, name) == known.end()) return Unreadable(where + " has an unknown field");
  }
  return {};
}

ReadResult check_descriptors(const json& root, const char* key, Fields known) {
  const auto* list = member(root, key);
  if (list == nullptr || !list->is_array()) return {};
  for (const auto& descriptor : *list) {
    if (auto done = check_fields(descriptor, known, std::string("an entry of ") + key); !done) return done;
  }
  return {};
}

}  // namespace

ReadResult read_artifact(const json& root, const ParseOptions& options, ManifestDocument& document) {
  const bool strict = options.link == Link::kArtifactSubject;
  const auto* type = member(root, "artifactType");
  if (type != nullptr && !type->is_string()) return Unreadable("artifactType is not a string");
  if (type != nullptr) document.artifact_type = type->get<std::string>();
  if (strict && options.check_artifact_type && document.artifact_type.empty()) {
    return Unreadable("artifactType is missing");
  }
  if (const auto* blobs = member(root, "blobs")) {
    if (!blobs->is_array()) return Unreadable("blobs is not a list");
    for (const auto& blob : *blobs) {
      if (auto done = read_artifact_blob(blob, options, document); !done) return done;
    }
  }
  if (auto done = read_annotations(root, document); !done) return done;
  if (options.created_key.empty()) {
    // The proposal writes the key in two ways; its list of keys has the first.
    document.created = annotation_of(root, "org.opencontainers.artifact.created");
    if (document.created.empty()) document.created = annotation_of(root, "org.oci.artifact.created");
  } else {
    document.created = annotation_of(root, options.created_key);
  }
  if (!options.link_artifacts) return {};
  return read_link(root, strict ? "subject" : "refers", document);
}

ReadResult read_node(const json& root, const ParseOptions& options, ManifestDocument& document) {
  const auto* version = member(root, "schemaVersion");
  if (version == nullptr || !version->is_number_integer() || *version != 3) return Unreadable("schemaVersion is not 3");
  const auto* description = member(root, "description");
  if (description != nullptr && !description->is_string()) return Unreadable("description is not a string");
  if (const auto* objects = member(root, "objects")) {
    if (!objects->is_array()) return Unreadable("objects is not a list");
    for (const auto& object : *objects) {
      auto digest = descriptor_digest(object, "an object");
      if (!digest) return Unreadable(digest.error());
      if (options.check_node_objects && object["mediaType"] == oci::media_type::kNode) {
        return Unreadable("a node must not hold a node");
      }
      document.manifests.push_back(std::move(*digest));  // or a blob: a descriptor does not say
    }
  }
  const auto* reference = member(root, "reference");
  if (reference == nullptr) return {};
  if (reference->is_array() && !options.check_node_reference) return {};
  // A pointer to something elsewhere has no syntax yet: it is kept, and nothing is looked up by it.
  if (reference->is_string()) return {};
  if (!reference->is_object()) return Unreadable("reference is not a single descriptor");
  if (!reference->contains("digest")) return {};
  return read_link(root, "reference", document);
}

ReadResult refuse_unknown_fields(const json& root, bool index) {
  static constexpr std::string_view kImage[] = {"schemaVersion", "mediaType", "config", "layers", "annotations"};
  static constexpr std::string_view kIndex[] = {"schemaVersion", "mediaType", "manifests", "annotations"};
  static constexpr std::string_view kDescriptor[] = {"mediaType", "digest", "size", "urls", "annotations"};
  static constexpr std::string_view kEntry[] = {"mediaType", "digest", "size", "urls", "annotations", "platform"};
  if (auto done = check_fields(root, index ? Fields(kIndex) : Fields(kImage), "the manifest"); !done) return done;
  if (index) return check_descriptors(root, "manifests", kEntry);
  if (const auto* config = member(root, "config")) {
    if (auto done = check_fields(*config, kDescriptor, "config"); !done) return done;
  }
  return check_descriptors(root, "layers", kDescriptor);
}

}  // namespace referee::registry
