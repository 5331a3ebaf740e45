// Faults of the referrers API (end-12).
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr auto kFault = DeviationKind::kFault;

const Deviation kDeviations[] = {
    {.info = {"r.ref.404-when-empty", kFault, "an empty referrers list is answered with 404"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kReferrers) || response.status != 200) return;
           if (response.body.find(R"("manifests":[])") == std::string::npos) return;
           response = problem(404, code::kManifestUnknown, "no referrers");
         }},
    {.info = {"r.ref.filter-done-not-claimed", kFault,
              "the artifactType filter is applied without OCI-Filters-Applied"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (reads(request, Endpoint::kReferrers)) response.headers.remove("OCI-Filters-Applied");
         }},
    {.info = {"r.ref.filter-claimed-not-done", kFault, "OCI-Filters-Applied is sent, but every referrer is listed"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!reads(request, Endpoint::kReferrers) || !request.query.has("artifactType")) return std::nullopt;
       request.query.set("referee-unfiltered", "1");
       request.query.remove("artifactType");
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!request.query.has("referee-unfiltered") || response.status != 200) return;
           response.headers.set("OCI-Filters-Applied", "artifactType");
         }},
    {.info = {"r.ref.lag", kFault, "a new referrer is listed only 300 ms after its 201"},
     .adjust = [](Rules& rules) { rules.referrers_lag = std::chrono::milliseconds(300); }},
    {.info = {"r.ref.no-annotations", kFault, "the descriptors of a referrers list have no annotations"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kReferrers) || response.status != 200) return;
           edit_json(response, [](nlohmann::ordered_json& root) {
             for (auto& entry : root["manifests"]) entry.erase("annotations");
           });
         }},
    {.info = {"r.ref.null-list", kFault, "the manifests of an empty referrers list are null"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kReferrers) || response.status != 200) return;
           edit_json(response, [](nlohmann::ordered_json& root) {
             if (root["manifests"].empty()) root["manifests"] = nullptr;
           });
         }},
    {.info = {"r.ref.stale-after-delete", kFault, "a deleted referrer stays listed"},
     .adjust = [](Rules& rules) { rules.referrers_keep_deleted = true; }},
};

}  // namespace

std::span<const Deviation> referrers_deviations() {
  return kDeviations;
}

}  // namespace referee::registry
