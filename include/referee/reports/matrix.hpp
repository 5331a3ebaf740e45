#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "referee/conformance/matrix.hpp"
#include "referee/reports/writers.hpp"

/// The matrix of runtimes and contents, or of clients and requirements. All writers take text from clients as hostile:
/// it is clipped, and escaped for the format.
namespace referee::reports {

/// `matrix.json`; reports/schemas/matrix.schema.json.
std::string matrix_json(const conformance::Matrix& matrix);
/// The matrix, then each cell that is wrong, failed, timed out or unclear, with the client's words.
std::string matrix_markdown(const conformance::Matrix& matrix);
/// A page with the matrix alone. Requirements lead to their source.
std::string matrix_html(const conformance::Matrix& matrix, const conformance::Ledger& ledger);
/// For a terminal: what needs attention, worst first, then one line for each column.
std::string matrix_text(const conformance::Matrix& matrix, std::size_t width);

/// By `row column`: what an earlier matrix.json says of each cell.
using Outcomes = std::map<std::string, std::string, std::less<>>;
/// Fails with one line if the text is no matrix.json of this kind.
tl::expected<Outcomes, std::string> read_outcomes(std::string_view json, std::string_view kind);
/// Marks the cells whose outcome is another one now; `baseline` names where the old ones come from.
void mark_changes(conformance::Matrix& matrix, const Outcomes& before, const std::string& baseline);

/// The matrix as a run with a check for each cell, so that it can be written as results.json and junit.xml.
struct MatrixRun {
  conformance::Run run;
  conformance::Catalogue catalogue;
};
MatrixRun run_of(const conformance::Matrix& matrix);

}  // namespace referee::reports
