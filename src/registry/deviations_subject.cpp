// Faults of pushing manifests with a subject, and of conditions that never or always hold.
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

const Deviation kSubjectDeviations[] = {
    {.info = {"r.put.reject-missing-subject", kFault, "a manifest whose subject is missing is refused"},
     .adjust = [](Rules& rules) { rules.require_subject = true; }},
    {.info = {"r.put.no-oci-subject", kFault, "OCI-Subject is missing after a push with a subject"},
     .after = without<Method::kPut, Endpoint::kManifest, 201, "OCI-Subject">},
    {.info = {"r.put.wrong-oci-subject", kFault, "OCI-Subject names the pushed manifest"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           if (response.headers.has("OCI-Subject"))
             response.headers.set("OCI-Subject", oci::Digest::of(request.body).str());
         }},
    {.info = {"r.put.no-oci-subject-by-tag", kFault, "OCI-Subject is missing after a push by tag"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           if (by_tag(request)) response.headers.remove("OCI-Subject");
         }},
    {.info = {"r.put.no-oci-subject-index", kFault, "OCI-Subject is missing after the push of an index"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           if (pushes_index(request)) response.headers.remove("OCI-Subject");
         }},
    {.info = {"r.put.oci-subject-first-only", kFault, "OCI-Subject is missing when the manifest was there already"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (core.store().find_manifest(request.route.repository, oci::Digest::of(request.body).str()))
         request.query.set("referee-again", "1");
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           if (request.query.has("referee-again")) response.headers.remove("OCI-Subject");
         }},
    {.info = {"r.put.no-oci-subject-missing", kFault, "OCI-Subject is missing when the subject is"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           const auto subject = std::string(response.headers.value("OCI-Subject"));
           if (!subject.empty() && !core.store().find_manifest(request.route.repository, subject))
             response.headers.remove("OCI-Subject");
         }},
    {.info = {"r.put.oci-subject-sha256-only", kFault,
              "OCI-Subject is missing when the digest of the subject is no sha256"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           if (!response.headers.value("OCI-Subject").starts_with("sha256:")) response.headers.remove("OCI-Subject");
         }},
    {.info = {"r.put.always-oci-subject", kFault, "OCI-Subject is sent for a manifest without subject"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           if (!response.headers.has("OCI-Subject"))
             response.headers.set("OCI-Subject", oci::Digest::of(request.body).str());
         }},
    {.info = {"r.get.etag-constant", kFault, "every manifest has the same ETag"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (lists(request, response, Endpoint::kManifest)) response.headers.set("ETag", "\"1\"");
         }},
    {.info = {"r.put.if-match-never", kFault, "no If-Match ever holds"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (request.headers.has("If-Match")) return problem(412, code::kDenied, "the precondition does not hold");
       return std::nullopt;
     }},
};

}  // namespace

std::span<const Deviation> subject_deviations() {
  return kSubjectDeviations;
}

}  // namespace referee::registry
