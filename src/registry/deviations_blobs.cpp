// Faults of pulling blobs (end-2).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

/// Sends a read to the repository that holds the blob.
void widen(Request& request, Core& core) {
  auto& store = core.store();
  if (store.has_blob(request.route.repository, request.route.reference)) return;
  for (const auto& repository : store.repositories()) {
    if (!store.has_blob(repository, request.route.reference)) continue;
    request.route.repository = repository;
    return;
  }
}

const Deviation kBlobDeviations[] = {
    {.info = {"r.blob.corrupt-get", kFault, "the last byte of a pulled blob is wrong"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kGet, Endpoint::kBlob) || response.status != 200) return;
           if (auto& body = read_body(response); !body.empty()) body.back() = static_cast<char>(~body.back());
         }},
    {.info = {"r.blob.truncated", kFault, "the last byte of a pulled blob is missing"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kGet, Endpoint::kBlob) || response.status != 200) return;
           if (auto& body = read_body(response); !body.empty()) body.pop_back();
         }},
    {.info = {"r.blob.no-digest-header", kFault, "a pulled blob comes without Docker-Content-Digest"},
     .after = without<Method::kGet, Endpoint::kBlob, 200, "Docker-Content-Digest">},
    {.info = {"r.blob.wrong-digest-header", kFault,
              "Docker-Content-Digest names other content than the blob in the body"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kGet, Endpoint::kBlob) || response.status != 200) return;
           response.headers.set("Docker-Content-Digest", std::string(kDigestOfNothing));
         }},
    {.info = {"r.blob.missing-200", kFault, "an absent blob is answered with 200 and no bytes"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kGet, Endpoint::kBlob) || response.status != 404) return;
           if (core.store().has_repository(request.route.repository)) response = Response{};
         }},
    {.info = {"r.blob.cross-repo", kFault, "a blob of another repository can be pulled"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (on(request, Method::kGet, Endpoint::kBlob)) widen(request, core);
       return std::nullopt;
     }},
    {.info = {"r.blob.unknown-repo-400", kFault, "pulling a blob from an unknown repository is answered with 400"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kGet, Endpoint::kBlob) || response.status != 404) return;
           if (!core.store().has_repository(request.route.repository)) response.status = 400;
         }},
    {.info = {"r.blob.bad-digest-500", kFault, "pulling a blob by a malformed digest is answered with 500"},
     .after = answer_as<Method::kGet, Endpoint::kBlob, 400, 500>},
    {.info = {"r.blob.empty-404", kFault, "a blob without bytes cannot be pulled"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kBlob) || response.status != 200) return;
           if (response.length == 0) response = problem(404, code::kBlobUnknown, "no such blob in this repository");
         }},
    {.info = {"r.blob.lag", kFault, "the first read of a new blob is 404"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!reads(request, Endpoint::kBlob) || response.status != 200) return;
           if (core.count("read " + request.route.repository + request.route.reference) == 0) {
             response = problem(404, code::kBlobUnknown, "no such blob in this repository");
           }
         }},
    {.info = {"r.blob.redirect-no-location", kFault, "a blob is answered with 307 but no Location"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kGet, Endpoint::kBlob)) return std::nullopt;
       if (!core.store().has_blob(request.route.repository, request.route.reference)) return std::nullopt;
       Response response;
       response.status = 307;
       return response;
     }},
};

}  // namespace

std::span<const Deviation> blob_deviations() {
  return kBlobDeviations;
}

}  // namespace referee::registry
