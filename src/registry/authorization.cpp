// Basic and Bearer authentication: RFC 7617, RFC 6750 and the token protocol of the Docker registry.
#include "authorization.hpp"

#include <sstream>

#include "core.hpp"
#include "grammar.hpp"
#include "problem.hpp"
#include "referee/oci/base64.hpp"

namespace referee::registry {

namespace {

constexpr std::string_view kService = "referee";
/// Seconds. Longer than any trial.
constexpr int kTokenLife = 3600;

/// What follows the scheme's name, if the request has credentials of this scheme.
std::string_view credentials(const Request& request, std::string_view scheme) {
  const auto value = request.headers.value("Authorization");
  const auto blank = value.find(' ');
  if (blank == std::string_view::npos || !equal_ignoring_case(value.substr(0, blank), scheme)) return {};
  return trim(value.substr(blank));
}

bool is_user(const Request& request, const AuthOptions& auth) {
  return credentials(request, "Basic") == oci::base64_encode(auth.username + ":" + auth.password);
}

/// The actions that a scope needs, as registries ask for them.
std::string_view actions_for(Method method) {
  if (method == Method::kDelete) return "delete";
  return method == Method::kGet || method == Method::kHead ? "pull" : "pull,push";
}
std::string_view action_for(Method method) {
  return method == Method::kGet || method == Method::kHead || method == Method::kDelete ? actions_for(method) : "push";
}

bool grants(std::string_view scope, const std::string& repository, std::string_view action) {
  const auto prefix = "repository:" + repository + ":";
  if (!scope.starts_with(prefix)) return false;
  std::istringstream actions{std::string(scope.substr(prefix.size()))};
  for (std::string one; std::getline(actions, one, ',');) {
    if (one == action || one == "*") return true;
  }
  return false;
}

/// Does a token that was given out allow this?
bool is_allowed_by_token(const Request& request, Core& core) {
  const auto token = credentials(request, "Bearer");
  const auto scopes = token.empty() ? std::nullopt : core.recall("token: " + std::string(token));
  if (!scopes) return false;
  const auto& repository = request.route.repository;
  if (repository.empty()) return true;
  std::istringstream lines(*scopes);
  for (std::string scope; std::getline(lines, scope, ' ');) {
    if (grants(scope, repository, action_for(request.method))) return true;
  }
  return false;
}

Response challenge(std::string value) {
  auto response = problem(401, code::kUnauthorized, "authentication is required");
  response.headers.add("WWW-Authenticate", std::move(value));
  return response;
}

std::string bearer_challenge(const Request& request) {
  std::string text = "Bearer realm=\"http://" + std::string(request.headers.value("Host")) + "/token\",service=\"" +
                     std::string(kService) + "\"";
  const auto& repository = request.route.repository;
  // A name that is none could end the quotes.
  if (is_repository(repository)) {
    text += ",scope=\"repository:" + repository + ":" + std::string(actions_for(request.method)) + "\"";
  }
  return text;
}

}  // namespace

std::string kind_of_credentials(const Request& request) {
  const auto value = request.headers.value("Authorization");
  if (value.empty()) return "";
  const auto scheme = value.substr(0, value.find(' '));
  for (const std::string_view known : {"Basic", "Bearer"}) {
    if (equal_ignoring_case(scheme, known)) return std::string(known);
  }
  return "other";
}

bool came_by_other_name(const Request& request) {
  const auto host = request.headers.value("Host");
  return equal_ignoring_case(host.substr(0, host.find(':')), "localhost");
}

std::optional<Response> refuse_unauthorized(const Request& request, Core& core, const AuthOptions& auth) {
  if (core.rules().open_by_other_name && came_by_other_name(request)) return std::nullopt;
  if (auth.scheme == AuthOptions::Scheme::kBasic) {
    if (is_user(request, auth)) return std::nullopt;
    return challenge(R"(Basic realm="referee")");
  }
  if (is_allowed_by_token(request, core)) return std::nullopt;
  return challenge(bearer_challenge(request));
}

std::optional<Response> answer_token_request(const Request& request, Core& core, const AuthOptions& auth) {
  const std::string_view target = request.target;
  if (auth.scheme != AuthOptions::Scheme::kBearer || target.substr(0, target.find('?')) != "/token") {
    return std::nullopt;
  }
  if (request.method != Method::kGet) return problem(405, code::kUnsupported, "tokens are given out to GET");
  if (!auth.username.empty() && !is_user(request, auth)) return challenge(R"(Basic realm="referee")");
  std::string scopes;
  for (const auto& scope : request.query.all("scope")) scopes += (scopes.empty() ? "" : " ") + scope;
  const auto token = make_uuid();
  core.remember("token: " + token, scopes);
  Response response;
  response.headers.add("Content-Type", "application/json");
  response.headers.add("Cache-Control", "no-store");
  response.body = R"({"token":")" + token + R"(","access_token":")" + token + R"(","expires_in":)" +
                  std::to_string(kTokenLife) + "}\n";
  return response;
}

}  // namespace referee::registry
