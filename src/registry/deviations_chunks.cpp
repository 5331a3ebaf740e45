// Faults of pushing blobs in chunks (end-5, end-6).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

const Deviation kChunkDeviations[] = {
    {.info = {"r.upload.chunked-location-wrong", kFault,
              "the Location of a blob pushed in chunks names another digest"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "chunked: " + request.route.reference;
           if (on(request, Method::kPatch, Endpoint::kUpload) && response.status == 202) core.remember(note, "yes");
           if (on(request, Method::kPut, Endpoint::kUpload) && response.status == 201 && core.recall(note))
             spoil_location(response);
         }},
    {.info = {"r.upload.patch-204", kFault, "a chunk is answered with 204 instead of 202"},
     .after = answer_as<Method::kPatch, Endpoint::kUpload, 202, 204>},
    {.info = {"r.upload.chunks-overwrite", kFault, "each chunk blanks what came before it"},
     .adjust = [](Rules& rules) { rules.chunks_forget = true; }},
    {.info = {"r.upload.patch-no-location", kFault, "a chunk is answered without Location"},
     .after = without<Method::kPatch, Endpoint::kUpload, 202, "Location">},
    {.info = {"r.upload.range-header-missing", kFault, "a chunk is answered without Range"},
     .after = without<Method::kPatch, Endpoint::kUpload, 202, "Range">},
    {.info = {"r.upload.range-header-chunk", kFault, "the Range of a chunk covers that chunk alone"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPatch, Endpoint::kUpload) || response.status != 202) return;
           const auto length = request.content_length.value_or(1);
           response.headers.set("Range", "0-" + std::to_string(length == 0 ? 0 : length - 1));
         }},
    {.info = {"r.upload.range-header-past-end", kFault, "the Range of a chunk ends one byte too far"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kPatch, Endpoint::kUpload) || response.status != 202) return;
           const auto size = core.uploads().progress(request.route.reference, request.route.repository);
           response.headers.set("Range", "0-" + std::to_string(size.value_or(0)));
         }},
    {.info = {"r.upload.put-body-ignored", kFault, "a chunk in the closing PUT is ignored"},
     .adjust = [](Rules& rules) { rules.ignore_last_chunk = true; }},
    {.info = {"r.upload.gap-accepted", kFault, "a chunk may leave a gap"},
     .adjust = [](Rules& rules) { rules.accept_gap = true; }},
    {.info = {"r.upload.overlap-accepted", kFault, "a chunk may be sent again"},
     .adjust = [](Rules& rules) { rules.accept_overlap = true; }},
    {.info = {"r.upload.first-chunk-anywhere", kFault, "the first chunk need not begin at 0"},
     .adjust = [](Rules& rules) { rules.accept_first_chunk = true; }},
    {.info = {"r.upload.416-kills-session", kFault, "a chunk out of order ends the session"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (request.route.endpoint != Endpoint::kUpload || response.status != 416) return;
           (void)core.uploads().cancel(request.route.reference, request.route.repository);
         }},
    {.info = {"r.upload.put-gap-400", kFault, "a last chunk out of order is answered with 400"},
     .after = refuse_as<Method::kPut, Endpoint::kUpload, 416, 400, code::kBlobUploadInvalid>},
    {.info = {"r.upload.put-gap-accepted", kFault, "the Content-Range of a closing PUT is ignored"},
     .adjust = [](Rules& rules) { rules.accept_put_order = true; }},
    {.info = {"r.upload.chunked-unverified", kFault, "chunks are stored under any digest"},
     .adjust = [](Rules& rules) { rules.verify_chunked = false; }},
    {.info = {"r.upload.hidden-min-chunk", kFault, "chunks below 64 bytes are refused, which nothing announced"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kPatch, Endpoint::kUpload) && request.content_length && *request.content_length < 64) {
         return problem(400, code::kSizeInvalid, "the chunk is too small");
       }
       return std::nullopt;
     }},
    {.info = {"r.upload.content-range-length-unchecked", kFault,
              "Content-Range may differ from the length of the chunk"},
     .adjust = [](Rules& rules) { rules.check_chunk_size = false; }},
    {.info = {"r.upload.stream-411", kFault, "a chunk without Content-Range is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kPatch, Endpoint::kUpload) && !request.headers.has("Content-Range")) {
         return problem(411, code::kSizeInvalid, "Content-Range is required");
       }
       return std::nullopt;
     }},
    {.info = {"r.upload.sessions-share-buffer", kFault, "all sessions of a repository are one"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (request.route.endpoint != Endpoint::kUpload) return std::nullopt;
       if (const auto first = core.uploads().oldest(request.route.repository); !first.empty())
         request.route.reference = first;
       return std::nullopt;
     }},
    {.info = {"r.upload.digest-algorithm-ignored", kFault, "chunks are verified with sha256 whatever the algorithm"},
     .adjust = [](Rules& rules) { rules.chunked_sha256_only = true; }},
    {.info = {"r.upload.cut-loses-session", kFault, "a connection lost in a chunk ends the session"},
     .adjust = [](Rules& rules) { rules.cut_ends_session = true; }},
};

}  // namespace

std::span<const Deviation> chunk_deviations() {
  return kChunkDeviations;
}

}  // namespace referee::registry
