// The base end-point and what several handlers share.
#include "grammar.hpp"
#include "handlers.hpp"
#include "problem.hpp"

namespace referee::registry {

Response handle_base(const Request& /*request*/, Core& /*core*/) {
  Response response;
  response.headers.add("Content-Type", "application/json");
  response.headers.add("Docker-Distribution-API-Version", "registry/2.0");
  response.body = "{}\n";
  return response;
}

bool accepts_tag(const Rules& rules, std::string_view tag) {
  if (rules.check_tags) return is_tag(tag, rules.longest_tag);
  return !tag.empty() && tag.size() <= rules.longest_tag && tag.find('/') == std::string_view::npos;
}

std::string entity_tag(std::string_view digest) {
  return '"' + std::string(digest) + '"';
}

std::string path_to(const std::string& repository, std::string_view kind, std::string_view reference, PathStyle style) {
  std::string path = style == PathStyle::kV3 ? "/v3/" : "/v2/";
  path.append(repository).append("/").append(kind).append("/").append(reference);
  return path;
}

Condition write_condition(const Request& request, const Rules& rules) {
  Condition condition;
  if (!rules.features.conditional) return condition;
  if (const auto value = request.headers.get("If-Match"); value && rules.honour_if_match) condition.if_match = *value;
  if (const auto value = request.headers.get("If-None-Match"); value && rules.honour_if_none_match) {
    condition.if_none_match = *value;
  }
  return condition;
}

std::optional<Response> read_condition(const Request& request, const Rules& rules, std::string_view digest) {
  if (!rules.features.conditional) return std::nullopt;
  if (const auto value = request.headers.get("If-Match")) {
    if (!satisfies({std::string(*value), std::nullopt}, digest)) {
      return problem(412, code::kDenied, "If-Match does not hold");
    }
  }
  if (const auto value = request.headers.get("If-None-Match")) {
    if (!satisfies({std::nullopt, std::string(*value)}, digest)) {
      Response response;
      response.status = 304;
      response.headers.add("ETag", entity_tag(digest));
      response.headers.add("Docker-Content-Digest", std::string(digest));
      return response;
    }
  }
  return std::nullopt;
}

std::optional<Response> refuse_digest(std::string_view digest, const Rules& rules) {
  switch (digest_form(digest, rules.features.sha512)) {
    case DigestForm::kRegistered:
      return std::nullopt;
    case DigestForm::kUnregistered:
      return problem(400, code::kDigestInvalid, "this digest algorithm is not supported");
    case DigestForm::kMalformed:
      break;
  }
  return problem(400, code::kDigestInvalid, "the digest is malformed");
}

}  // namespace referee::registry
