// Faults of mounting blobs (end-11).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr auto kFault = DeviationKind::kFault;

const Deviation kDeviations[] = {
    {.info = {"r.mount.missing-404", kFault, "a mount that is not possible is answered with 404 instead of 202"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (on(request, Method::kPost, Endpoint::kUploads) && request.query.has("mount") && response.status == 202) {
             response = problem(404, code::kBlobUnknown, "no such blob to mount");
           }
         }},
};

}  // namespace

std::span<const Deviation> mount_deviations() {
  return kDeviations;
}

}  // namespace referee::registry
