// Proposal B: `GET /v2/<name>/manifests/<ref>/references`.
#include "handlers.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::registry {

Response handle_references(const Request& request, Core& core) {
  const auto digest = resolve_reference(request, core);
  if (!digest) return digest.error();

  Response response;
  response.headers.add("Content-Type", std::string(oci::media_type::kIndex));
  response.body = R"({"schemaVersion":2,"mediaType":")" + std::string(oci::media_type::kIndex) + R"(","manifests":[)";
  // Complete, however long: the proposal knows no pages.
  bool first = true;
  for (const auto& manifest : find_referrers(request, core, *digest)) {
    if (!first) response.body.push_back(',');
    response.body += manifest->descriptor;
    first = false;
  }
  response.body += "]}\n";
  return response;
}

}  // namespace referee::registry
