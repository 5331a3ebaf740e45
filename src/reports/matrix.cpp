#include "referee/reports/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "referee/reports/reading.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::Matrix;
using conformance::MatrixCell;
using nlohmann::ordered_json;

std::string cell_key(std::string_view row, std::string_view column) {
  return fmt::format("{} {}", row, column);
}

ordered_json texts(const std::vector<std::string>& list) {
  ordered_json all = ordered_json::array();
  for (const auto& text : list) all.push_back(clip(text, kTextBytes));
  return all;
}

ordered_json cell_json(const MatrixCell& cell) {
  return {{"row", cell.row},
          {"column", cell.column},
          {"standing", name(cell.standing)},
          {"verdict", name(cell.verdict)},
          {"selected", clip(cell.selected, kTextBytes)},
          {"digest", clip(cell.digest, kTextBytes)},
          {"exit_code", cell.exit_code},
          {"why", clip(cell.why, kTextBytes)},
          {"words", clip(cell.words, kTextBytes)},
          {"create", clip(cell.create, kTextBytes)},
          {"readings", texts(cell.readings)},
          {"notes", texts(cell.notes)},
          {"was", cell.was},
          {"outcome", cell.outcome()},
          {"traffic", {{"requests", cell.requests}, {"bytes", cell.bytes}}},
          {"timing", {{"seconds", cell.seconds}}}};
}

}  // namespace

std::string matrix_json(const Matrix& matrix) {
  ordered_json rows = ordered_json::array();
  for (const auto& row : matrix.rows) {
    rows.push_back(
        {{"id", row.id}, {"about", row.about}, {"requirements", texts(row.requirements)}, {"expected", row.expected}});
  }
  ordered_json columns = ordered_json::array();
  for (const auto& column : matrix.columns) {
    columns.push_back({{"name", column.name},
                       {"about", clip(column.about, kTextBytes)},
                       {"role", column.role},
                       {"client_version", clip(column.client_version, kTextBytes)},
                       {"daemon_version", clip(column.daemon_version, kTextBytes)},
                       {"absent", clip(column.absent, kTextBytes)},
                       {"behaves", texts(column.behaves)},
                       {"leftovers", texts(column.leftovers)},
                       {"timing", {{"seconds", column.seconds}}}});
  }
  ordered_json cells = ordered_json::array();
  for (const auto& cell : matrix.cells) cells.push_back(cell_json(cell));
  const ordered_json document{{"tool", {{"name", "referee"}, {"version", matrix.tool_version}}},
                              {"kind", matrix.kind},
                              {"platform", matrix.platform},
                              {"seed", matrix.seed},
                              {"full", matrix.full},
                              {"complete", matrix.complete},
                              {"baseline", matrix.baseline},
                              {"rows", std::move(rows)},
                              {"columns", std::move(columns)},
                              {"cells", std::move(cells)},
                              {"timing", {{"started", iso_time(matrix.started)}, {"seconds", matrix.seconds}}}};
  return dump(document, 2);
}

tl::expected<Outcomes, std::string> read_outcomes(std::string_view json, std::string_view kind) {
  const auto matrix = read_matrix(json);
  if (!matrix) return tl::unexpected(matrix.error());
  if (matrix->kind != kind) return tl::unexpected(fmt::format("it is no matrix.json of `{}`", kind));
  Outcomes outcomes;
  for (const auto& cell : matrix->cells) outcomes[cell_key(cell.row, cell.column)] = cell.outcome();
  return outcomes;
}

void mark_changes(Matrix& matrix, const Outcomes& before, const std::string& baseline) {
  matrix.baseline = baseline;
  for (auto& cell : matrix.cells) {
    const auto found = before.find(cell_key(cell.row, cell.column));
    cell.was = found == before.end() ? "new" : found->second == cell.outcome() ? "" : found->second;
  }
}

MatrixRun run_of(const Matrix& matrix) {
  MatrixRun made;
  auto& info = made.run.info;
  info.tool_version = matrix.tool_version;
  info.target = matrix.kind;
  info.seed = matrix.seed;
  info.started = matrix.started;
  info.seconds = matrix.seconds;
  info.complete = matrix.complete;
  info.selected = matrix.cells.size();
  std::map<std::string, const conformance::MatrixRow*> rows;
  for (const auto& row : matrix.rows) rows[row.id] = &row;
  for (const auto& cell : matrix.cells) {
    const auto found = rows.find(cell.row);
    if (found == rows.end()) continue;
    const auto& row = *found->second;
    conformance::Check check;
    check.id = fmt::format("{}/{}/{}", matrix.kind, cell.column, cell.row);
    check.title = row.about;
    check.how = "The reference registry serves it, and the client is asked what it took; expected: " + row.expected;
    check.requirements = row.requirements;
    conformance::CheckResult result;
    result.raw.id = check.id;
    result.raw.seconds = cell.seconds;
    result.raw.requests = cell.requests;
    result.verdict = cell.verdict;
    const bool broken = cell.verdict == conformance::Verdict::kFail || cell.verdict == conformance::Verdict::kWarn;
    if (broken) {
      result.raw.outcome = conformance::Outcome::kBroken;
      result.raw.failures.push_back({cell.why, row.expected, cell.words.empty() ? cell.selected : cell.words, {}});
    } else {
      result.reason = cell.why;
    }
    result.raw.observations = {{"outcome", cell.outcome()}, {"selected", cell.selected}, {"words", cell.words}};
    if (!cell.was.empty()) result.raw.observations.push_back({"was", cell.was});
    made.catalogue.add(std::move(check));
    made.run.checks.push_back(std::move(result));
    info.requests += cell.requests;
  }
  return made;
}

}  // namespace referee::reports
