// Faults of HEAD (end-2, end-3).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

bool heads(const Request& request) {
  const auto endpoint = request.route.endpoint;
  return request.method == Method::kHead && (endpoint == Endpoint::kBlob || endpoint == Endpoint::kManifest);
}

const Deviation kHeadDeviations[] = {
    {.info = {"r.head.blob-404", kFault, "HEAD of a blob is 404"},
     .after = refuse_as<Method::kHead, Endpoint::kBlob, 200, 404, code::kBlobUnknown>},
    {.info = {"r.head.manifest-404", kFault, "HEAD of a manifest by digest is 404"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kHead, Endpoint::kManifest) || by_tag(request)) return;
           response = problem(404, code::kManifestUnknown, "no such manifest");
         }},
    {.info = {"r.head.tag-404", kFault, "HEAD of a manifest by tag is 404"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kHead, Endpoint::kManifest) || !by_tag(request)) return;
           response = problem(404, code::kManifestUnknown, "no such tag");
         }},
    {.info = {"r.head.blob-no-digest-header", kFault, "HEAD of a blob comes without Docker-Content-Digest"},
     .after = without<Method::kHead, Endpoint::kBlob, 200, "Docker-Content-Digest">},
    {.info = {"r.head.manifest-no-digest-header", kFault, "HEAD of a manifest comes without Docker-Content-Digest"},
     .after = without<Method::kHead, Endpoint::kManifest, 200, "Docker-Content-Digest">},
    {.info = {"r.head.wrong-digest-header", kFault, "Docker-Content-Digest of a HEAD names other content"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!heads(request) || response.status != 200) return;
           response.headers.set("Docker-Content-Digest", std::string(kDigestOfNothing));
         }},
    {.info = {"r.head.no-content-length", kFault, "HEAD of a blob has no Content-Length"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kHead, Endpoint::kBlob) || response.status != 200) return;
           response.framing = Framing::kUntilClose;
         }},
    {.info = {"r.head.zero-content-length", kFault, "HEAD of a manifest has the Content-Length 0"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kHead, Endpoint::kManifest) || response.status != 200) return;
           response.content.reset();
           response.body.clear();
         }},
    {.info = {"r.head.missing-200", kFault, "HEAD of an absent blob is 200"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kHead, Endpoint::kBlob) || response.status != 404) return;
           if (core.store().has_repository(request.route.repository)) response = Response{};
         }},
    {.info = {"r.head.missing-manifest-200", kFault, "HEAD of an absent manifest is 200"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kHead, Endpoint::kManifest) || response.status != 404) return;
           if (core.store().has_repository(request.route.repository)) response = Response{};
         }},
    {.info = {"r.head.cross-repo", kFault, "HEAD finds a blob of another repository"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kHead, Endpoint::kBlob)) return std::nullopt;
       if (core.store().has_blob(request.route.repository, request.route.reference)) return std::nullopt;
       for (const auto& repository : core.store().repositories()) {
         if (core.store().has_blob(repository, request.route.reference)) request.route.repository = repository;
       }
       return std::nullopt;
     }},
    {.info = {"r.head.unknown-repo-400", kFault, "HEAD in an unknown repository is answered with 400"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!heads(request) || response.status != 404) return;
           if (!core.store().has_repository(request.route.repository)) response.status = 400;
         }},
    {.info = {"r.head.ct-differs", kFault, "HEAD of a manifest names another Content-Type than GET"},
     .after = with<Method::kHead, Endpoint::kManifest, 200, "Content-Type", "application/json">},
    {.info = {"r.head.blob-ct-differs", kFault, "HEAD of a blob names another Content-Type than GET"},
     .after = with<Method::kHead, Endpoint::kBlob, 200, "Content-Type", "application/json">},
};

}  // namespace

std::span<const Deviation> head_deviations() {
  return kHeadDeviations;
}

}  // namespace referee::registry
