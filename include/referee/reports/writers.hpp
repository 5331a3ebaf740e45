#pragma once

#include <iosfwd>
#include <string>
#include <tl/expected.hpp>

#include "referee/conformance/catalogue.hpp"
#include "referee/conformance/result.hpp"

namespace referee::reports {

/// What writers need to name a check: its title, requirement text and link.
struct Book {
  const conformance::Catalogue& catalogue;
  const conformance::Ledger& ledger;
};

/// `results.json`; reports/schemas/results.schema.json. Check objects hold id, verdict, level, requirements, failures,
/// observations; timings in fields of their own (`timing`).
std::string results_json(const conformance::Run& run, const Book& book);
/// `junit.xml`: one <testsuite> per section, unique names, real <failure>, <skipped>, <error>, properties.
std::string junit_xml(const conformance::Run& run, const Book& book);
/// `report.html`: self-contained; filter, search, verdict, requirement link, transcript and curl command per check.
std::string html_report(const conformance::Run& run, const Book& book);

struct TerminalStyle {
  bool colour = false;
  bool verbose = false;                ///< also lists what passed
};
/// The closing text on the terminal: root causes first, then groups, then the counts.
void terminal_report(std::ostream& out, const conformance::Run& run, const Book& book, const TerminalStyle& style);

/// Writes `content` to `path` by write-and-rename: a reader sees the old file or the new one.
tl::expected<void, std::string> replace_file(const std::string& path, const std::string& content);

/// All reports of a run in one folder: results.json, junit.xml, report.html.
tl::expected<void, std::string> write_reports(const std::string& folder, const conformance::Run& run, const Book& book);

/// One line of `transcript.jsonl` for each exchange of a check.
std::string transcript_lines(const conformance::CheckResult& result);

}  // namespace referee::reports
