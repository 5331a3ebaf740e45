// Faults of proposal B: the field `reference` and its list.
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr std::size_t kFewReferences = 100;

bool lists_references(const Request& request) {
  return reads(request, Endpoint::kReferrers) && request.style == PathStyle::kReferences;
}

const Deviation kReferenceDeviations[] = {
    {.info = {"r.B.reference-dropped", kFault, "a manifest is stored, but its reference is forgotten", {"b"}},
     .adjust = [](Rules& rules) { rules.link_images = false; }},
    {.info = {"r.B.indexonly", kFault, "the reference of an index is forgotten: only images are scanned", {"b"}},
     .adjust = [](Rules& rules) { rules.index_subjects = false; }},
    {.info = {"r.B.layer-reference-listed", kFault, "the reference of a layer lists its manifest", {"b"}},
     .adjust = [](Rules& rules) { rules.link_descriptors = true; }},
    {.info = {"r.B.truncated", kFault, "a list of references ends after 100", {"b"}},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list || !lists_references(request) || list->size() <= kFewReferences) return;
           list->erase(list->begin() + kFewReferences, list->end());
           set_list(response, Endpoint::kReferrers, std::move(*list));
         }},
    {.info = {"r.B.tag-not-resolved", kFault, "the references of a tag are an empty list", {"b"}},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!lists_references(request) || looks_like_digest(request.route.reference)) return;
           if (list_of(request, response, Endpoint::kReferrers)) {
             set_list(response, Endpoint::kReferrers, nlohmann::ordered_json::array());
           }
         }},
    {.info = {"r.B.404-when-empty", kFault, "an empty list of references is answered with 404", {"b"}},
     .after =
         [](const Request& request, Response& response, Core&) {
           const auto list = list_of(request, response, Endpoint::kReferrers);
           if (list && list->empty() && lists_references(request)) {
             response = problem(404, code::kManifestUnknown, "no references");
           }
         }},
    {.info = {"r.B.list-writable", kFault, "a list of references can be deleted", {"b"}},
     .after =
         [](const Request& request, Response& response, Core&) {
           const bool deletes = on(request, Method::kDelete, Endpoint::kReferrers);
           if (!deletes || request.style != PathStyle::kReferences || response.status != 405) return;
           response = Response{};
           response.status = 202;
         }},
    {.info = {"r.B.repo-named-manifests-clash",
              kFault,
              "the tag `references` of a repository that ends in `manifests` cannot be pulled: it is taken for a list",
              {"b"}},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       static constexpr std::string_view kSuffix = "/manifests";
       auto& route = request.route;
       if (!reads(request, Endpoint::kManifest) || route.reference != "references") return std::nullopt;
       if (!route.repository.ends_with(kSuffix)) return std::nullopt;
       request.style = PathStyle::kReferences;
       route.endpoint = Endpoint::kReferrers;
       route.reference = kSuffix.substr(1);
       route.repository.resize(route.repository.size() - kSuffix.size());
       return std::nullopt;
     }},
};

}  // namespace

std::span<const Deviation> reference_deviations() {
  return kReferenceDeviations;
}

}  // namespace referee::registry
