#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "referee/http/credentials.hpp"

namespace referee::http {

/// Runs `docker-credential-<name> get` with the server on its input and reads the credential that it prints. nullopt
/// when the helper knows none. Its output is bounded; it is killed when it takes longer than `limit`.
tl::expected<std::optional<Credential>, std::string> ask_helper(
    const std::string& name, const std::string& server, std::chrono::milliseconds limit = std::chrono::seconds(10));

}  // namespace referee::http
