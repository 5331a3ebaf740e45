#pragma once

#include <string>
#include <string_view>

#include "referee/reports/writers.hpp"

/// The two parts of the page that depend on the run.
namespace referee::reports {

/// The run as JSON for a <script type="application/json">: no `<` in it, so nothing can end the element or open a
/// comment.
std::string html_data(const conformance::Run& run, const Book& book);

/// Counts and root causes as plain HTML for readers without JavaScript.
std::string html_static(const conformance::Run& run, const Book& book);

/// `'sha256-...'` of a style or script, for a Content-Security-Policy.
std::string source_hash(std::string_view text);

}  // namespace referee::reports
