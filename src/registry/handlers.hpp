#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

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
Response handle_referrers(const Request& request, Core& core);

/// POST, PATCH and PUT of uploads: the answer at once, or where the body goes.
tl::expected<std::unique_ptr<BodySink>, Response> start_upload(const Request& request, Core& core);

// Shared pieces.
/// Is this a tag, by the grammar as far as the rules hold to it?
bool accepts_tag(const Rules& rules, std::string_view tag);
std::string entity_tag(std::string_view digest);
std::string path_to(const std::string& repository, std::string_view kind, std::string_view reference);
/// The conditions of a write, as far as the rules honour them.
Condition write_condition(const Request& request, const Rules& rules);
/// 304 or 412 for a read (RFC 9110, 13.2.2).
std::optional<Response> read_condition(const Request& request, const Rules& rules, std::string_view digest);
/// The answer for a digest of a blob or manifest that cannot be stored.
std::optional<Response> refuse_digest(std::string_view digest, const Rules& rules);

}  // namespace referee::registry
