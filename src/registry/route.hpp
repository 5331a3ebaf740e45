#pragma once

#include <optional>
#include <string_view>

#include "message.hpp"
#include "referee/registry/profile.hpp"

namespace referee::registry {

Method parse_method(std::string_view text);

/// Splits a request target. Reads a path from its end, since a repository may itself be named `blobs/uploads`. nullopt
/// on a broken percent escape.
struct Target {
  Route route;
  PathStyle style = PathStyle::kDistribution;
  Query query;
};
std::optional<Target> parse_target(std::string_view target);

/// Does a registry with these features have this endpoint? If not, it is a path like any that nobody knows.
bool is_served(Endpoint endpoint, PathStyle style, const Features& features);

/// The value of Allow for an endpoint.
std::string_view allowed_methods(Endpoint endpoint);
bool is_allowed(Endpoint endpoint, Method method);

}  // namespace referee::registry
