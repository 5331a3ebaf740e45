// Faults of collecting garbage, and of tags that cannot be moved.
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

const std::vector<std::string> kListing = {"oci-1.1", "a", "a-lenient", "b", "e"};
const std::vector<std::string> kBeforeReferrers = {"oci-1.0", "conditional", "a", "a-lenient", "b", "c", "e"};

const Deviation kCollectDeviations[] = {
    {.info = {"r.gc.drops-untagged-referrer", kFault, "an untagged referrer is collected though its subject is kept",
              kListing},
     .adjust = [](Rules& rules) { rules.gc_keeps_referrers = false; }},
    {.info = {"r.gc.keeps-orphan", kFault, "an untagged referrer is kept though its subject is gone", kListing},
     .adjust = [](Rules& rules) { rules.gc_keeps_orphans = true; }},
    {.info = {"r.gc.drops-nested-child", kFault, "what an index lists that is itself listed is collected",
              kBeforeReferrers},
     .adjust = [](Rules& rules) { rules.gc_keeps_nested = false; }},
    {.info = {"r.gc.drops-digest-tagged", kFault, "what a digest tag leads to is collected", kBeforeReferrers},
     .adjust = [](Rules& rules) { rules.gc_reads_digest_tags = false; }},
    {.info = {"r.put.immutable-all", kFault, "once there is a tag, no other can be set", {"oci-1.0-immutable-tags"}},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest) || !by_tag(request)) return std::nullopt;
       const auto& [endpoint, repository, tag] = request.route;
       if (core.store().find_manifest(repository, tag) || all_tags(core, repository).empty()) return std::nullopt;
       return problem(409, code::kDenied, "no new tags");
     }},
};

}  // namespace

std::span<const Deviation> collect_deviations() {
  return kCollectDeviations;
}

}  // namespace referee::registry
