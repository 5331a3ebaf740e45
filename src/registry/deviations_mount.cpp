// Faults of mounting blobs (end-11).
#include "deviation_tools.hpp"
#include "handlers.hpp"

namespace referee::registry {

namespace {

bool mounts(const Request& request) {
  return on(request, Method::kPost, Endpoint::kUploads) && request.query.has("mount");
}
std::string mounted_digest(const Request& request) {
  return std::string(request.query.get("mount").value_or(std::string_view{}));
}
std::string mount_source(const Request& request) {
  return std::string(request.query.get("from").value_or(std::string_view{}));
}

/// 201 for a blob that was not mounted.
Response pretend(const Request& request) {
  Response response;
  response.status = 201;
  response.headers.add("Location", path_to(request.route.repository, "blobs", mounted_digest(request)));
  return response;
}

const Deviation kMountDeviations[] = {
    {.info = {"r.mount.200", kFault, "a mount is answered with 200 instead of 201"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (mounts(request) && response.status == 201) response.status = 200;
         }},
    {.info = {"r.mount.no-location", kFault, "a mounted blob has no Location"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (mounts(request) && response.status == 201) response.headers.remove("Location");
         }},
    {.info = {"r.mount.empty", kFault, "a mount is answered with 201 but mounts nothing"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (mounts(request) && core.store().has_blob(mount_source(request), mounted_digest(request)))
         return pretend(request);
       return std::nullopt;
     }},
    {.info = {"r.mount.location-wrong", kFault, "the Location of a mounted blob names another digest"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (mounts(request) && response.status == 201) spoil_location(response);
         }},
    {.info = {"r.mount.moves", kFault, "a mount takes the blob from the repository that it came from"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!mounts(request) || response.status != 201 || mount_source(request).empty()) return;
           (void)core.store().delete_blob(mount_source(request), mounted_digest(request));
         }},
    {.info = {"r.mount.missing-201", kFault, "mounting a blob that is nowhere is answered with 201"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (mounts(request) && response.status == 202) response = pretend(request);
         }},
    {.info = {"r.mount.missing-404", kFault, "a mount that is not possible is answered with 404 instead of 202"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (mounts(request) && response.status == 202)
             response = problem(404, code::kBlobUnknown, "no such blob to mount");
         }},
    {.info = {"r.mount.dead-session", kFault, "a mount that is not possible names a session that does not exist"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (mounts(request) && response.status == 202) spoil_location(response);
         }},
    {.info = {"r.mount.unknown-from-404", kFault, "mounting from an unknown repository is answered with 404"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (mounts(request) && request.query.has("from") && !core.store().has_repository(mount_source(request))) {
         return problem(404, code::kNameUnknown, "no such repository");
       }
       return std::nullopt;
     }},
    {.info = {"r.mount.anonymous-empty", kFault, "a mount without from is answered with 201 but mounts nothing"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (mounts(request) && !request.query.has("from")) return pretend(request);
       return std::nullopt;
     }},
    {.info = {"r.mount.anonymous-400", kFault, "a mount without from is answered with 400"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (mounts(request) && !request.query.has("from")) return problem(400, code::kUnsupported, "from is required");
       return std::nullopt;
     }},
};

}  // namespace

std::span<const Deviation> mount_deviations() {
  return kMountDeviations;
}

}  // namespace referee::registry
