#pragma once

#include <optional>
#include <string>

#include "message.hpp"
#include "referee/registry/server.hpp"

namespace referee::registry {

class Core;

/// `Basic`, `Bearer`, `other`, or empty if the request has no Authorization.
std::string kind_of_credentials(const Request& request);

/// Did the client call this server `localhost`? To a client that knows it by its address, that is another host.
bool came_by_other_name(const Request& request);

/// 401 with a challenge, unless the request may do what it asks for.
std::optional<Response> refuse_unauthorized(const Request& request, Core& core, const AuthOptions& auth);

/// The answer of the token server: a token for every scope that was asked for. nullopt for other paths than `/token`.
std::optional<Response> answer_token_request(const Request& request, Core& core, const AuthOptions& auth);

}  // namespace referee::registry
