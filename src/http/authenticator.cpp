#include "authenticator.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "encoding.hpp"
#include "referee/oci/base64.hpp"
#include "token.hpp"

namespace referee::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string key_of(const Origin& origin) {
  return origin.scheme + "://" + origin.host + ":" + origin.port;
}

ScopeSet scope_set(const std::vector<std::string>& scopes) {
  ScopeSet set;
  for (const auto& scope : scopes) set.add(scope);
  return set;
}

/// A token is used until shortly before its end, so that it does not expire on its way.
milliseconds usable(seconds lifetime) {
  constexpr milliseconds kMargin{10000};
  const milliseconds whole = lifetime;
  return whole - std::min(kMargin, whole / 4);
}

/// Credentials go to a token server over TLS, to the registry's own origin, or to this machine; to no other plain one.
bool may_see_credentials(const Origin& realm, const Origin& registry) {
  return realm.secure() || realm.same(registry) || realm.loopback();
}

}  // namespace

Authenticator::Authenticator(std::shared_ptr<const CredentialStore> credentials, Clock& clock, Redactor& redactor)
    : credentials_(std::move(credentials)), clock_(clock), redactor_(redactor) {}

std::optional<Credential> Authenticator::credential_for(const Origin& origin) {
  if (!credentials_) return std::nullopt;
  auto found = credentials_->find(origin.authority());
  const bool default_port = origin.port == (origin.secure() ? "443" : "80");
  if (!found && origin.explicit_port && default_port) found = credentials_->find(origin.host);
  if (found) redactor_.add_credential(*found);
  return found;
}

std::optional<std::string> Authenticator::known(const Origin& origin, const std::vector<std::string>& scopes) {
  {
    const std::lock_guard lock(mutex_);
    if (basic_.empty() && cache_.empty()) return std::nullopt;  // nobody has asked yet: not worth sorting scopes for
  }
  const std::string key = key_of(origin);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = basic_.find(key); found != basic_.end()) return found->second;
  }
  const auto entry = cache_.recall(key, scope_set(scopes).key());
  if (!entry) return std::nullopt;
  const std::lock_guard lock(entry->mutex);
  if (entry->token.empty() || clock_.now() >= entry->expires) return std::nullopt;
  return "Bearer " + entry->token;
}

Authenticator::Answer Authenticator::answer(const Origin& origin, const Headers& headers,
                                            const std::vector<std::string>& scopes, const std::string& sent,
                                            const TokenSender& send) {
  const auto challenges = parse_challenges(headers);
  const auto offered = [&challenges](std::string_view scheme) {
    return std::ranges::find_if(challenges,
                                [scheme](const Challenge& challenge) { return iequals(challenge.scheme, scheme); });
  };
  if (const auto found = offered("Bearer"); found != challenges.end() && !found->parameter("realm").empty()) {
    return bearer(origin, *found, scopes, sent, send);
  }
  if (offered("Basic") == challenges.end()) return std::nullopt;
  const auto credential = credential_for(origin);
  if (!credential || credential->password.empty()) return std::nullopt;
  std::string authorization = "Basic " + oci::base64_encode(credential->username + ":" + credential->password);
  if (authorization == sent) return std::nullopt;
  const std::lock_guard lock(mutex_);
  basic_[key_of(origin)] = authorization;
  return Grant{std::move(authorization), true};
}

Authenticator::Answer Authenticator::bearer(const Origin& origin, const Challenge& challenge,
                                            const std::vector<std::string>& scopes, const std::string& sent,
                                            const TokenSender& send) {
  TokenQuery query;
  query.realm = challenge.parameter("realm");
  query.service = challenge.parameter("service");
  const auto realm = parse_origin(query.realm);
  if (!realm || realm->userinfo || (realm->scheme != "http" && realm->scheme != "https")) {
    return tl::unexpected(Error{
        ErrorKind::kAuth, fmt::format("the Bearer realm that {} names is no http or https URL", origin.authority())});
  }
  ScopeSet wanted = scope_set(scopes);
  wanted.add(challenge.parameter("scope"));
  query.scopes = wanted.list();
  if (may_see_credentials(*realm, origin)) query.credential = credential_for(origin);

  const auto entry = cache_.entry(key_of(origin) + "\n" + query.realm + "\n" + query.service + "\n" + wanted.key());
  const std::lock_guard lock(entry->mutex);
  const bool alive = !entry->token.empty() && clock_.now() < entry->expires;
  if (alive && "Bearer " + entry->token != sent) {
    cache_.remember(key_of(origin), scope_set(scopes).key(), entry);
    return Grant{"Bearer " + entry->token, false};
  }
  entry->token.clear();
  const auto asked = clock_.now();
  const auto response = send(token_request(query));
  if (!response) {
    return tl::unexpected(Error{ErrorKind::kAuth, fmt::format("the token server of {} failed: {}", origin.authority(),
                                                              response.error().message)});
  }
  if (response->status != 200) {
    // Without credentials a refusal says only that the registry wants some: its own 401 is the better answer.
    if (!query.credential && (response->status == 401 || response->status == 403)) return std::nullopt;
    return tl::unexpected(Error{
        ErrorKind::kAuth, fmt::format("the token server {} of {} answered {}{}", realm->authority(), origin.authority(),
                                      response->status, response->status == 401 ? ": check the credentials" : "")});
  }
  auto token = parse_token(response->body);
  if (!token) {
    return tl::unexpected(Error{ErrorKind::kAuth, fmt::format("the token server {} of {} failed: {}",
                                                              realm->authority(), origin.authority(), token.error())});
  }
  redactor_.add_secret(token->value);
  entry->token = token->value;
  entry->expires = asked + usable(token->lifetime);
  cache_.remember(key_of(origin), scope_set(scopes).key(), entry);
  return Grant{"Bearer " + entry->token, true};
}

}  // namespace referee::http
