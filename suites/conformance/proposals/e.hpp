#pragma once

#include "conformance/proposals/support.hpp"

/// What the checks of proposal E share.
namespace referee::suites::proposal_checks {

inline constexpr std::string_view kType = "application/vnd.referee.test.v1";
inline const std::vector<std::string> kRefersListed{"proposals/e/referrers/indexed"};

/// What a list of extensions comes to, in a word: "404", "well-formed", or what is wrong with it.
std::string extensions_in(const http::Response& answer);

/// Whether a list says that it was filtered, and how: by the proposal's annotation, by the one of a later draft, or by
/// the header of OCI 1.1; "no" without.
std::string filter_mark(const http::Response& answer);

}  // namespace referee::suites::proposal_checks
