#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "referee/reports/report.hpp"

/// The parts of the page that depend on what it shows.
namespace referee::reports {

/// A part with a heading that the navigation leads to.
struct Chapters {
  struct Entry {
    std::string anchor;
    std::string title;
  };
  std::vector<Entry> entries;
};

/// What the script needs, as JSON without `<`: nothing in it can end its element or open a comment.
struct PageData {
  std::string checks;       ///< of all runs, without their exchanges
  std::string transcripts;  ///< <script type="application/json"> elements, which nothing reads before a check opens
};
PageData html_data(const Report& report);

/// What a run is called where there are several: its target, with a number if that occurs twice.
std::vector<std::string> run_labels(const Report& report);
/// The address of a check on the page, without `#`: its id, after `2@` for a check of the second run.
std::string check_fragment(std::size_t run, std::string_view id);

/// Facts of the runs: a <dl>, or a table where there are several parts.
std::string facts_html(const Report& report);
/// What did not hold, worst first.
std::string roots_html(const Report& report);
/// Counts for readers without JavaScript.
std::string counts_html(const Report& report);
std::string capabilities_html(const Report& report);

// Each writes a section and adds it to the chapters. `number` counts parts of one kind from 1.
void rubric_part(std::ostream& out, const Rubric& rubric, std::size_t number, const Report& report, Chapters& chapters);
void matrix_part(std::ostream& out, const conformance::Matrix& matrix, std::size_t number,
                 const conformance::Ledger& ledger, Chapters& chapters);
void comparison_part(std::ostream& out, const ResultComparison& comparison, std::size_t number, Chapters& chapters);
void bench_part(std::ostream& out, std::span<const bench::Result> results, Chapters& chapters);

/// Whether something is worse than it was.
Sentence verdict_of_comparison(const ResultComparison& comparison);

/// Ids of a cell and of its row in `matrix_part`.
std::string matrix_anchor(std::size_t number, const conformance::MatrixCell& cell);

/// `'sha256-...'` of a style or script, for a Content-Security-Policy.
std::string source_hash(std::string_view text);

}  // namespace referee::reports
