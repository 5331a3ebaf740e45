// `GET /v2/_oci/ext/discover` and `GET /v2/<name>/_oci/ext/discover`: the extensions that a registry has
// (distribution-spec, extensions/_oci.md). Here it is the one of proposals A and E.
#include "handlers.hpp"

namespace referee::registry {

Response handle_discover(const Request& /*request*/, Core& core) {
  // Which of the two it is: both have the same path.
  const std::string_view proposal = core.rules().features.refers ? "E" : "A";
  Response response;
  response.headers.add("Content-Type", "application/json");
  response.body = R"({"extensions":[{"name":"_oci","description":"what refers to a manifest, as in proposal )";
  response.body += proposal;
  response.body +=
      R"(","url":"https://github.com/opencontainers/wg-reference-types/blob/main/docs/proposals/PROPOSAL_)";
  response.body += proposal;
  response.body += R"(.md","endpoints":["_oci/ext/discover","_oci/artifacts/referrers"]}]})";
  response.body += "\n";
  return response;
}

}  // namespace referee::registry
