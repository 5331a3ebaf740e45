// Legal but unusual behaviour, which no check may mind.
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

constexpr auto kVariant = DeviationKind::kVariant;

const Deviation kDeviations[] = {
    {.info = {"v.chunked-responses", kVariant, "bodies are sent in chunked coding, without Content-Length"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (request.method == Method::kGet) response.framing = Framing::kChunked;
         }},
    {.info = {"v.delete-405", kVariant, "nothing can be deleted: 405"},
     .adjust =
         [](Rules& rules) {
           rules.features.tag_delete = false;
           rules.features.manifest_delete = false;
           rules.features.blob_delete = false;
         }},
    {.info = {"v.early-paging", kVariant, "at most two tags come in one answer, with a Link to the next"},
     .adjust = [](Rules& rules) { rules.features.tags_page = 2; }},
    {.info = {"v.mount-202", kVariant, "blobs are never mounted: 202 and an upload session"},
     .adjust = [](Rules& rules) { rules.features.mount = false; }},
};

}  // namespace

std::span<const Deviation> variant_deviations() {
  return kDeviations;
}

}  // namespace referee::registry
