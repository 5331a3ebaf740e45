#pragma once

#include <span>
#include <string>
#include <vector>

#include "referee/bench/result.hpp"
#include "referee/conformance/matrix.hpp"
#include "referee/reports/rubric.hpp"
#include "referee/reports/run_comparison.hpp"
#include "referee/reports/writers.hpp"

/// The one page for people, of whatever was judged and measured: runs of checks, rubrics, matrices of runtimes and
/// clients, comparisons, benchmarks.
namespace referee::reports {

struct RunPart {
  const conformance::Run* run = nullptr;
  Book book;
};

/// What a page shows. Owns nothing: what it names must live until the page is written.
struct Report {
  std::vector<RunPart> runs;
  std::vector<const Rubric*> rubrics;
  std::vector<const conformance::Matrix*> matrices;
  std::vector<const ResultComparison*> comparisons;
  std::span<const bench::Result> results;
  bool benchmarks = false;                      ///< a part for them even if there is no result
  std::vector<std::string> notes;               ///< what is missing from the page, in sentences
  const conformance::Ledger* ledger = nullptr;  ///< where rows of matrices find their requirements; nullptr: builtin
};

/// What the page says first, in one sentence without a full stop.
struct Sentence {
  std::string text;
  std::string tone;  ///< bad, unsure, warned, good; empty: nothing was judged, only measured
};
Sentence verdict_of(const Report& report);

/// `report.html`: self-contained, and no request leaves it. The verdict, root causes, rubric, runtimes, benchmarks and
/// capabilities are markup; the list of checks with its filters, and transcripts, need the page's own script. At most
/// about 20 MB for runs. Pure, thread-safe, never fails: all texts are taken as hostile.
std::string report_html(const Report& report);

}  // namespace referee::reports
