#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "challenge.hpp"
#include "origin.hpp"
#include "redactor.hpp"
#include "token_cache.hpp"
#include "wire.hpp"

namespace referee::http {

/// Sends a request to a token server; redirects and retries are the sender's business.
using TokenSender = std::function<Result(const WireRequest&)>;

/// Answers 401: Basic, and Bearer by the token flow that registries share (docker's "token authentication" documents).
/// Remembers what each origin asked for, so that later requests carry their Authorization at once. Thread-safe.
class Authenticator {
 public:
  /// An Authorization value, and whether it was made for this very request (so a second 401 is final).
  struct Grant {
    std::string authorization;
    bool fresh = false;
  };

  Authenticator(std::shared_ptr<const CredentialStore> credentials, Clock& clock, Redactor& redactor);

  /// What can be sent without asking: remembered Basic, or a cached token for these scopes.
  std::optional<std::string> known(const Origin& origin, const std::vector<std::string>& scopes);

  /// Answers the challenges of a 401. `sent` is the Authorization that was refused, or empty. An empty result means
  /// that nothing better can be sent and the 401 stands; an Error that the token server failed.
  tl::expected<std::optional<Grant>, Error> answer(const Origin& origin, const Headers& headers,
                                                   const std::vector<std::string>& scopes, const std::string& sent,
                                                   const TokenSender& send);

 private:
  using Answer = tl::expected<std::optional<Grant>, Error>;

  Answer bearer(const Origin& origin, const Challenge& challenge, const std::vector<std::string>& scopes,
                const std::string& sent, const TokenSender& send);
  std::optional<Credential> credential_for(const Origin& origin);

  std::shared_ptr<const CredentialStore> credentials_;
  Clock& clock_;
  Redactor& redactor_;
  TokenCache cache_;
  std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> basic_;  ///< origin -> Authorization
};

}  // namespace referee::http
