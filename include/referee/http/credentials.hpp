#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace referee::http {

struct Credential {
  std::string username;
  std::string password;
  std::string identity_token;  ///< refresh token of docker's `identitytoken`; used in place of a password
};

/// Credentials for each host (`host` or `host:port`). Immutable once handed to a client, so thread-safe.
class CredentialStore {
 public:
  virtual ~CredentialStore() = default;
  [[nodiscard]] virtual std::optional<Credential> find(std::string_view host) const = 0;
};

/// One credential for one host.
std::shared_ptr<const CredentialStore> fixed_credential(std::string host, Credential credential);

struct CredentialSources {
  std::string host;           ///< the target's host[:port]
  std::string username_file;  ///< --username-file
  std::string password_file;  ///< --password-file
  std::string docker_config;  ///< --docker-config; empty: $DOCKER_CONFIG/config.json, ~/.docker/config.json
};

/// Looks, in this order, at the files named by flags, at REFEREE_USERNAME and REFEREE_PASSWORD, and at docker's
/// config.json (auths, credHelpers, credsStore; helpers run `docker-credential-<name> get` with a 10 s limit). Fails
/// with one line that says which file is wrong and what to do; finding nothing is not a failure but a null store
/// (anonymous).
tl::expected<std::shared_ptr<const CredentialStore>, std::string> load_credentials(const CredentialSources& sources);

}  // namespace referee::http
