// Legal but unusual behaviour of uploads, mounts and locations, which no check may mind.
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

/// Is this an answer that names an upload session?
bool names_session(const Request& request, const Response& response) {
  const auto endpoint = request.route.endpoint;
  return (endpoint == Endpoint::kUpload || endpoint == Endpoint::kUploads) && response.headers.has("Location") &&
         response.status != 201;
}
std::string session_of(const Response& response) {
  const auto location = response.headers.value("Location");
  return std::string(location.substr(location.rfind('/') + 1));
}
bool adds_bytes(const Request& request) {
  return request.method == Method::kPatch || request.method == Method::kPost;
}

Response redirect(const Request& request) {
  Response response;
  response.status = 307;
  response.headers.add("Location",
                       request.target + (request.target.find('?') == std::string::npos ? "?" : "&") + "direct=1");
  return response;
}

const Deviation kPushVariants[] = {
    {.info = {"v.absolute-location", kVariant, "every Location is absolute"},
     .after =
         [](const Request& request, Response& response, Core&) {
           const auto location = std::string(response.headers.value("Location"));
           if (location.starts_with('/'))
             response.headers.set("Location", "http://" + std::string(request.headers.value("Host")) + location);
         }},
    {.info = {"v.location-with-query", kVariant,
              "upload locations carry a token that changes with each chunk and must be sent back"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (request.route.endpoint != Endpoint::kUpload) return std::nullopt;
       const auto token = core.recall("state: " + request.route.reference);
       if (token && request.query.get("_state") != *token)
         return problem(400, code::kBlobUploadInvalid, "the state is wrong");
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!names_session(request, response)) return;
           const auto note = "state: " + session_of(response);
           if (adds_bytes(request) && response.status == 202)
             core.remember(note, std::to_string(1000 + core.count("state")));
           response.headers.set("Location", std::string(response.headers.value("Location")) +
                                                "?_state=" + core.recall(note).value_or("0"));
         }},
    {.info = {"v.session-in-query", kVariant, "the session id is in the query of an upload location"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto id = request.query.get("id");
       if (request.route.endpoint == Endpoint::kUpload && id) request.route.reference = *id;
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!names_session(request, response)) return;
           const auto location = std::string(response.headers.value("Location"));
           response.headers.set("Location",
                                location.substr(0, location.rfind('/') + 1) + "session?id=" + session_of(response));
         }},
    {.info = {"v.rotating-location", kVariant,
              "each answer about a session has a new location, and old ones stop working"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (request.route.endpoint != Endpoint::kUpload) return std::nullopt;
       const auto newest = core.recall("turn: " + request.route.reference);
       if (!newest) return std::nullopt;
       const auto turn = std::string(request.query.get("turn").value_or(std::string_view{}));
       const auto before = *newest == "0" ? std::string("0") : std::to_string(std::stoull(*newest) - 1);
       if (turn != *newest && turn != before) return problem(404, code::kBlobUploadUnknown, "an old location");
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!names_session(request, response)) return;
           const auto turn = std::to_string(core.count("turn: " + session_of(response)));
           core.remember("turn: " + session_of(response), turn);
           response.headers.set("Location", std::string(response.headers.value("Location")) + "?turn=" + turn);
         }},
    {.info = {"v.redirect-blobs", kVariant, "a blob is redirected to another URL"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (on(request, Method::kGet, Endpoint::kBlob) && !request.query.has("direct") &&
           core.store().has_blob(request.route.repository, request.route.reference)) {
         return redirect(request);
       }
       return std::nullopt;
     }},
    {.info = {"v.redirect-manifests", kVariant, "a manifest is redirected to another URL"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (reads(request, Endpoint::kManifest) && !request.query.has("direct") &&
           core.store().find_manifest(request.route.repository, request.route.reference)) {
         return redirect(request);
       }
       return std::nullopt;
     }},
    {.info = {"v.strict-min-chunk", kVariant, "a first chunk below the announced minimum is refused"},
     .adjust = [](Rules& rules) { rules.chunk_minimum = 4096; },
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPatch, Endpoint::kUpload) || !request.headers.has("Content-Range"))
         return std::nullopt;
       if (request.content_length.value_or(4096) < 4096 &&
           core.uploads().progress(request.route.reference, request.route.repository) == 0U) {
         return problem(400, code::kSizeInvalid, "the chunk is smaller than OCI-Chunk-Min-Length");
       }
       return std::nullopt;
     }},
    {.info = {"v.single-post-202", kVariant, "a single POST opens a session instead"},
     .adjust = [](Rules& rules) { rules.features.single_post = false; }},
    {.info = {"v.mount-202", kVariant, "blobs are never mounted: 202 and an upload session"},
     .adjust = [](Rules& rules) { rules.features.mount = false; }},
    {.info = {"v.mount-without-from-202", kVariant, "a mount without from opens a session"},
     .adjust = [](Rules& rules) { rules.features.mount_without_from = false; }},
    {.info = {"v.anonymous-mount-global", kVariant, "a mount from an unknown repository takes the blob from any"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kPost, Endpoint::kUploads) && request.query.has("mount")) request.query.remove("from");
       return std::nullopt;
     }},
    {.info = {"v.upload-status-no-range-empty", kVariant, "the status of an empty session has no Range"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kGet, Endpoint::kUpload) || response.status != 204) return;
           if (core.uploads().progress(request.route.reference, request.route.repository) == 0U)
             response.headers.remove("Range");
         }},
    {.info = {"v.no-cancel", kVariant, "an upload cannot be cancelled"},
     .adjust = [](Rules& rules) { rules.features.upload_cancel = false; }},
};

}  // namespace

std::span<const Deviation> push_variants() {
  return kPushVariants;
}

}  // namespace referee::registry
