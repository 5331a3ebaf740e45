// Faults of deleting (end-9, end-10).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr auto kFault = DeviationKind::kFault;

const Deviation kDeviations[] = {
    {.info = {"r.del.disabled-500", kFault, "deleting is switched off and answered with 500"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto endpoint = request.route.endpoint;
       if (request.method != Method::kDelete) return std::nullopt;
       if (endpoint != Endpoint::kManifest && endpoint != Endpoint::kBlob) return std::nullopt;
       return problem(500, code::kUnsupported, "deleting is switched off");
     }},
    {.info = {"r.del.leaves-tag", kFault, "the tags of a deleted manifest stay and go on serving it"},
     .adjust = [](Rules& rules) { rules.delete_manifest_keeps_tags = true; }},
    {.info = {"r.del.tag-deletes-manifest", kFault, "deleting a tag deletes its manifest"},
     .adjust = [](Rules& rules) { rules.delete_tag_deletes_manifest = true; }},
};

}  // namespace

std::span<const Deviation> delete_deviations() {
  return kDeviations;
}

}  // namespace referee::registry
