#include "token.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "encoding.hpp"
#include "referee/http/url.hpp"
#include "referee/oci/base64.hpp"

namespace referee::http {
namespace {

constexpr std::uint64_t kMaxBody = 1024ULL * 1024;

std::string joined(const std::vector<std::string>& scopes) {
  std::string text;
  for (const auto& scope : scopes) text += (text.empty() ? "" : " ") + scope;
  return text;
}

WireRequest refresh_request(const TokenQuery& query, const std::string& refresh_token) {
  WireRequest request;
  request.method = "POST";
  request.url = query.realm;
  request.max_body = kMaxBody;
  request.has_body = true;
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  const std::string form = with_query("", {{"grant_type", "refresh_token"},
                                           {"client_id", "referee"},
                                           {"service", query.service},
                                           {"scope", joined(query.scopes)},
                                           {"refresh_token", refresh_token}});
  request.body = form.substr(1);
  return request;
}

/// Field values: visible ASCII. Anything else would break the header that the token goes into.
bool sendable(const std::string& token) {
  return !token.empty() && std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

WireRequest token_request(const TokenQuery& query) {
  if (query.credential && !query.credential->identity_token.empty()) {
    return refresh_request(query, query.credential->identity_token);
  }
  WireRequest request;
  request.max_body = kMaxBody;
  std::vector<std::pair<std::string, std::string>> parameters;
  if (!query.service.empty()) parameters.emplace_back("service", query.service);
  for (const auto& scope : query.scopes) parameters.emplace_back("scope", scope);
  request.url = with_query(query.realm, parameters);
  if (query.credential) {
    request.headers.add("Authorization",
                        "Basic " + oci::base64_encode(query.credential->username + ":" + query.credential->password));
  }
  return request;
}

tl::expected<Token, std::string> parse_token(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return tl::unexpected(std::string("its answer is not a JSON object"));
  Token token;
  for (const auto* name : {"token", "access_token"}) {
    const auto found = json.find(name);
    if (found != json.end() && found->is_string() && token.value.empty()) token.value = found->get<std::string>();
  }
  if (token.value.empty()) return tl::unexpected(std::string("its answer has no token"));
  if (!sendable(token.value)) return tl::unexpected(std::string("its token cannot stand in a header"));
  const auto expires = json.find("expires_in");
  if (expires != json.end() && expires->is_number()) {
    constexpr double kDay = 86400;
    token.lifetime = std::chrono::seconds(static_cast<long>(std::clamp(expires->get<double>(), 0.0, kDay)));
  }
  return token;
}

}  // namespace referee::http
