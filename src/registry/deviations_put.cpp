// Faults of pushing manifests (end-7).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr auto kFault = DeviationKind::kFault;

const Deviation kDeviations[] = {
    {.info = {"r.put.accept-digest-mismatch", kFault, "a manifest is stored under a digest that is not its own"},
     .adjust = [](Rules& rules) { rules.check_manifest_digest = false; }},
    {.info = {"r.put.if-match-racy", kFault, "If-Match is judged before the write, not together with it"},
     .adjust = [](Rules& rules) { rules.atomic_conditions = false; }},
    {.info = {"r.put.no-oci-subject", kFault, "OCI-Subject is missing after a push with a subject"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (on(request, Method::kPut, Endpoint::kManifest)) response.headers.remove("OCI-Subject");
         }},
};

}  // namespace

std::span<const Deviation> put_deviations() {
  return kDeviations;
}

}  // namespace referee::registry
