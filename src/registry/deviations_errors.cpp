// Faults of error answers.
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr std::string_view kRangeInvalid = "RANGE_INVALID";

const Deviation kErrorDeviations[] = {
    {.info = {"r.err.no-array", kFault, "an error body has one error and no list of them"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status < 400) return;

           edit_json(response, [](nlohmann::ordered_json& root) { root = {{"error", "the request failed"}}; });
         }},
    {.info = {"r.err.lowercase-code", kFault, "error codes are written in lower case with dashes"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status < 400) return;

           edit_json(response, [](nlohmann::ordered_json& root) {
             for (auto& error : root["errors"]) {
               auto text = error["code"].get<std::string>();
               for (auto& c : text) c = c == '_' ? '-' : static_cast<char>(c - 'A' + 'a');
               error["code"] = text;
             }
           });
         }},
    {.info = {"r.err.unlisted-code", kFault, "errors have a code that the specification does not list"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status < 400) return;

           edit_json(response, [](nlohmann::ordered_json& root) {
             for (auto& error : root["errors"]) error["code"] = "NOT_FOUND_ERROR";
           });
         }},
    {.info = {"r.err.unlisted-code-upload", kFault, "a chunk out of order is refused with RANGE_INVALID"},
     .after = code_as<Method::kPatch, Endpoint::kUpload, 416, code::kBlobUploadInvalid, kRangeInvalid>},
    {.info = {"r.err.message-object", kFault, "the message of an error is an object"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status < 400) return;

           edit_json(response, [](nlohmann::ordered_json& root) {
             for (auto& error : root["errors"]) error["message"] = {{"text", "the request failed"}};
           });
         }},
    {.info = {"r.err.wrong-code-blob", kFault, "an absent blob is reported as MANIFEST_UNKNOWN"},
     .after = code_as<Method::kGet, Endpoint::kBlob, 404, code::kBlobUnknown, code::kManifestUnknown>},
    {.info = {"r.err.wrong-code-manifest", kFault, "an absent manifest is reported as BLOB_UNKNOWN"},
     .after = code_as<Method::kGet, Endpoint::kManifest, 404, code::kManifestUnknown, code::kBlobUnknown>},
    {.info = {"r.err.wrong-code-name", kFault, "an unknown repository is reported as TOOMANYREQUESTS"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           code_as<Method::kGet, Endpoint::kManifest, 404, code::kNameUnknown, code::kTooManyRequests>(request,
                                                                                                       response, core);
           code_as<Method::kGet, Endpoint::kBlob, 404, code::kNameUnknown, code::kTooManyRequests>(request, response,
                                                                                                   core);
           code_as<Method::kGet, Endpoint::kTags, 404, code::kNameUnknown, code::kTooManyRequests>(request, response,
                                                                                                   core);
         }},
    {.info = {"r.err.wrong-code-bad-name", kFault, "an invalid repository name is reported as MANIFEST_INVALID"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status < 400) return;

           const auto at = response.body.find(code::kNameInvalid);
           if (at != std::string::npos) response.body.replace(at, code::kNameInvalid.size(), code::kManifestInvalid);
         }},
    {.info = {"r.err.wrong-code-digest", kFault, "a digest that does not match is reported as SIZE_INVALID"},
     .after = code_as<Method::kPut, Endpoint::kUpload, 400, code::kDigestInvalid, code::kSizeInvalid>},
    {.info = {"r.err.wrong-code-manifest-digest", kFault,
              "a manifest that does not match its digest is reported as SIZE_INVALID"},
     .after = code_as<Method::kPut, Endpoint::kManifest, 400, code::kDigestInvalid, code::kSizeInvalid>},
    {.info = {"r.err.wrong-code-upload", kFault, "an unknown upload session is reported as BLOB_UNKNOWN"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           code_as<Method::kGet, Endpoint::kUpload, 404, code::kBlobUploadUnknown, code::kBlobUnknown>(request,
                                                                                                       response, core);
           code_as<Method::kPatch, Endpoint::kUpload, 404, code::kBlobUploadUnknown, code::kBlobUnknown>(
               request, response, core);
           code_as<Method::kPut, Endpoint::kUpload, 404, code::kBlobUploadUnknown, code::kBlobUnknown>(request,
                                                                                                       response, core);
         }},
};

}  // namespace

std::span<const Deviation> error_deviations() {
  return kErrorDeviations;
}

}  // namespace referee::registry
