// Faults of pages of the referrers list and of its filter (end-12a, end-12b).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

/// Takes the filter off the request, so that the fault can apply its own.
std::optional<Response> drop_filter(Request& request, Core& /*core*/) {
  const auto wanted = request.query.get("artifactType");
  if (!reads(request, Endpoint::kReferrers) || !wanted) return std::nullopt;
  request.query.set("referee-filter", std::string(*wanted));
  request.query.remove("artifactType");
  return std::nullopt;
}
/// Applies the taken filter by `passes` and claims it.
void apply_filter(const Request& request, Response& response,
                  bool (*passes)(const Json& entry, const std::string& wanted)) {
  const auto wanted = request.query.get("referee-filter");
  const auto list = list_of(request, response, Endpoint::kReferrers);
  if (!wanted || !list) return;
  Json kept = Json::array();
  for (const auto& entry : *list) {
    if (passes(entry, std::string(*wanted))) kept.push_back(entry);
  }
  set_list(response, Endpoint::kReferrers, kept);
  response.headers.set("OCI-Filters-Applied", "artifactType");
}
/// The descriptor behind which a further page begins; proposal A names it otherwise.
std::string page_after(const Request& request) {
  return std::string(request.query.get(request.query.has("after") ? "after" : "last").value_or(""));
}
std::string type_of(const Json& entry) {
  return entry.value("artifactType", std::string());
}

