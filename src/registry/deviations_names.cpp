// Faults of tags and repository names, and of conditional requests.
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

const Deviation kNameDeviations[] = {
    {.info = {"r.get.no-etag", kFault, "manifests come without an ETag, and If-None-Match has no effect"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (reads(request, Endpoint::kManifest)) request.headers.remove("If-None-Match");
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core&) {
           if (request.route.endpoint == Endpoint::kManifest) response.headers.remove("ETag");
         }},
    {.info = {"r.get.etag-not-stable", kFault, "the ETag of a manifest is another one in each answer"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!reads(request, Endpoint::kManifest) || response.status != 200) return;
           response.headers.set("ETag", '"' + std::to_string(core.count("etag")) + '"');
         }},
    {.info = {"r.get.ignore-if-none-match", kFault, "If-None-Match has no effect on a pull"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (reads(request, Endpoint::kManifest) || reads(request, Endpoint::kBlob))
         request.headers.remove("If-None-Match");
       return std::nullopt;
     }},
    {.info = {"r.get.etag-survives-move", kFault, "the ETag of a tag stays when the tag moves"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!reads(request, Endpoint::kManifest) || response.status != 200) return;
           if (!by_tag(request)) return;
           const auto note = "etag: " + request.route.repository + ":" + request.route.reference;
           if (const auto first = core.recall(note)) {
             response.headers.set("ETag", *first);
           } else {
             core.remember(note, std::string(response.headers.value("ETag")));
           }
         }},
    {.info = {"r.put.ignore-if-match", kFault, "If-Match has no effect on a push"},
     .adjust = [](Rules& rules) { rules.honour_if_match = false; }},
    {.info = {"r.put.ignore-if-none-match", kFault, "If-None-Match has no effect on a push"},
     .adjust = [](Rules& rules) { rules.honour_if_none_match = false; }},
    {.info = {"r.put.if-match-racy", kFault, "If-Match is judged before the write, not together with it"},
     .adjust = [](Rules& rules) { rules.atomic_conditions = false; }},
    {.info = {"r.put.tag-128-refused", kFault, "a tag of 128 characters is refused"},
     .adjust = [](Rules& rules) { rules.longest_tag = 127; }},
    {.info = {"r.put.tag-129-ok", kFault, "tags may be longer than 128 characters"},
     .adjust = [](Rules& rules) { rules.longest_tag = 1024; }},
    {.info = {"r.put.tag-grammar-off", kFault, "any text without a slash is a tag"},
     .adjust = [](Rules& rules) { rules.check_tags = false; }},
    {.info = {"r.tags.case-folded", kFault, "tags that differ in case alone are one tag"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!by_tag(request)) return std::nullopt;
       for (auto& c : request.route.reference) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
       return std::nullopt;
     }},
    {.info = {"r.name.grammar-off", kFault, "any text is a repository name"},
     .adjust = [](Rules& rules) { rules.check_repositories = false; }},
    {.info = {"r.name.separators-refused", kFault,
              "repository names with a double underscore or a run of dashes are refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto& name = request.route.repository;
       if (name.find("__") != std::string::npos || name.find("--") != std::string::npos) {
         return problem(400, code::kNameInvalid, "the repository name is not valid");
       }
       return std::nullopt;
     }},
};

}  // namespace

std::span<const Deviation> name_deviations() {
  return kNameDeviations;
}

}  // namespace referee::registry
