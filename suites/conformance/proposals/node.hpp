#pragma once

#include "conformance/proposals/support.hpp"

/// Proposal C as a client sees it: nodes, and what is asked of them below `/v3/`.
namespace referee::suites::proposal_checks {

inline const std::vector<std::string> kNodePushed{"proposals/c/push/node"};

/// The fields of a node without objects that no other one equals. Its description begins with `text`.
Json node_fields(Context& t, const std::string& text);
oci::Content node(const Json& fields);

/// PUT below `/v3/`, under its digest if no reference is given.
http::Response put_node(Context& t, const oci::Content& content, std::string_view reference = "");
/// The same; ends the check as inconclusive unless it is stored.
oci::Content pushed_node(Context& t, const Json& fields, std::string_view reference = "");
/// GET `/v3/<name>/<what>/<reference>`.
http::Response ask_v3(Context& t, std::string_view what, std::string_view reference);
/// The list `referrers` of a tag or digest.
List nodes_for(Context& t, std::string_view reference, std::size_t count = 0);

}  // namespace referee::suites::proposal_checks
