// Faults of proposal E: the field `refers` and the referrers API.
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

const Deviation kRefersDeviations[] = {
    {.info = {"r.E.refers-ignored", kFault, "image manifests with `refers` are not listed", {"e"}},
     .adjust = [](Rules& rules) { rules.link_images = false; }},
    {.info = {"r.E.artman-unlisted", kFault, "artifact manifests with `refers` are not listed", {"e"}},
     .adjust = [](Rules& rules) { rules.link_artifacts = false; }},
    {.info = {"r.E.filters-annotation-missing", kFault, "a filtered list does not say so", {"e"}},
     .adjust = [](Rules& rules) { rules.filters_applied_key = {}; }},
    {.info = {"r.E.filters-annotation-wrong-key", kFault, "a filtered list says so under another key", {"e"}},
     .adjust = [](Rules& rules) { rules.filters_applied_key = "org.opencontainers.filtersApplied"; }},
    {.info =
         {"r.E.no-rescan-on-upgrade", kFault, "what digest tags list is not found when the API is switched on", {"e"}},
     .adjust = [](Rules& rules) { rules.rescan = false; }},
};

}  // namespace

std::span<const Deviation> refers_deviations() {
  return kRefersDeviations;
}

}  // namespace referee::registry
