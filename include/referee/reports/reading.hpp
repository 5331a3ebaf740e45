#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "referee/bench/result.hpp"
#include "referee/conformance/catalogue.hpp"
#include "referee/conformance/matrix.hpp"
#include "referee/conformance/result.hpp"
#include "referee/reports/rubric.hpp"
#include "referee/reports/run_comparison.hpp"

/// Back from the files of a results folder to the values that a page shows, read as run_file.hpp reads them: files may
/// come from anybody, and what is missing, of a wrong type, out of range, twice, or larger than oci::kLargestResult
/// fails with one line that says where. No text is trusted. Pure functions, thread-safe.
namespace referee::reports {

/// A run with what names its checks, as the file has it: titles and requirements of the version that wrote it.
struct ReadRun {
  conformance::Run run;
  conformance::Catalogue catalogue;
  conformance::Ledger ledger;
  std::string no_transcript;  ///< what is wrong with the transcript: there are then no exchanges; empty: nothing
};

/// results.json, and transcript.jsonl (may be empty), whose last line may be cut: a run may still be going. Exchanges
/// of checks that results.json does not have are left out.
tl::expected<ReadRun, std::string> read_run(std::string_view results_json, std::string_view transcript_jsonl);
/// rubric.json; from the run beside it come the titles of stories and what the head of a report says.
tl::expected<Rubric, std::string> read_rubric(std::string_view json, const ReadRun& beside);
/// matrix.json.
tl::expected<conformance::Matrix, std::string> read_matrix(std::string_view json);
/// comparison.json: `compare --output json`, of results or of benchmarks. Links to the specification are not in it.
tl::expected<ResultComparison, std::string> read_comparison(std::string_view json);
/// load.json, as charts and tables.
tl::expected<bench::Result, std::string> read_load(std::string_view json);

}  // namespace referee::reports
