#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/reports/run_comparison.hpp"

/// What the writers of comparisons, matrices and trends share.
namespace referee::reports {

/// `127.0.0.1:5000, Referee 0.1.0, distribution-spec 1.1, seed 1, 299 checks, 2026-11-24T18:04:48.125Z`.
std::string side_text(const RunFile& file);
/// `3 new failures, 1 fixed; 295 unchanged of 299 in common`.
std::string changes_summary(const RunComparison& comparison);
/// Calls `each` for the changes of every kind that occurs.
void by_kind(const RunComparison& comparison,
             const std::function<void(ChangeKind, const std::vector<const Change*>&)>& each);
/// ` (MUST)`; empty without a level.
std::string level_suffix(const FiledCheck& check);
/// What a person calls the verdict; a value that is not there is `nothing`.
std::string shown_value(const std::string& value);
/// `Benchmark protocol` of `protocol.json`.
std::string benchmark_heading(std::string_view file);
/// The numbers of a benchmark's comparison as text cells: name, before, after, change, p, difference; those alone that
/// differ.
std::vector<std::vector<std::string>> benchmark_rows(const bench::Comparison& comparison);

/// A page without script: head, style and title; `</main></body></html>` ends it. `title` is escaped here.
std::string table_page_head(const std::string& title);
/// The class of a verdict in reports/page/tables.css.
std::string verdict_class(conformance::Verdict verdict);
/// A sign that tells verdicts apart without their colours.
std::string verdict_sign(conformance::Verdict verdict);

}  // namespace referee::reports
