#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core.hpp"
#include "deviations.hpp"
#include "grammar.hpp"
#include "problem.hpp"

namespace referee::registry {

/// Is the request a GET or HEAD of this endpoint?
inline bool reads(const Request& request, Endpoint endpoint) {
  return request.route.endpoint == endpoint && (request.method == Method::kGet || request.method == Method::kHead);
}
inline bool on(const Request& request, Method method, Endpoint endpoint) {
  return request.route.endpoint == endpoint && request.method == method;
}
/// Does a manifest or tag request name a tag?
inline bool by_tag(const Request& request) {
  return request.route.endpoint == Endpoint::kManifest && !looks_like_digest(request.route.reference);
}
inline bool succeeded(const Response& response) {
  return response.status >= 200 && response.status < 300;
}

/// Loads a body that would be streamed from the store into `response.body`, up to 64 MiB, so that it can be rewritten.
std::string& read_body(Response& response);

/// Parses the body, lets `edit` change it and writes it back; leaves a body alone that is not JSON. Key order is kept.
void edit_json(Response& response, void (*edit)(nlohmann::ordered_json& root));

/// The stored manifest of a digest in the request's repository as JSON; discarded (`is_discarded()`) if there is none.
nlohmann::json stored_manifest(Core& core, const std::string& repository, const std::string& reference);

}  // namespace referee::registry
