#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core.hpp"

namespace referee::registry {

// One function per group of end-points. Requests come with a valid repository name and an allowed method; HEAD is
// answered as GET, the server leaves the body out.
Response handle_base(const Request& request, Core& core);
Response handle_blob(const Request& request, Core& core);
Response handle_upload_status(const Request& request, Core& core);
Response handle_upload_cancel(const Request& request, Core& core);
Response handle_manifest(const Request& request, Core& core);
Response handle_manifest_put(const Request& request, Core& core);
Response handle_tags(const Request& request, Core& core);
/// What refers to a manifest, as the profile and the path style have it.
Response handle_referrers(const Request& request, Core& core);
// Its forms in the proposals.
Response handle_artifact_referrers(const Request& request, Core& core);  ///< A
Response handle_references(const Request& request, Core& core);          ///< B
Response handle_node_referrers(const Request& request, Core& core);      ///< C
Response handle_refers(const Request& request, Core& core);              ///< E
/// `reference`, `objects` and `description` of a node: proposal C.
Response handle_node(const Request& request, Core& core);
/// `_oci/ext/discover`: which extensions there are.
Response handle_discover(const Request& request, Core& core);
/// `POST /gc` and `POST /profile?name=NAME` of the control port.
Response handle_control(const Request& request, Core& core);

/// POST, PATCH and PUT of uploads: the answer at once, or where the body goes.
tl::expected<std::unique_ptr<BodySink>, Response> start_upload(const Request& request, Core& core);

// Shared pieces.
/// What refers to `digest` in the request's repository the way that the profile reads, by digest; those after `last`.
std::vector<ManifestPtr> find_referrers(const Request& request, Core& core, const std::string& digest,
                                        const std::string& last = {});
/// The digest that a tag or digest stands for. The error is the answer: 404 for an unknown tag, 400 for what is
/// neither.
tl::expected<std::string, Response> resolve_reference(const Request& request, Core& core);
/// Is this a tag, by the grammar as far as the rules hold to it?
bool accepts_tag(const Rules& rules, std::string_view tag);
std::string entity_tag(std::string_view digest);
std::string path_to(const std::string& repository, std::string_view kind, std::string_view reference,
                    PathStyle style = PathStyle::kDistribution);
/// The conditions of a write, as far as the rules honour them.
Condition write_condition(const Request& request, const Rules& rules);
/// 304 or 412 for a read (RFC 9110, 13.2.2).
std::optional<Response> read_condition(const Request& request, const Rules& rules, std::string_view digest);
/// The answer for a digest of a blob or manifest that cannot be stored.
std::optional<Response> refuse_digest(std::string_view digest, const Rules& rules);

}  // namespace referee::registry
