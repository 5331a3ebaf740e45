#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "json_document.hpp"
#include "json_fields.hpp"
#include "referee/conformance/matrix.hpp"
#include "referee/reports/rubric.hpp"
#include "referee/reports/run_file.hpp"

/// The one reading of results.json, rubric.json and matrix.json: for the page, for comparisons, tables and trends.
namespace referee::reports {

inline constexpr std::string_view kResultsForm = "referee.results/1";

/// Why a file is not read, in one line of a terminal.
tl::unexpected<std::string> broken(const std::string& why);
/// Fails if a field was wrong, or the document has what no file of ours has.
tl::expected<void, std::string> sound(const JsonFields& fields, const JsonDocument& document);

bool is_results(const Json& document);
RunFile filed_run(JsonFields& fields, const Json& document);
/// An object of texts.
std::vector<conformance::Observation> filed_observations(JsonFields& fields, const Json& object, const char* key);

bool is_rubric(const Json& document);
Rubric rubric_from(JsonFields& fields, const Json& document);
RunFile filed_rubric(const Rubric& rubric);

bool is_matrix(const Json& document);
conformance::Matrix matrix_from(JsonFields& fields, const Json& document);
RunFile filed_matrix(const conformance::Matrix& matrix);

}  // namespace referee::reports
