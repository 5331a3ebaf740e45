#include "manifest_document.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "grammar.hpp"
#include "headers.hpp"
#include "referee/oci/media_types.hpp"

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

/// The field if it is there and not null.
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

class Reader {
 public:
  Reader(const json& root, ManifestDocument& document) : root_(root), document_(document) {}

  tl::expected<void, std::string> read() {
    const auto* version = member(root_, "schemaVersion");
    if (version == nullptr || !version->is_number_integer() || *version != 2) return Failure("schemaVersion is not 2");
    if (auto done = document_.index ? children() : image(); !done) return done;
    if (auto done = artifact_type(); !done) return done;
    if (auto done = annotations(); !done) return done;
    return subject();
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
      if (!is_foreign_layer(layer["mediaType"].get_ref<const std::string&>())) {
        document_.blobs.push_back(std::move(*digest));
      }
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

  tl::expected<void, std::string> annotations() {
    const auto* annotations = member(root_, "annotations");
    if (annotations == nullptr) return {};
    if (!annotations->is_object()) return Failure("annotations is not an object");
    for (const auto& value : *annotations) {
      if (!value.is_string()) return Failure("an annotation is not a string");
    }
    if (!annotations->empty()) document_.annotations = annotations->dump();
    return {};
  }

  tl::expected<void, std::string> subject() {
    const auto* subject = member(root_, "subject");
    if (subject == nullptr) return {};
    auto digest = descriptor_digest(*subject, "subject");
    if (!digest) return Failure(digest.error());
    document_.subject = std::move(*digest);
    return {};
  }

  const json& root_;
  ManifestDocument& document_;
};

std::string deduce_type(const json& root) {
  if (root.contains("manifests")) return std::string(media_type::kIndex);
  if (root.contains("config") || root.contains("layers")) return std::string(media_type::kManifest);
  return {};
}

}  // namespace

bool is_deeper_than(std::string_view json_text, int limit) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json_text.size(); ++i) {
    const char c = json_text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limit) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
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
  document.index = is_index_type(document.media_type);
  document.opaque = !document.index && !is_image_type(document.media_type);
  if (document.opaque) {
    if (!is_opaque_type(document.media_type)) return Failure("this media type is not a manifest's");
    return document;
  }
  if (auto read = Reader(root, document).read(); !read) return Failure(read.error());
  return document;
}

std::string referrer_descriptor(const ManifestDocument& document, std::string_view digest, std::uint64_t size) {
  nlohmann::ordered_json out;
  out["mediaType"] = document.media_type;
  out["digest"] = digest;
  out["size"] = size;
  if (!document.artifact_type.empty()) out["artifactType"] = document.artifact_type;
  auto text = out.dump();
  if (!document.annotations.empty()) {
    text.pop_back();
    text += ",\"annotations\":" + document.annotations + "}";
  }
  return text;
}

}  // namespace referee::registry
