#pragma once

#include <string>

#include "message.hpp"

namespace referee::registry {

/// True for answers that never have a body: 1xx, 204, 304.
bool is_bodyless(int status);

/// Status line and header fields with the empty line. Adds Date, Server, Connection and what `framing` asks for.
/// `close`: the connection ends after this response.
std::string response_head(const Response& response, bool head_request, bool close);

}  // namespace referee::registry