const Deviation kReferrersPageDeviations[] = {
    {.info = {"r.ref.truncate-no-link", kFault, "a list that does not fit one answer is cut"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (reads(request, Endpoint::kReferrers)) response.headers.remove("Link");
         }},
    {.info = {"r.ref.page-skip", kFault, "each further page leaves out its first descriptor"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           if (page_after(request).empty() || list->empty()) return;
           list->erase(0);
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.page-dup", kFault, "each further page repeats the last descriptor of the page before"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           const auto last = core.store().find_manifest(request.route.repository, page_after(request));
           if (!last || last->descriptor.empty()) return;
           list->insert(list->begin(), Json::parse(last->descriptor));
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.link-loop", kFault, "each Link leads to the first page"},
     .after =
         [](const Request& request, Response& response, Core&) {
           const auto target = link_target(response);
           if (!reads(request, Endpoint::kReferrers) || target.empty()) return;
           set_link(response,
                    without_parameter(without_parameter(without_parameter(target, "last"), "after"), "created"));
         }},
    {.info = {"r.ref.link-unbracketed", kFault, "the Link of the referrers list has no brackets"},
     .after =
         [](const Request& request, Response& response, Core&) {
           const auto target = link_target(response);
           if (!reads(request, Endpoint::kReferrers) || target.empty()) return;
           response.headers.set("Link", target + "; rel=\"next\"");
         }},
    {.info = {"r.ref.link-no-rel", kFault, "the Link of the referrers list has no rel"},
     .after =
         [](const Request& request, Response& response, Core&) {
           const auto target = link_target(response);
           if (!reads(request, Endpoint::kReferrers) || target.empty()) return;
           response.headers.set("Link", "<" + target + ">");
         }},
    {.info = {"r.ref.page2-content-type", kFault, "pages after the first come as application/json"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (lists(request, response, Endpoint::kReferrers) && request.query.has("last"))
             response.headers.set("Content-Type", "application/json");
         }},
    {.info = {"r.ref.page-too-big", kFault, "a list of any size comes in one answer"},
     .adjust = [](Rules& rules) { rules.features.referrers_page = UINT64_MAX; }},
    {.info = {"r.ref.link-drops-filter", kFault, "further pages are not filtered"},
     .after =
         [](const Request& request, Response& response, Core&) {
           const auto target = link_target(response);
           if (!reads(request, Endpoint::kReferrers) || target.empty()) return;
           set_link(response, without_parameter(target, "artifactType"));
         }},
    {.info = {"r.ref.filter-claimed-not-done", kFault, "OCI-Filters-Applied is sent, but every referrer is listed"},
     .before = drop_filter,
     .after = [](const Request& request, Response& response,
                 Core&) { apply_filter(request, response, [](const Json&, const std::string&) { return true; }); }},
    {.info = {"r.ref.filter-done-not-claimed", kFault,
              "the artifactType filter is applied without OCI-Filters-Applied"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (reads(request, Endpoint::kReferrers)) response.headers.remove("OCI-Filters-Applied");
         }},
    {.info = {"r.ref.filters-not-a-list", kFault,
              "OCI-Filters-Applied names every parameter, with blanks between them"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!lists(request, response, Endpoint::kReferrers) || !response.headers.has("OCI-Filters-Applied")) return;
           std::string names;
           for (const auto& [name, value] : request.query.parameters()) names += (names.empty() ? "" : " ") + name;
           if (names.find(' ') != std::string::npos) response.headers.set("OCI-Filters-Applied", names);
         }},
    {.info = {"r.ref.filter-header-always", kFault, "OCI-Filters-Applied is sent though no filter was asked for"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (lists(request, response, Endpoint::kReferrers))
             response.headers.set("OCI-Filters-Applied", "artifactType");
         }},
    {.info = {"r.ref.filter-header-only-with-hits", kFault, "OCI-Filters-Applied is missing when nothing matched"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           if (list->empty()) response.headers.remove("OCI-Filters-Applied");
         }},
    {.info = {"r.ref.filter-first-only", kFault, "a filtered list ends after the first match"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           if (!request.query.has("artifactType")) return;

           while (list->size() > 1) list->erase(list->size() - 1);
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.filter-substring", kFault, "the filter passes every type that holds the wanted text"},
     .before = drop_filter,
     .after =
         [](const Request& request, Response& response, Core&) {
           apply_filter(request, response, [](const Json& entry, const std::string& wanted) {
             return type_of(entry).find(wanted) != std::string::npos;
           });
         }},
    {.info = {"r.ref.filter-plus-as-space", kFault, "a plus sign in the wanted type is taken for a blank"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!reads(request, Endpoint::kReferrers)) return std::nullopt;
       if (const auto wanted = request.query.get("artifactType")) {
         auto text = std::string(*wanted);
         std::ranges::replace(text, '+', ' ');
         request.query.set("artifactType", text);
       }
       return std::nullopt;
     }},
    {.info = {"r.ref.filter-cuts-at-ampersand", kFault, "the wanted type ends at an encoded ampersand or hash"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!reads(request, Endpoint::kReferrers)) return std::nullopt;
       if (const auto wanted = request.query.get("artifactType")) {
         request.query.set("artifactType", std::string(wanted->substr(0, wanted->find_first_of("&#"))));
       }
       return std::nullopt;
     }},
    {.info = {"r.ref.filter-empty-404", kFault, "a filter without a match is answered with 404"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           if (!request.query.has("artifactType")) return;
           if (list->empty()) response = problem(404, code::kManifestUnknown, "no referrers");
         }},
    {.info = {"r.ref.filter-empty-null", kFault, "the manifests of a filtered list without a match are null"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           if (!request.query.has("artifactType")) return;
           if (list->empty()) set_list(response, Endpoint::kReferrers, nullptr);
         }},
    {.info = {"r.ref.filter-ignores-config-type", kFault, "the filter does not see a type that comes from the config"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           if (!request.query.has("artifactType")) return;

           Json kept = Json::array();
           for (const auto& entry : *list) {
             const auto manifest =
                 stored_manifest(core, request.route.repository, entry.value("digest", std::string()));
             if (!manifest.value("artifactType", std::string()).empty()) kept.push_back(entry);
           }
           set_list(response, Endpoint::kReferrers, kept);
         }},
    {.info = {"r.ref.filter-skips-index", kFault, "the filter never passes an index"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           if (!request.query.has("artifactType")) return;

           Json kept = Json::array();
           for (const auto& entry : *list) {
             if (entry.value("mediaType", std::string()).find("index") == std::string::npos) kept.push_back(entry);
           }
           set_list(response, Endpoint::kReferrers, kept);
         }},
    {.info = {"r.ref.filter-passes-untyped", kFault, "the filter passes entries without a type"},
     .before = drop_filter,
     .after =
         [](const Request& request, Response& response, Core&) {
           apply_filter(request, response, [](const Json& entry, const std::string& wanted) {
             return type_of(entry).empty() || type_of(entry) == wanted;
           });
         }},
};

}  // namespace

std::span<const Deviation> referrers_page_deviations() {
  return kReferrersPageDeviations;
}

}  // namespace referee::registry
