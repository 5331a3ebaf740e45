// Faults of what may stand in a manifest: allow lists and strictness.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

/// Any entry of a list for which `test` holds.
bool any(const nlohmann::json& manifest, const char* list, bool (*test)(const nlohmann::json& entry)) {
  return manifest.is_object() && manifest.contains(list) && manifest[list].is_array() &&
         std::ranges::any_of(manifest[list], test);
}
std::string type_of(const nlohmann::json& descriptor) {
  return descriptor.is_object() ? descriptor.value("mediaType", std::string()) : std::string();
}
bool is_manifest_type(std::string_view type) {
  return type == "application/vnd.oci.image.manifest.v1+json" || type == "application/vnd.oci.image.index.v1+json" ||
         type == "application/vnd.docker.distribution.manifest.v2+json" ||
         type == "application/vnd.docker.distribution.manifest.list.v2+json";
}
bool is_index_type(std::string_view type) {
  return type.find("image.index") != std::string_view::npos || type.find("manifest.list") != std::string_view::npos;
}
bool has_unknown(const nlohmann::json& object, std::initializer_list<std::string_view> known) {
  if (!object.is_object()) return false;
  for (const auto& [key, value] : object.items()) {
    if (std::ranges::find(known, key) == known.end()) return true;
  }
  return false;
}
bool unknown_in_descriptor(const nlohmann::json& entry) {
  return has_unknown(entry, {"mediaType", "digest", "size", "urls", "annotations", "data", "artifactType", "platform"});
}

const Deviation kContentDeviations[] = {
    {.info = {"r.put.reject-unknown-artifact-type", kFault, "an artifactType that is not on a list is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (manifest.is_object() && manifest.value("artifactType", std::string()).ends_with("+cbor"))
         return problem(400, code::kManifestInvalid, "unknown artifactType");
       return std::nullopt;
     }},
    {.info = {"r.put.reject-unknown-config", kFault, "a config media type that is not on a list is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (!manifest.is_object() || !manifest.contains("config")) return std::nullopt;
       const auto type = type_of(manifest["config"]);
       if (type != "application/vnd.oci.image.config.v1+json" && type != "application/vnd.oci.empty.v1+json" &&
           type != "application/vnd.docker.container.image.v1+json")
         return problem(400, code::kManifestInvalid, "unknown config type");
       return std::nullopt;
     }},
    {.info = {"r.put.reject-unknown-layer", kFault, "a layer media type that is not on a list is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (manifest.is_object() &&
           any(manifest, "layers", [](const nlohmann::json& entry) { return type_of(entry).ends_with("brotli"); }))
         return problem(400, code::kManifestInvalid, "unknown layer type");
       return std::nullopt;
     }},
    {.info = {"r.put.reject-zstd", kFault, "a layer compressed with zstd is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (manifest.is_object() &&
           any(manifest, "layers", [](const nlohmann::json& entry) { return type_of(entry).ends_with("tar+zstd"); }))
         return problem(400, code::kManifestInvalid, "unknown layer type");
       return std::nullopt;
     }},
    {.info = {"r.put.reject-nondistributable", kFault, "a nondistributable layer must be in the repository"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (!manifest.is_object() || !manifest.contains("layers")) return std::nullopt;
       for (const auto& layer : manifest["layers"]) {
         if (type_of(layer).find("nondistributable") == std::string::npos) continue;
         if (!core.store().has_blob(request.route.repository, layer.value("digest", ""))) {
           return problem(400, code::kManifestBlobUnknown, "a layer is missing");
         }
       }
       return std::nullopt;
     }},
    {.info = {"r.put.unknown-type-500", kFault, "a manifest of an unknown media type is answered with 500"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (!is_manifest_type(
               request.headers.value("Content-Type").substr(0, request.headers.value("Content-Type").find(';')))) {
         return problem(500, code::kManifestInvalid, "unknown media type");
       }
       return std::nullopt;
     }},
    {.info = {"r.put.reject-unknown-field", kFault, "a manifest with an unknown property is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (!manifest.is_object()) return std::nullopt;
       const bool unknown = has_unknown(manifest, {"schemaVersion", "mediaType", "artifactType", "config", "layers",
                                                   "manifests", "subject", "annotations"}) ||
                            any(manifest, "layers", unknown_in_descriptor) ||
                            any(manifest, "manifests", unknown_in_descriptor) ||
                            (manifest.contains("config") && unknown_in_descriptor(manifest["config"]));
       if (unknown) return problem(400, code::kManifestInvalid, "unknown property");
       return std::nullopt;
     }},
    {.info = {"r.put.requires-media-type", kFault, "a manifest without mediaType is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (manifest.is_object() && !manifest.contains("mediaType"))
         return problem(400, code::kManifestInvalid, "mediaType is required");
       return std::nullopt;
     }},
    {.info = {"r.put.media-type-unchecked", kFault, "mediaType may contradict Content-Type"},
     .adjust = [](Rules& rules) { rules.check_media_type = false; }},
    {.info = {"r.put.ct-parameters-refused", kFault, "a Content-Type with parameters is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (request.headers.value("Content-Type").find(';') != std::string_view::npos) {
         return problem(415, code::kManifestInvalid, "unknown media type");
       }
       return std::nullopt;
     }},
    {.info = {"r.put.reject-no-layers", kFault, "an image manifest without layers is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (manifest.is_object() && manifest.contains("layers") && manifest["layers"].empty())
         return problem(400, code::kManifestInvalid, "layers are required");
       return std::nullopt;
     }},
    {.info = {"r.put.reject-index", kFault, "an index is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (pushes_index(request) && request.headers.value("Content-Type").find("oci") != std::string_view::npos)
         return problem(400, code::kManifestInvalid, "no index");
       return std::nullopt;
     }},
    {.info = {"r.put.reject-noplatform", kFault, "an index with an entry without platform is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (manifest.is_object() &&
           any(manifest, "manifests", [](const nlohmann::json& entry) { return !entry.contains("platform"); }))
         return problem(400, code::kManifestInvalid, "platform is required");
       return std::nullopt;
     }},
    {.info = {"r.put.reject-nested", kFault, "an index of indexes is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (manifest.is_object() &&
           any(manifest, "manifests", [](const nlohmann::json& entry) { return is_index_type(type_of(entry)); }))
         return problem(400, code::kManifestInvalid, "an index in an index");
       return std::nullopt;
     }},
    {.info = {"r.put.reject-unknown-child-type", kFault, "an index with an entry of an unknown media type is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (manifest.is_object() &&
           any(manifest, "manifests", [](const nlohmann::json& entry) { return !is_manifest_type(type_of(entry)); }))
         return problem(400, code::kManifestInvalid, "unknown media type in an index");
       return std::nullopt;
     }},
    {.info = {"r.put.reject-empty-manifests", kFault, "an index without entries is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (manifest.is_object() && manifest.contains("manifests") && manifest["manifests"].empty())
         return problem(400, code::kManifestInvalid, "an empty index");
       return std::nullopt;
     }},
    {.info = {"r.put.reject-missing-child", kFault, "an index is refused if a manifest that it lists is missing"},
     .adjust = [](Rules& rules) { rules.features.sparse_index = false; }},
};

}  // namespace

std::span<const Deviation> content_deviations() {
  return kContentDeviations;
}

}  // namespace referee::registry
