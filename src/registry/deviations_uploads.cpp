// Faults of pushing blobs in one piece (end-4, end-6).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

const Deviation kUploadDeviations[] = {
    {.info = {"r.upload.post-200", kFault, "an upload session is opened with 200 instead of 202"},
     .after = answer_as<Method::kPost, Endpoint::kUploads, 202, 200>},
    {.info = {"r.upload.put-200", kFault, "a blob is stored with 200 instead of 201"},
     .after = answer_as<Method::kPut, Endpoint::kUpload, 201, 200>},
    {.info = {"r.upload.put-no-location", kFault, "a stored blob has no Location"},
     .after = without<Method::kPut, Endpoint::kUpload, 201, "Location">},
    {.info = {"r.upload.put-location-wrong", kFault, "the Location of a stored blob names another digest"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kUpload) || response.status != 201) return;
           spoil_location(response);
         }},
    {.info = {"r.upload.empty-refused", kFault, "a blob without bytes is refused"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kUpload) || request.content_length.value_or(0) > 0 || request.chunked)
         return std::nullopt;
       if (core.uploads().progress(request.route.reference, request.route.repository) == 0U) {
         return problem(400, code::kSizeInvalid, "the blob is empty");
       }
       return std::nullopt;
     }},
    {.info = {"r.upload.limit-1mib", kFault, "an upload request may have at most 1 MiB"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const bool upload = request.route.endpoint == Endpoint::kUpload || request.route.endpoint == Endpoint::kUploads;
       if (upload && request.content_length.value_or(0) > 1024UL * 1024)
         return problem(413, code::kSizeInvalid, "too large");
       return std::nullopt;
     }},
    {.info = {"r.upload.repeat-409", kFault, "a blob that is there already is refused"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (on(request, Method::kPut, Endpoint::kUpload) &&
           core.store().has_blob(request.route.repository, digest_parameter(request))) {
         return problem(409, code::kBlobUploadInvalid, "the blob exists");
       }
       return std::nullopt;
     }},
    {.info = {"r.upload.closed-by-twin", kFault, "storing a blob ends every other session of its repository"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kPut, Endpoint::kUpload) || response.status != 201) return;
           core.uploads().cancel_all(request.route.repository);
         }},
    {.info = {"r.upload.single-post-200", kFault, "a blob pushed with one POST is stored with 200"},
     .after = answer_as<Method::kPost, Endpoint::kUploads, 201, 200>},
    {.info = {"r.upload.single-post-no-location", kFault, "a blob pushed with one POST has no Location"},
     .after = without<Method::kPost, Endpoint::kUploads, 201, "Location">},
    {.info = {"r.upload.single-post-400", kFault, "a single POST is refused with 400"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kPost, Endpoint::kUploads) && request.query.has("digest") &&
           !request.query.has("mount")) {
         return problem(400, code::kUnsupported, "push with POST and PUT");
       }
       return std::nullopt;
     }},
    {.info = {"r.upload.single-post-unverified", kFault, "a single POST stores content under any digest"},
     .adjust = [](Rules& rules) { rules.verify_single_post = false; }},
    {.info = {"r.upload.single-post-mismatch-500", kFault, "a single POST that does not match its digest gives 500"},
     .after = answer_as<Method::kPost, Endpoint::kUploads, 400, 500>},
    {.info = {"r.upload.digest-unverified", kFault, "POST and PUT store content under any digest"},
     .adjust = [](Rules& rules) { rules.verify_monolithic = false; }},
    {.info = {"r.upload.mismatch-422", kFault, "a digest that does not match is answered with 422"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kUpload) || response.status != 400) return;
           if (oci::Digest::parse(digest_parameter(request))) response.status = 422;
         }},
    {.info = {"r.upload.mismatch-stored", kFault, "content that does not match its digest is refused but stored"},
     .adjust = [](Rules& rules) { rules.store_mismatch = true; }},
    {.info = {"r.upload.malformed-digest-500", kFault, "a malformed digest of an upload is answered with 500"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kUpload) || response.status != 400) return;
           if (!oci::Digest::parse(digest_parameter(request))) response.status = 500;
         }},
    {.info = {"r.upload.malformed-digest-404", kFault, "a malformed digest of an upload is answered with 404"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kUpload) || response.status != 400) return;
           if (!oci::Digest::parse(digest_parameter(request))) response.status = 404;
         }},
    {.info = {"r.upload.digest-optional", kFault, "the closing PUT may leave the digest out"},
     .adjust = [](Rules& rules) { rules.digest_required = false; }},
    {.info = {"r.upload.sha512-as-sha256", kFault, "a blob pushed under sha512 is known by its sha256 only"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kPut, Endpoint::kUpload) || response.status != 201) return;
           const auto digest = digest_parameter(request);
           if (digest.starts_with("sha512:")) (void)core.store().delete_blob(request.route.repository, digest);
         }},
    {.info = {"r.upload.digest-algorithm-400", kFault, "the digest-algorithm parameter is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kPost, Endpoint::kUploads) && request.query.has("digest-algorithm")) {
         return problem(400, code::kUnsupported, "unknown parameter");
       }
       return std::nullopt;
     }},
};

}  // namespace

std::span<const Deviation> upload_deviations() {
  return kUploadDeviations;
}

}  // namespace referee::registry
