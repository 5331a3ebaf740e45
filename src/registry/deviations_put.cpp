// Faults of pushing manifests (end-7a): answers, digests, sizes.
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

const Deviation kPutDeviations[] = {
    {.info = {"r.put.digest-status-200", kFault, "a manifest pushed by digest is stored with 200"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           if (!by_tag(request)) response.status = 200;
         }},
    {.info = {"r.put.no-location", kFault, "a stored manifest has no Location"},
     .after = without<Method::kPut, Endpoint::kManifest, 201, "Location">},
    {.info = {"r.put.location-wrong", kFault, "the Location of a stored manifest names another digest"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           response.headers.set("Location",
                                "/v2/" + request.route.repository + "/manifests/" + std::string(kDigestOfNothing));
         }},
    {.info = {"r.put.wrong-docker-digest", kFault, "Docker-Content-Digest of a push names other content"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           response.headers.set("Docker-Content-Digest", std::string(kDigestOfNothing));
         }},
    {.info = {"r.put.docker-digest-sha256-only", kFault, "Docker-Content-Digest of a push is always the sha256"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           response.headers.set("Docker-Content-Digest", oci::Digest::of(request.body).str());
         }},
    {.info = {"r.put.chunked-refused", kFault, "a manifest without Content-Length is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (request.chunked) return problem(411, code::kSizeInvalid, "Content-Length is required");
       return std::nullopt;
     }},
    {.info = {"r.put.accept-digest-mismatch", kFault, "a manifest is stored under a digest that is not its own"},
     .adjust = [](Rules& rules) { rules.check_manifest_digest = false; }},
    {.info = {"r.put.stores-refused", kFault, "a manifest that does not match its digest is refused but stored"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 400 ||
               !oci::Digest::parse(request.route.reference))
             return;
           if (response.body.find(code::kDigestInvalid) != std::string::npos)
             force_store(request, core, request.route.reference);
         }},
    {.info = {"r.put.malformed-digest-ok", kFault, "a malformed digest is taken for whatever it should have been"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       auto& reference = request.route.reference;
       if (looks_like_digest(reference) && !oci::Digest::parse(reference))
         reference = oci::Digest::of(request.body).str();
       return std::nullopt;
     }},
    {.info = {"r.put.malformed-digest-500", kFault, "a push under a malformed digest is answered with 500"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 400) return;
           if (looks_like_digest(request.route.reference) && !oci::Digest::parse(request.route.reference))
             response.status = 500;
         }},
    {.info = {"r.put.not-json-500", kFault, "a manifest that is no JSON is answered with 500"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 400) return;
           if (!pushed_manifest(request).is_object()) response.status = 500;
         }},
    {.info = {"r.put.not-json-ok", kFault, "a manifest that is no JSON is stored"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 400) return;
           if (pushed_manifest(request).is_object() || !oci::Digest::parse(request.route.reference)) return;
           force_store(request, core, request.route.reference);
           response = {};
           response.status = 201;
           response.headers.set("Location", request.target);
         }},
    {.info = {"r.put.missing-blob-code", kFault, "a manifest whose blobs are missing is refused with MANIFEST_INVALID"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           code_as<Method::kPut, Endpoint::kManifest, 400, code::kManifestBlobUnknown, code::kManifestInvalid>(
               request, response, core);
         }},
    {.info = {"r.put.missing-child-code", kFault,
              "an index whose manifests are missing is refused with MANIFEST_INVALID"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!pushes_index(request)) return std::nullopt;
       const auto index = pushed_manifest(request);
       if (!index.is_object() || !index.contains("manifests")) return std::nullopt;
       for (const auto& entry : index["manifests"]) {
         if (!core.store().find_manifest(request.route.repository, entry.value("digest", "")))
           return problem(400, code::kManifestInvalid, "a manifest is missing");
       }
       return std::nullopt;
     }},
    {.info = {"r.put.again-409", kFault, "a manifest that is there already is refused"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (!by_tag(request) && core.store().find_manifest(request.route.repository, request.route.reference)) {
         return problem(409, code::kManifestInvalid, "the manifest exists");
       }
       return std::nullopt;
     }},
    {.info = {"r.put.no-limit", kFault, "a manifest of any size is accepted"},
     .adjust = [](Rules& rules) { rules.features.manifest_limit = 64UL * 1024 * 1024; }},
    {.info = {"r.put.limit-1mib", kFault, "a manifest may have at most 1 MiB"},
     .adjust = [](Rules& rules) { rules.features.manifest_limit = 1024UL * 1024; }},
    {.info = {"r.put.limit-4mb", kFault, "a manifest may have at most 4,000,000 bytes"},
     .adjust = [](Rules& rules) { rules.features.manifest_limit = 4'000'000; }},
    {.info = {"r.put.limit-400", kFault, "a manifest above the limit is refused with 400"},
     .adjust = [](Rules& rules) { rules.over_limit_status = 400; }},
    {.info = {"r.put.limit-500", kFault, "a manifest above the limit is refused with 500"},
     .adjust = [](Rules& rules) { rules.over_limit_status = 500; }},
    {.info = {"r.put.limit-stores-anyway", kFault, "a manifest above the limit is refused but stored"},
     .adjust = [](Rules& rules) { rules.features.manifest_limit = 64UL * 1024 * 1024; },
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (request.body.size() <= 4UL * 1024 * 1024) return std::nullopt;
       force_store(request, core, oci::Digest::of(request.body).str());
       return problem(413, code::kManifestInvalid, "the manifest is larger than the limit");
       return std::nullopt;
     }},
};

}  // namespace

std::span<const Deviation> put_deviations() {
  return kPutDeviations;
}

}  // namespace referee::registry
