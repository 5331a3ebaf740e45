#pragma once

#include <optional>
#include <tl/expected.hpp>

#include "origin.hpp"
#include "wire.hpp"

namespace referee::http {

/// 301, 302, 303, 307 or 308 with a Location.
bool is_redirect(const Response& response);

/// The request that follows a redirect (RFC 9110, section 15.4). 303 turns everything but HEAD into GET. 301 and 302
/// keep method and body, POST included: a registry that moves an upload session means an upload, and a GET would lose
/// the blob. Authorization, Cookie and the like go only to the same scheme, host and port.
tl::expected<WireRequest, Error> follow(const WireRequest& request, const Response& response);

}  // namespace referee::http
