#pragma once

#include <optional>

#include "referee/http/message.hpp"

namespace referee::http {

/// What makes a request unfit to be sent: a URL that is not absolute http(s) or carries a password, a method or header
/// that would break out of its line. nullopt: it can be sent.
std::optional<Error> check_request(const Request& request);

}  // namespace referee::http
