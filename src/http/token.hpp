#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "referee/http/credentials.hpp"
#include "wire.hpp"

namespace referee::http {

struct TokenQuery {
  std::string realm;
  std::string service;
  std::vector<std::string> scopes;
  std::optional<Credential> credential;  ///< none: an anonymous token
};

struct Token {
  std::string value;
  std::chrono::seconds lifetime{60};
};

/// GET of the realm, with Basic when there is a password; POST of a refresh_token grant when there is an identity
/// token.
WireRequest token_request(const TokenQuery& query);

/// Reads `token` or `access_token` and `expires_in`. Fails with a sentence that holds nothing of the body.
tl::expected<Token, std::string> parse_token(const std::string& body);

}  // namespace referee::http
