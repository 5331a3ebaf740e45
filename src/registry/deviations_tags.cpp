// Faults of listing tags (end-8).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr auto kFault = DeviationKind::kFault;

const Deviation kDeviations[] = {
    {.info = {"r.tags.n-ignored", kFault, "n has no effect"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (reads(request, Endpoint::kTags)) request.query.remove("n");
       return std::nullopt;
     }},
    {.info = {"r.tags.unsorted", kFault, "tags are listed in reverse order"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kTags) || response.status != 200) return;
           edit_json(response,
                     [](nlohmann::ordered_json& root) { std::reverse(root["tags"].begin(), root["tags"].end()); });
         }},
};

}  // namespace

std::span<const Deviation> tag_deviations() {
  return kDeviations;
}

}  // namespace referee::registry
