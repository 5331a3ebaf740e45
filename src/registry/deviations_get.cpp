// Faults of pulling manifests (end-3).
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

/// Answers with a stored manifest.
void serve(Response& response, Core& core, const ManifestPtr& manifest) {
  auto content = core.store().open_manifest(manifest->digest);
  if (!content) return;
  response = Response{};
  response.headers.add("Content-Type", manifest->media_type);
  response.headers.add("Docker-Content-Digest", manifest->digest);
  response.length = content->size();
  response.content = std::move(content);
}

/// Sends a read elsewhere if the named repository does not hold the reference but another does.
template <class Holds>
void widen(Request& request, Core& core, Holds holds) {
  if (holds(request.route.repository)) return;
  for (const auto& repository : core.store().repositories()) {
    if (!holds(repository)) continue;
    request.route.repository = repository;
    return;
  }
}

const Deviation kGetDeviations[] = {
    {.info = {"r.get.manifest-reserialised", kFault,
              "a pulled manifest is its JSON written again, not the bytes that were pushed"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kGet, Endpoint::kManifest) || response.status != 200) return;
           const auto json = nlohmann::json::parse(read_body(response), nullptr, false);
           if (!json.is_discarded()) response.body = json.dump();
         }},
    {.info = {"r.get.tag-404", kFault, "a manifest cannot be pulled by its tag"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kGet, Endpoint::kManifest) || response.status != 200) return;
           if (by_tag(request)) response = problem(404, code::kManifestUnknown, "no such tag");
         }},
    {.info = {"r.get.ct-generic", kFault,
              "manifests come as application/json instead of the type they were pushed with"},
     .after = with<Method::kGet, Endpoint::kManifest, 200, "Content-Type", "application/json">},
    {.info = {"r.get.ct-parameters", kFault, "the Content-Type of a manifest has a charset parameter"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kGet, Endpoint::kManifest) || response.status != 200) return;
           response.headers.set("Content-Type",
                                std::string(response.headers.value("Content-Type")) + "; charset=utf-8");
         }},
    {.info = {"r.get.no-digest-header", kFault, "a pulled manifest comes without Docker-Content-Digest"},
     .after = without<Method::kGet, Endpoint::kManifest, 200, "Docker-Content-Digest">},
    {.info = {"r.get.wrong-digest-header", kFault,
              "Docker-Content-Digest names other content than the manifest in the body"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kGet, Endpoint::kManifest) || response.status != 200) return;
           response.headers.set("Docker-Content-Digest", std::string(kDigestOfNothing));
         }},
    {.info = {"r.get.missing-200", kFault, "an absent manifest is answered with 200 and an empty object"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kGet, Endpoint::kManifest) || response.status != 404) return;
           if (by_tag(request) || !core.store().has_repository(request.route.repository)) return;
           response = Response{};
           response.headers.add("Content-Type", "application/vnd.oci.image.manifest.v1+json");
           response.body = "{}";
         }},
    {.info = {"r.get.missing-tag-latest", kFault, "an unknown tag serves the manifest that was pushed last"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "pushed last: " + request.route.repository;
           if (on(request, Method::kPut, Endpoint::kManifest) && response.status == 201) {
             core.remember(note, std::string(response.headers.value("Docker-Content-Digest")));
           }
           if (!on(request, Method::kGet, Endpoint::kManifest) || response.status != 404 || !by_tag(request)) return;
           const auto digest = core.recall(note);
           const auto manifest = digest ? core.store().find_manifest(request.route.repository, *digest) : nullptr;
           if (manifest) serve(response, core, manifest);
         }},
    {.info = {"r.get.cross-repo", kFault, "a manifest of another repository can be pulled by its digest"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kGet, Endpoint::kManifest) || by_tag(request)) return std::nullopt;
       widen(request, core, [&](const std::string& name) {
         return core.store().find_manifest(name, request.route.reference) != nullptr;
       });
       return std::nullopt;
     }},
    {.info = {"r.get.unknown-repo-400", kFault, "pulling a manifest from an unknown repository is answered with 400"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kGet, Endpoint::kManifest) || response.status != 404) return;
           if (!core.store().has_repository(request.route.repository)) response.status = 400;
         }},
    {.info = {"r.get.bad-reference-500", kFault, "a reference that is neither a tag nor a digest is answered with 500"},
     .after = answer_as<Method::kGet, Endpoint::kManifest, 400, 500>},
    {.info = {"r.get.converts-index", kFault, "an index is replaced by its first manifest if Accept names no index"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kGet, Endpoint::kManifest) || response.status != 200) return;
           const auto accept = std::string(request.headers.value("Accept"));
           if (accept.empty() || accept.find("*/*") != std::string::npos || accept.find("index") != std::string::npos)
             return;
           if (response.headers.value("Content-Type") != "application/vnd.oci.image.index.v1+json") return;
           const auto index = stored_manifest(core, request.route.repository, request.route.reference);
           if (!index.contains("manifests") || index["manifests"].empty()) return;
           const auto digest = index["manifests"][0].value("digest", std::string{});
           if (const auto child = core.store().find_manifest(request.route.repository, digest))
             serve(response, core, child);
         }},
    {.info = {"r.get.needs-accept-406", kFault, "a manifest is refused with 406 unless Accept names its type"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto accept = request.headers.value("Accept");
       if (on(request, Method::kGet, Endpoint::kManifest) && (accept.empty() || accept == "*/*")) {
         return problem(406, code::kUnsupported, "name the media type");
       }
       return std::nullopt;
     }},
};

}  // namespace

std::span<const Deviation> get_deviations() {
  return kGetDeviations;
}

}  // namespace referee::registry
