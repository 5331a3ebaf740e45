// Faults of proposal C: node manifests and what `/v3/` says of them.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using NodeAnswer = nlohmann::ordered_json;

constexpr int kDeepestChain = 8;

/// How many manifests one comes to from here, going from reference to reference.
int chain_length(Core& core, const std::string& repository, nlohmann::json manifest) {
  int length = 0;
  while (length <= kDeepestChain && manifest.is_object() && manifest.contains("reference") &&
         manifest["reference"].is_object()) {
    ++length;
    manifest = stored_manifest(core, repository, manifest["reference"].value("digest", std::string()));
  }
  return length;
}

const Deviation kNodeDeviations[] = {
    {.info = {"r.C.external-refused", kFault, "a node whose reference has urls is refused", {"c"}},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto manifest = pushed_manifest(request);
       if (!manifest.is_object() || !manifest.contains("reference") || !manifest["reference"].is_object()) {
         return std::nullopt;
       }
       if (!manifest["reference"].contains("urls")) return std::nullopt;
       return problem(400, code::kManifestInvalid, "a reference to something elsewhere");
     }},
    {.info = {"r.C.chain-capped", kFault, "a chain of more than eight nodes is refused", {"c"}},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (chain_length(core, request.route.repository, pushed_manifest(request)) <= kDeepestChain) return std::nullopt;
       return problem(400, code::kManifestInvalid, "the chain is too long");
     }},
    {.info = {"r.C.v3-absent", kFault, "there is nothing below /v3/", {"c"}},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (request.style != PathStyle::kV3) return std::nullopt;
       return problem(404, code::kUnsupported, "no such endpoint");
     }},
    {.info = {"r.C.nested-node-ok", kFault, "a node that holds a node is stored", {"c"}},
     .adjust = [](Rules& rules) { rules.check_node_objects = false; }},
    {.info = {"r.C.two-references-ok", kFault, "a node with several references is stored", {"c"}},
     .adjust = [](Rules& rules) { rules.check_node_reference = false; }},
    {.info = {"r.C.referrers-objects", kFault, "the referrers are what nodes hold, instead of the nodes", {"c"}},
     .adjust = [](Rules& rules) { rules.referrers_are_objects = true; }},
    {.info = {"r.C.objects-reordered", kFault, "the objects of a node come in reverse order", {"c"}},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kNodeObjects) || response.status != 200) return;
           edit_json(response, [](NodeAnswer& root) { std::ranges::reverse(root["objects"]); });
         }},
    {.info = {"r.C.description-lost", kFault, "the description of a node is empty", {"c"}},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kNodeDescription) || response.status != 200) return;
           edit_json(response, [](NodeAnswer& root) { root["description"] = ""; });
         }},
    {.info = {"r.C.reference-null-404", kFault, "the reference of a node that has none is answered with 404", {"c"}},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kNodeReference) || response.status != 200) return;
           if (response.body == "{}\n") response = problem(404, code::kManifestUnknown, "no reference");
         }},
};

}  // namespace

std::span<const Deviation> node_deviations() {
  return kNodeDeviations;
}

}  // namespace referee::registry
