// Faults of upload sessions (end-4, end-13, end-14).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

const Deviation kSessionDeviations[] = {
    {.info = {"r.upload.same-session", kFault, "a repository has one upload session at a time"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kPost, Endpoint::kUploads) || response.status != 202) return;
           const auto first = core.uploads().oldest(request.route.repository);
           const auto location = std::string(response.headers.value("Location"));
           response.headers.set("Location", location.substr(0, location.rfind('/') + 1) + first);
         }},
    {.info = {"r.upload.session-counter", kFault, "session ids are small numbers"},
     .adjust = [](Rules& rules) { rules.numbered_sessions = true; }},
    {.info = {"r.upload.status-404-when-empty", kFault, "the status of a session without bytes is 404"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kGet, Endpoint::kUpload) || response.status != 204) return;
           if (core.uploads().progress(request.route.reference, request.route.repository) == 0U) {
             response = problem(404, code::kBlobUploadUnknown, "no such upload session");
           }
         }},
    {.info = {"r.upload.status-200", kFault, "the status of a session is answered with 200"},
     .after = answer_as<Method::kGet, Endpoint::kUpload, 204, 200>},
    {.info = {"r.upload.status-no-location", kFault, "the status of a session has no Location"},
     .after = without<Method::kGet, Endpoint::kUpload, 204, "Location">},
    {.info = {"r.upload.status-no-range", kFault, "the status of a session has no Range"},
     .after = without<Method::kGet, Endpoint::kUpload, 204, "Range">},
    {.info = {"r.upload.status-range-stale", kFault, "the status of a session stays at its first chunk"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "first chunk: " + request.route.reference;
           if (on(request, Method::kPatch, Endpoint::kUpload) && response.status == 202 && !core.recall(note)) {
             core.remember(note, std::string(response.headers.value("Range")));
           }
           if (!on(request, Method::kGet, Endpoint::kUpload) || response.status != 204) return;
           if (const auto first = core.recall(note)) response.headers.set("Range", *first);
         }},
    {.info = {"r.upload.status-range-wild", kFault, "the status of an empty session claims a kilobyte"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kGet, Endpoint::kUpload) || response.status != 204) return;
           if (core.uploads().progress(request.route.reference, request.route.repository) == 0U) {
             response.headers.set("Range", "0-1023");
           }
         }},
    {.info = {"r.upload.visible-before-close", kFault,
              "what a chunk brought can be pulled before the session is closed"},
     .adjust = [](Rules& rules) { rules.publish_chunks = true; }},
    {.info = {"r.upload.cancel-200", kFault, "an upload is cancelled with 200"},
     .after = answer_as<Method::kDelete, Endpoint::kUpload, 204, 200>},
    {.info = {"r.upload.cancel-keeps-session", kFault, "a cancelled session lives on"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kDelete, Endpoint::kUpload)) return std::nullopt;
       if (!core.uploads().progress(request.route.reference, request.route.repository)) return std::nullopt;
       Response response;
       response.status = 204;
       return response;
       return std::nullopt;
     }},
    {.info = {"r.upload.finish-keeps-session", kFault, "a closed session goes on answering"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (request.route.endpoint != Endpoint::kUpload || request.method == Method::kDelete) return std::nullopt;
       const auto closed = core.recall("closed: " + request.route.reference);
       if (!closed) return std::nullopt;
       Response response;
       response.status = request.method == Method::kGet ? 204 : request.method == Method::kPatch ? 202 : 201;
       response.headers.add("Location", request.method == Method::kPut ? *closed : request.target);
       response.headers.add("Range", "0-0");
       return response;
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kPut, Endpoint::kUpload) || response.status != 201) return;
           core.remember("closed: " + request.route.reference, std::string(response.headers.value("Location")));
         }},
};

}  // namespace

std::span<const Deviation> session_deviations() {
  return kSessionDeviations;
}

}  // namespace referee::registry
