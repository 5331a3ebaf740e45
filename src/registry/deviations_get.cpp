// Faults of pulling manifests (end-3).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr auto kFault = DeviationKind::kFault;

const Deviation kDeviations[] = {
    {.info = {"r.get.ct-generic", kFault,
              "manifests come as application/json instead of the type they were pushed with"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kManifest) || response.status != 200) return;
           response.headers.set("Content-Type", "application/json");
         }},
    {.info = {"r.get.no-etag", kFault, "manifests come without an ETag"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (request.route.endpoint == Endpoint::kManifest) response.headers.remove("ETag");
         }},
};

}  // namespace

std::span<const Deviation> get_deviations() {
  return kDeviations;
}

}  // namespace referee::registry
