// Proposal C: node manifests, and what `/v3/` says of them.
#include <nlohmann/json.hpp>

#include "handlers.hpp"
#include "problem.hpp"

namespace referee::registry {

namespace {

using NodeJson = nlohmann::ordered_json;

constexpr std::uint64_t kLargestNode = 64ULL * 1024 * 1024;

/// A stored node; discarded if it is gone.
NodeJson read_stored_node(Core& core, const Manifest& manifest) {
  const auto content = core.store().open_manifest(manifest.digest);
  const auto bytes = content ? read_all(*content, kLargestNode).value_or("") : std::string();
  return NodeJson::parse(bytes, nullptr, false);
}

Response json_body(const NodeJson& value) {
  Response response;
  response.headers.add("Content-Type", "application/json");
  response.body = value.dump(-1, ' ', false, NodeJson::error_handler_t::replace) + "\n";
  return response;
}

NodeJson array_of(const NodeJson& node, const char* key) {
  const auto found = node.find(key);
  return found != node.end() && found->is_array() ? *found : NodeJson::array();
}

}  // namespace

Response handle_node_referrers(const Request& request, Core& core) {
  const auto digest = resolve_reference(request, core);
  if (!digest) return digest.error();
  const auto nodes = find_referrers(request, core, *digest);
  if (core.rules().referrers_are_objects) {
    auto objects = NodeJson::array();
    for (const auto& node : nodes) {
      for (auto& object : array_of(read_stored_node(core, *node), "objects")) objects.push_back(std::move(object));
    }
    return json_body({{"referrers", std::move(objects)}});
  }
  Response response;
  response.headers.add("Content-Type", "application/json");
  response.body = R"({"referrers":[)";
  for (const auto& node : nodes) {
    if (node != nodes.front()) response.body.push_back(',');
    response.body += node->descriptor;
  }
  response.body += "]}\n";
  return response;
}

Response handle_node(const Request& request, Core& core) {
  const auto digest = resolve_reference(request, core);
  if (!digest) return digest.error();
  const auto manifest = core.store().find_manifest(request.route.repository, *digest);
  const auto node = manifest && manifest->node ? read_stored_node(core, *manifest) : NodeJson();
  if (!node.is_object()) return problem(404, code::kManifestUnknown, "no such node in this repository");
  switch (request.route.endpoint) {
    case Endpoint::kNodeObjects:
      return json_body({{"objects", array_of(node, "objects")}});
    case Endpoint::kNodeDescription:
      // The proposal's sample is no JSON: an object around the text is the nearest that is.
      return json_body({{"description", node.value("description", std::string())}});
    default: {
      const auto found = node.find("reference");
      return json_body(found == node.end() || found->is_null() ? NodeJson::object() : *found);
    }
  }
}

}  // namespace referee::registry
