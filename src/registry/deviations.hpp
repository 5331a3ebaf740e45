#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "message.hpp"
#include "referee/registry/profile.hpp"
#include "rules.hpp"

namespace referee::registry {

class Core;

/// How to write a deviation
/// ------------------------
/// One entry in the table of its area (deviations_referrers.cpp, deviations_put.cpp ...): name, kind, one sentence, and
/// one or more of three hooks, each a lambda without captures. Nothing else needs to be registered. Take the first that
/// does:
///
/// 1. `after(request, response, core)` rewrites a finished answer: status, headers, body, or how it is sent (`framing`,
///    `cut_after`, `close`, `delay`). `on(request, method, endpoint)` picks the route; helpers are in
///    deviation_tools.hpp
///    (`edit_json`, `refuse`, `read_body`).
/// 2. `before(request, core)` changes the request (drop a query parameter or a header, rewrite the body) or answers in
/// the
///    handler's place. It runs once, when the handler would: after the body for manifests, after the header for
///    uploads. Never touch `request.body` of an upload: it is streamed.
/// 3. `adjust(rules)` turns a switch of Rules that handlers consult; add the switch and its one `if` where none fits.
///
/// `core` gives the store (`core.store()`), the rules and `core.count(key)`, a counter that deviations may use as
/// memory. Hooks run on several threads at once and must not keep state of their own. A fault breaks exactly one
/// requirement: what it does not name must stay right (HEAD and GET alike, the other endpoints untouched). A variant is
/// legal. A fault of an interface that only some profiles have names those profiles. A lie is for clients: it may break
/// what no check of registries looks at.
struct Deviation {
  DeviationInfo info;
  void (*adjust)(Rules&) = nullptr;
  std::optional<Response> (*before)(Request&, Core&) = nullptr;
  void (*after)(const Request&, Response&, Core&) = nullptr;
};

// The tables. Each sits in a file of its own and is listed in deviations.cpp.
std::span<const Deviation> referrers_deviations();
std::span<const Deviation> put_deviations();
std::span<const Deviation> get_deviations();
std::span<const Deviation> blob_deviations();
std::span<const Deviation> upload_deviations();
std::span<const Deviation> tag_deviations();
std::span<const Deviation> delete_deviations();
std::span<const Deviation> mount_deviations();
std::span<const Deviation> error_deviations();
std::span<const Deviation> name_deviations();
std::span<const Deviation> range_deviations();
std::span<const Deviation> chunk_deviations();
std::span<const Deviation> session_deviations();
std::span<const Deviation> api_deviations();
std::span<const Deviation> push_variants();
std::span<const Deviation> put_tag_deviations();
std::span<const Deviation> byte_deviations();
std::span<const Deviation> content_deviations();
std::span<const Deviation> subject_deviations();
std::span<const Deviation> tag_page_deviations();
std::span<const Deviation> descriptor_deviations();
std::span<const Deviation> referrers_page_deviations();
std::span<const Deviation> list_variants();
std::span<const Deviation> manifest_variants();
std::span<const Deviation> head_deviations();
std::span<const Deviation> variant_deviations();
// Those of the proposals, and of what they have garbage collectors do.
std::span<const Deviation> artifact_deviations();
std::span<const Deviation> reference_deviations();
std::span<const Deviation> node_deviations();
std::span<const Deviation> refers_deviations();
std::span<const Deviation> collect_deviations();

// Lies: what only clients are asked to notice.
std::span<const Deviation> lies();
std::span<const Deviation> content_lies();

/// Every definition, sorted by name.
const std::vector<const Deviation*>& all_deviations();

}  // namespace referee::registry
