#pragma once

#include <cstddef>
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
/// observations. Keys have a fixed order, and what differs between two runs with one seed stands in objects named
/// `timing`. All writers: text from the target is clipped, invalid UTF-8 replaced, and escaped for the format; none
/// throws on it.
std::string results_json(const conformance::Run& run, const Book& book);
/// `junit.xml`: one <testsuite> per section, unique names, real <failure>, <skipped>, <error>, properties.
std::string junit_xml(const conformance::Run& run, const Book& book);
/// `report.html`: self-contained; filter, search, verdict, requirement link, transcript and curl command per check. At
/// most about 20 MB: checks that passed show their first ten exchanges, and beyond the cap transcripts are left to the
/// file.
std::string html_report(const conformance::Run& run, const Book& book);

struct TerminalStyle {
  bool colour = false;
  bool verbose = false;     ///< also lists what passed
  std::size_t width = 100;  ///< columns; only curl commands and links, which people copy, may be longer
};
/// The closing text on the terminal: root causes first, then groups, then the counts.
void terminal_report(std::ostream& out, const conformance::Run& run, const Book& book, const TerminalStyle& style);

/// Writes `content` to `path` by write-and-rename (through `path`.new): a reader sees the old file or the new one. One
/// writer for a path. Fails with a line that names the path and the cause; the old file then stays.
tl::expected<void, std::string> replace_file(const std::string& path, const std::string& content);

/// All reports of a run in one folder, created if need be: results.json, junit.xml, report.html. Stops at the first
/// failure.
tl::expected<void, std::string> write_reports(const std::string& folder, const conformance::Run& run, const Book& book);

/// The same without the page, where that holds more than the run.
tl::expected<void, std::string> write_records(const std::string& folder, const conformance::Run& run, const Book& book);

/// One line of `transcript.jsonl` for each exchange of a check; reports/schemas/transcript.schema.json.
std::string transcript_lines(const conformance::CheckResult& result);

}  // namespace referee::reports
