#pragma once

#include <algorithm>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core.hpp"
#include "deviations.hpp"
#include "grammar.hpp"
#include "problem.hpp"

namespace referee::registry {

inline constexpr auto kFault = DeviationKind::kFault;
inline constexpr auto kVariant = DeviationKind::kVariant;
inline constexpr auto kLie = DeviationKind::kLie;

/// Is the request a GET or HEAD of this endpoint?
inline bool reads(const Request& request, Endpoint endpoint) {
  return request.route.endpoint == endpoint && (request.method == Method::kGet || request.method == Method::kHead);
}
inline bool on(const Request& request, Method method, Endpoint endpoint) {
  return request.route.endpoint == endpoint && request.method == method;
}
/// Does a manifest or tag request name a tag?
inline bool by_tag(const Request& request) {
  return request.route.endpoint == Endpoint::kManifest && !looks_like_digest(request.route.reference);
}
inline bool succeeded(const Response& response) {
  return response.status >= 200 && response.status < 300;
}

/// A string literal as a template argument.
template <std::size_t N>
struct Literal {
  // NOLINTNEXTLINE(google-explicit-constructor, hicpp-explicit-conversions): reads like the literal that it is
  consteval Literal(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
  char text[N]{};
};

// Ready-made `after` hooks for answers of one method on one endpoint that came out with one status.
/// Another status; the rest stays.
template <Method kMethod, Endpoint kEndpoint, int kFrom, int kTo>
void answer_as(const Request& request, Response& response, Core& /*core*/) {
  if (on(request, kMethod, kEndpoint) && response.status == kFrom) response.status = kTo;
}
/// A header less.
template <Method kMethod, Endpoint kEndpoint, int kStatus, Literal kName>
void without(const Request& request, Response& response, Core& /*core*/) {
  if (on(request, kMethod, kEndpoint) && response.status == kStatus) response.headers.remove(kName.view());
}
/// A header added or replaced.
template <Method kMethod, Endpoint kEndpoint, int kStatus, Literal kName, Literal kValue>
void with(const Request& request, Response& response, Core& /*core*/) {
  if (on(request, kMethod, kEndpoint) && response.status == kStatus) {
    response.headers.set(kName.view(), std::string(kValue.view()));
  }
}
/// An error in place of the answer.
template <Method kMethod, Endpoint kEndpoint, int kFrom, int kTo, const std::string_view& kCode>
void refuse_as(const Request& request, Response& response, Core& /*core*/) {
  if (on(request, kMethod, kEndpoint) && response.status == kFrom) response = problem(kTo, kCode, "refused");
}
/// Another code in the error document of an answer with one status.
template <Method kMethod, Endpoint kEndpoint, int kStatus, const std::string_view& kFrom, const std::string_view& kTo>
void code_as(const Request& request, Response& response, Core& /*core*/) {
  if (!on(request, kMethod, kEndpoint) || response.status != kStatus) return;
  const auto at = response.body.find(kFrom);
  if (at != std::string::npos) response.body.replace(at, kFrom.size(), kTo);
}

/// The digest of nothing: well-formed, and of no content that a check pushes.
inline constexpr std::string_view kDigestOfNothing =
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Makes the Location name a digest that does not exist: its last character is changed.
void spoil_location(Response& response);
/// The value of a `digest` parameter, or empty.
std::string digest_parameter(const Request& request);

/// Loads a body that would be streamed from the store into `response.body`, up to 64 MiB, so that it can be rewritten.
std::string& read_body(Response& response);

/// Parses the body, lets `edit` change it and writes it back; leaves a body alone that is not JSON. Key order is kept.
void edit_json(Response& response, void (*edit)(nlohmann::ordered_json& root));

// Lists that deviations keep in Core's notes: one value a line.
std::vector<std::string> note_lines(Core& core, const std::string& key);
void add_note(Core& core, const std::string& key, const std::string& value);

/// The pushed manifest as JSON; discarded if it is none.
nlohmann::json pushed_manifest(const Request& request);
/// Is the pushed manifest an index by its Content-Type?
bool pushes_index(const Request& request);
/// Stores the request's body under a digest without any check.
void force_store(const Request& request, Core& core, const std::string& digest);
/// Does a tag of the repository lead to this digest?
bool is_tagged(Core& core, const std::string& repository, const std::string& digest);
/// All tags of a repository.
std::vector<std::string> all_tags(Core& core, const std::string& repository);

/// A 200 of the referrers list or of the tag list?
inline bool lists(const Request& request, const Response& response, Endpoint endpoint) {
  return reads(request, endpoint) && response.status == 200;
}
/// The array of a list's body (`manifests`, `referrers` or `tags`), to be replaced; nullopt if the answer is no such
/// list.
std::optional<nlohmann::ordered_json> list_of(const Request& request, const Response& response, Endpoint endpoint);
void set_list(Response& response, Endpoint endpoint, nlohmann::ordered_json list);

/// What stands between the brackets of the Link header, or empty.
std::string link_target(const Response& response);
void set_link(Response& response, const std::string& target);
/// A target without one query parameter.
std::string without_parameter(const std::string& target, std::string_view name);

/// The stored manifest of a digest in the request's repository as JSON; discarded (`is_discarded()`) if there is none.
nlohmann::json stored_manifest(Core& core, const std::string& repository, const std::string& reference);
/// The manifest that an entry of a list names.
nlohmann::json entry_manifest(const Request& request, Core& core, const nlohmann::ordered_json& entry);
/// Has the list an entry with this digest?
bool holds(const nlohmann::ordered_json& list, const std::string& digest);

}  // namespace referee::registry
