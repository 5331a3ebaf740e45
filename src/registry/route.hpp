#pragma once

#include <optional>
#include <string_view>

#include "message.hpp"

namespace referee::registry {

Method parse_method(std::string_view text);

/// Splits a request target. Reads a path from its end, since a repository may itself be named `blobs/uploads`. nullopt
/// on a broken percent escape.
struct Target {
  Route route;
  Query query;
};
std::optional<Target> parse_target(std::string_view target);

/// The value of Allow for an endpoint.
std::string_view allowed_methods(Endpoint endpoint);
bool is_allowed(Endpoint endpoint, Method method);

}  // namespace referee::registry
