// Legal but unusual answers, which no check may mind.
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

const Deviation kVariantDeviations[] = {
    {.info = {"v.chunked-responses", kVariant, "bodies are sent in chunked coding, without Content-Length"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (request.method == Method::kGet) response.framing = Framing::kChunked;
         }},
    {.info = {"v.lowercase-headers", kVariant, "header names are in lower case"},
     .after =
         [](const Request&, Response& response, Core&) {
           Headers lower;
           for (const auto& [name, value] : response.headers) {
             auto text = name;
             for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
             lower.add(text, value);
           }
           response.headers = lower;
         }},
    {.info = {"v.range-ignored", kVariant, "Range has no effect"},
     .adjust = [](Rules& rules) { rules.features.range = false; }},
    {.info = {"v.range-206-star", kVariant, "Content-Range does not tell the whole size"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status != 206) return;
           const auto range = std::string(response.headers.value("Content-Range"));
           response.headers.set("Content-Range", range.substr(0, range.rfind('/')) + "/*");
         }},
    {.info = {"v.head-no-accept-ranges", kVariant, "ranges work but are not announced"},
     .after = [](const Request&, Response& response, Core&) { response.headers.remove("Accept-Ranges"); }},
    {.info = {"v.no-etag", kVariant, "there are no entity tags and no conditional requests"},
     .adjust = [](Rules& rules) { rules.features.conditional = false; }},
    {.info = {"v.no-json-errors", kVariant, "errors are plain text"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status < 400) return;
           response.headers.set("Content-Type", "text/plain");
           response.body = "the request failed\n";
         }},
    {.info = {"v.empty-errors", kVariant, "errors have no body"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status < 400) return;
           response.headers.remove("Content-Type");
           response.body.clear();
         }},
    {.info = {"v.html-errors", kVariant, "errors are HTML"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status < 400) return;
           response.headers.set("Content-Type", "text/html");
           response.body = "<!doctype html><title>Error</title><p>The request failed.";
         }},
    {.info = {"v.errors-without-message", kVariant, "errors have a code and nothing else"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status < 400) return;
           edit_json(response, [](nlohmann::ordered_json& root) {
             for (auto& error : root["errors"]) error = {{"code", error["code"]}};
           });
         }},
    {.info = {"v.malformed-digest-404", kVariant, "a malformed digest or reference is answered with 404"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (response.status != 400) return;
           if (reads(request, Endpoint::kBlob)) response = problem(404, code::kBlobUnknown, "no such blob");
           if (reads(request, Endpoint::kManifest)) response = problem(404, code::kManifestUnknown, "no such manifest");
         }},
    {.info = {"v.invalid-name-404", kVariant, "an invalid repository name is answered with 404"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status == 400 && response.body.find(code::kNameInvalid) != std::string::npos) {
             response = problem(404, code::kNameUnknown, "no such repository");
           }
         }},
    {.info = {"v.digest-invalid-as-upload-invalid", kVariant,
              "a digest that does not match is reported as BLOB_UPLOAD_INVALID"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           code_as<Method::kPut, Endpoint::kUpload, 400, code::kDigestInvalid, code::kBlobUploadInvalid>(
               request, response, core);
           code_as<Method::kPost, Endpoint::kUploads, 400, code::kDigestInvalid, code::kBlobUploadInvalid>(
               request, response, core);
         }},
    {.info = {"v.repo-exists-with-first-manifest", kVariant, "a repository exists once it holds a manifest"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "manifest in: " + request.route.repository;
           if (on(request, Method::kPut, Endpoint::kManifest) && response.status == 201) core.remember(note, "yes");
           const bool absent =
               response.status == 404 && (reads(request, Endpoint::kBlob) || reads(request, Endpoint::kManifest));
           const bool empty = response.status == 200 && reads(request, Endpoint::kTags);
           if ((absent || empty) && !core.recall(note))
             response = problem(404, code::kNameUnknown, "no such repository");
         }},
    {.info = {"v.wrong-method-404", kVariant, "a wrong method is answered with 404"},
     .after =
         [](const Request&, Response& response, Core&) {
           if (response.status == 405) response = problem(404, code::kUnsupported, "no such endpoint");
         }},
    {.info = {"v.immutable-tags", kVariant, "a tag cannot be moved"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest) || !by_tag(request)) return std::nullopt;
       const auto tagged = core.store().find_manifest(request.route.repository, request.route.reference);
       if (tagged && tagged->digest != oci::Digest::of(request.body).str()) {
         return problem(409, code::kDenied, "this tag is immutable");
       }
       return std::nullopt;
     }},
    {.info = {"v.warning", kVariant, "every answer has a legal warning"},
     .after = [](const Request&, Response& response,
                 Core&) { response.headers.add("Warning", R"(299 - "this is a test registry")"); }},
    {.info = {"v.no-sha512", kVariant, "sha512 is not supported"},
     .adjust = [](Rules& rules) { rules.features.sha512 = false; }},
    {.info = {"v.delete-405", kVariant, "nothing can be deleted: 405"},
     .adjust =
         [](Rules& rules) {
           rules.features.tag_delete = false;
           rules.features.manifest_delete = false;
           rules.features.blob_delete = false;
         }},
};

}  // namespace

std::span<const Deviation> variant_deviations() {
  return kVariantDeviations;
}

}  // namespace referee::registry
