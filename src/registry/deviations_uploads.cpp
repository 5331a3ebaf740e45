// Faults of pushing blobs (end-4 to end-6, end-13, end-14).
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr auto kFault = DeviationKind::kFault;

const Deviation kDeviations[] = {
    {.info = {"r.upload.accept-digest-mismatch", kFault, "a blob is stored under a digest that is not its own"},
     .adjust = [](Rules& rules) { rules.check_blob_digest = false; }},
    {.info = {"r.upload.accept-out-of-order", kFault, "a chunk is accepted wherever it claims to start"},
     .adjust = [](Rules& rules) { rules.check_chunk_order = false; }},
};

}  // namespace

std::span<const Deviation> upload_deviations() {
  return kDeviations;
}

}  // namespace referee::registry
