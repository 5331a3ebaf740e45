// Faults of the API as a whole: support, methods, throttling, warnings.
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

const Deviation kApiDeviations[] = {
    {.info = {"r.api.ping-404", kFault, "GET /v2/ is answered with 404"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (reads(request, Endpoint::kBase)) response = problem(404, code::kUnsupported, "not here");
         }},
    {.info = {"r.api.405-no-allow", kFault, "405 comes without Allow"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status == 405) response.headers.remove("Allow");
         }},
    {.info = {"r.api.wrong-method-200", kFault, "PUT of the tag list is answered as if it were GET"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kTags) || response.status != 405) return;
           response = Response{};
           response.headers.add("Content-Type", "application/json");
           response.body = R"({"name":")" + request.route.repository + R"(","tags":[]})";
         }},
    {.info = {"r.api.namespace-wrong", kFault, "OCI-Namespace names another registry than ns"},
     .after =
         [](const Request& request, Response& response, Core&) {
           const bool pulls = reads(request, Endpoint::kManifest) || reads(request, Endpoint::kBlob);
           if (pulls && request.query.has("ns")) response.headers.set("OCI-Namespace", "something-else.example");
         }},
    {.info = {"r.api.throttle-no-retry-after", kFault, "every third GET /v2/ is throttled without Retry-After"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kGet, Endpoint::kBase) || core.count("ping") % 3 != 2) return;
           response = problem(429, code::kTooManyRequests, "too many requests");
         }},
    {.info = {"r.warn.wrong-code", kFault, "a warning has the code 199"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kManifest) || response.status != 200) return;
           response.headers.add("Warning", R"(199 - "referee test")");
         }},
    {.info = {"r.warn.agent", kFault, "a warning names an agent"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kManifest) || response.status != 200) return;
           response.headers.add("Warning", R"(299 registry.example "referee test")");
         }},
    {.info = {"r.warn.date", kFault, "a warning has a date"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kManifest) || response.status != 200) return;
           response.headers.add("Warning", R"(299 - "referee test" "Tue, 24 Nov 2026 08:00:00 GMT")");
         }},
    {.info = {"r.warn.too-big", kFault, "warnings have more than 4096 bytes together"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kManifest) || response.status != 200) return;
           for (int i = 0; i < 50; ++i) response.headers.add("Warning", "299 - \"" + std::string(100, 'x') + '"');
         }},
};

}  // namespace

std::span<const Deviation> api_deviations() {
  return kApiDeviations;
}

}  // namespace referee::registry
