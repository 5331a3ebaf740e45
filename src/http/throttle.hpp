#pragma once

#include <chrono>

#include "referee/http/clock.hpp"
#include "referee/http/message.hpp"

namespace referee::http {

/// 429 and 503: the server asks for patience.
bool throttled(const Response& response);

/// How long to wait before try number `retry` (from 0): Retry-After (RFC 9110, section 10.2.3) in seconds or as a date,
/// else 200 ms * 2^retry. Never negative.
std::chrono::milliseconds retry_delay(const Response& response, int retry, const Clock& clock);

}  // namespace referee::http
