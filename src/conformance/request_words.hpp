#pragma once

#include <string>

#include "referee/http/exchange.hpp"

namespace referee::conformance {

/// What was asked and what came, in the protocol's words: `GET /v2/<name>/manifests/<tag> answered 404`. Names, digests
/// and sessions are left out: the words are the same for every seed, host and replay.
std::string request_words(const http::Exchange& exchange);

}  // namespace referee::conformance
