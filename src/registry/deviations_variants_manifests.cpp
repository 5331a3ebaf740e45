// Legal but unusual answers to pushed manifests, which no check may mind.
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

/// Proposal A says what comes of content that is absent.
const std::vector<std::string> kSparseFree = {
    "oci-1.1", "oci-1.0", "oci-1.0-strict-fields", "oci-1.0-no-nesting", "oci-1.0-immutable-tags", "conditional", "b",
    "c",       "e"};

const Deviation kManifestVariants[] = {
    {.info = {"v.no-tag-parameters", kVariant, "tag parameters have no effect"},
     .adjust = [](Rules& rules) { rules.features.tag_parameters = false; }},
    {.info = {"v.tag-parameters-repeated", kVariant, "OCI-Tag comes once for each tag"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           const auto tags = request.query.all("tag");
           if (!response.headers.has("OCI-Tag")) return;
           response.headers.remove("OCI-Tag");
           for (const auto& tag : tags) response.headers.add("OCI-Tag", tag);
         }},
    {.info = {"v.tag-parameters-414", kVariant, "more than ten tag parameters are refused"},
     .adjust = [](Rules& rules) { rules.most_tag_parameters = 10; }},
    {.info = {"v.manifest-limit-none", kVariant, "a manifest may have 64 MiB"},
     .adjust = [](Rules& rules) { rules.features.manifest_limit = 64UL * 1024 * 1024; }},
    {.info = {"v.manifest-limit-8mib", kVariant, "a manifest may have 8 MiB"},
     .adjust = [](Rules& rules) { rules.features.manifest_limit = 8UL * 1024 * 1024; }},
    {.info = {"v.etag-by-tag-only", kVariant, "a manifest has an ETag only when pulled by tag"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (reads(request, Endpoint::kManifest) && !by_tag(request)) response.headers.remove("ETag");
         }},
    {.info = {"v.sparse-refused", kVariant, "a manifest that names absent content is refused with 404", kSparseFree},
     .adjust = [](Rules& rules) { rules.features.sparse_index = false; },
     .after =
         [](const Request& request, Response& response, Core&) {
           if (on(request, Method::kPut, Endpoint::kManifest) && response.status == 400 &&
               response.body.find(code::kManifestBlobUnknown) != std::string::npos)
             response.status = 404;
         }},
    {.info = {"v.sparse-accepted", kVariant, "a manifest may name absent content", kSparseFree},
     .adjust = [](Rules& rules) { rules.check_blobs = false; }},
    {.info = {"v.no-layers-refused", kVariant, "an image without layers and an index without entries are refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (!manifest.is_object()) return std::nullopt;
       for (const auto* key : {"layers", "manifests"}) {
         if (manifest.contains(key) && manifest[key].empty())
           return problem(400, code::kManifestInvalid, "nothing in it");
       }
       return std::nullopt;
     }},
    {.info = {"v.chunked-refused", kVariant, "a manifest without Content-Length is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (request.chunked) return problem(411, code::kSizeInvalid, "Content-Length is required");
       return std::nullopt;
     }},
    {.info = {"v.docker-types-refused", kVariant, "Docker manifests are refused with 415"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (request.headers.value("Content-Type").find("docker") != std::string_view::npos) {
         return problem(415, code::kManifestInvalid, "unknown media type");
       }
       return std::nullopt;
     }},
    {.info = {"v.unknown-type-accepted", kVariant, "a manifest of any media type is stored"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (request.headers.value("Content-Type").find("vnd.oci") != std::string_view::npos ||
           request.headers.value("Content-Type").find("docker") != std::string_view::npos || by_tag(request) ||
           request.route.reference != oci::Digest::of(request.body).str()) {
         return std::nullopt;
       }
       force_store(request, core, request.route.reference);
       Response response;
       response.status = 201;
       response.headers.add("Location", "/v2/" + request.route.repository + "/manifests/" + request.route.reference);
       return response;
       return std::nullopt;
     }},
    {.info = {"v.no-docker-digest", kVariant, "a push is answered without Docker-Content-Digest"},
     .after = without<Method::kPut, Endpoint::kManifest, 201, "Docker-Content-Digest">},
};

}  // namespace

std::span<const Deviation> manifest_variants() {
  return kManifestVariants;
}

}  // namespace referee::registry
