// Faults of proposal E: the field `refers` and the referrers API.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using RefersJson = nlohmann::ordered_json;

const Deviation kRefersDeviations[] = {
    {.info = {"r.E.order-unstable", kFault, "every second list comes in reverse order", {"e"}},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list || core.count("order: " + request.target) % 2 == 0) return;
           std::ranges::reverse(*list);
           set_list(response, Endpoint::kReferrers, std::move(*list));
         }},
    {.info = {"r.E.filter-union", kFault, "of several filters each passes what it names", {"e"}},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto wanted = request.query.all("artifactType");
       if (!reads(request, Endpoint::kReferrers) || wanted.size() < 2) return std::nullopt;
       std::string all;
       for (const auto& one : wanted) all += one + "\n";
       request.query.set("referee-union", all);
       request.query.remove("artifactType");
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto wanted = std::string(request.query.get("referee-union").value_or(""));
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (wanted.empty() || !list) return;
           auto kept = RefersJson::array();
           for (const auto& entry : *list) {
             const auto type = entry.value("artifactType", std::string());
             if (!type.empty() && wanted.find(type + "\n") != std::string::npos) kept.push_back(entry);
           }
           auto root = RefersJson::parse(response.body, nullptr, false);
           root["manifests"] = std::move(kept);
           root["annotations"] = {{core.rules().filters_applied_key, "artifactType"}};
           response.body = root.dump();
         }},
    {.info = {"r.E.discover-nameless", kFault, "the extensions have no names", {"a", "a-lenient", "e"}},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kDiscover) || response.status != 200) return;
           edit_json(response, [](RefersJson& root) {
             for (auto& extension : root["extensions"]) extension.erase("name");
           });
         }},
    {.info = {"r.E.refers-ignored", kFault, "image manifests with `refers` are not listed", {"e"}},
     .adjust = [](Rules& rules) { rules.link_images = false; }},
    {.info = {"r.E.artman-unlisted", kFault, "artifact manifests with `refers` are not listed", {"e"}},
     .adjust = [](Rules& rules) { rules.link_artifacts = false; }},
    {.info = {"r.E.filters-annotation-missing", kFault, "a filtered list does not say so", {"e"}},
     .adjust = [](Rules& rules) { rules.filters_applied_key = {}; }},
    {.info = {"r.E.filters-annotation-wrong-key", kFault, "a filtered list says so under another key", {"e"}},
     .adjust = [](Rules& rules) { rules.filters_applied_key = "org.opencontainers.filtersApplied"; }},
    {.info = {"r.E.no-rescan-on-upgrade",
              kFault,
              "what digest tags list is not found when the API is switched on",
              {"e", "oci-1.1"}},
     .adjust = [](Rules& rules) { rules.rescan = false; }},
    {.info = {"v.rescan-everything", kVariant, "an API that is switched on finds every old referrer", {"e", "oci-1.1"}},
     .adjust = [](Rules& rules) { rules.rescan_everything = true; }},
};

}  // namespace

std::span<const Deviation> refers_deviations() {
  return kRefersDeviations;
}

}  // namespace referee::registry
