// Faults of pulling blobs (end-2).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr auto kFault = DeviationKind::kFault;

const Deviation kDeviations[] = {
    {.info = {"r.blob.across-repositories", kFault, "a blob of another repository is served"},
     .adjust = [](Rules& rules) { rules.blobs_across_repositories = true; }},
    {.info = {"r.blob.truncated", kFault, "the last byte of a blob is missing"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kBlob) || response.status != 200) return;
           if (auto& body = read_body(response); !body.empty()) body.pop_back();
         }},
};

}  // namespace

std::span<const Deviation> blob_deviations() {
  return kDeviations;
}

}  // namespace referee::registry
