#include <fmt/format.h>

#include <map>

#include "run_file_parts.hpp"

namespace referee::reports {
namespace {

using conformance::MatrixCell;
using conformance::Standing;
using conformance::Verdict;

Verdict verdict_of_measured(const std::string& measured) {
  if (measured == "Y") return Verdict::kPass;
  if (measured == "P") return Verdict::kWarn;
  if (measured == "N") return Verdict::kFail;
  return measured == "unsupported" ? Verdict::kUnsupported : Verdict::kInconclusive;
}

FiledCheck rubric_check(const RubricCell& cell) {
  FiledCheck check;
  check.row = cell.story;
  check.column = cell.variant;
  check.id = fmt::format("{} {}", cell.story, cell.variant);
  check.word = cell.measured;
  check.verdict = verdict_of_measured(cell.measured);
  check.reason = cell.why;
  check.observations = {{"measured", cell.measured}, {"work", cell.work}};
  check.observations.insert(check.observations.end(), cell.numbers.begin(), cell.numbers.end());
  return check;
}

/// `image`, `nothing`, or how it ended.
std::string word_of_cell(const MatrixCell& cell) {
  if (cell.standing == Standing::kTimeout || cell.standing == Standing::kUnclear ||
      cell.standing == Standing::kNotTried) {
    return std::string(conformance::name(cell.standing));
  }
  const auto taken = cell.selected.empty() ? std::string("nothing") : cell.selected;
  if (cell.standing == Standing::kFailed) return cell.selected.empty() ? "failed" : "failed after " + taken;
  return cell.standing == Standing::kWrong ? "wrong: " + taken : taken;
}

FiledCheck matrix_check(const MatrixCell& cell, bool clients) {
  FiledCheck check;
  check.row = cell.row;
  check.column = cell.column;
  check.id = fmt::format("{} {}", cell.row, cell.column);
  check.verdict = cell.verdict;
  check.word = clients ? std::string(conformance::name(cell.standing)) : word_of_cell(cell);
  check.reason = cell.why;
  check.observations = {{"outcome", cell.outcome()}};
  return check;
}

}  // namespace

RunFile filed_rubric(const Rubric& rubric) {
  RunFile file;
  file.kind = RunKind::kRubric;
  file.info.complete = true;  // the file does not say
  for (const auto& story : rubric.stories) file.rows.push_back({story, "", ""});
  for (const auto& variant : rubric.variants) file.columns.push_back({variant, "", ""});
  for (const auto& cell : rubric.cells) {
    file.checks.push_back(rubric_check(cell));
    const bool same = file.checks.size() == 1 || file.info.target == cell.registry;
    file.info.target = same ? cell.registry : "embedded:all";
  }
  file.info.selected = file.checks.size();
  return file;
}

RunFile filed_matrix(const conformance::Matrix& matrix) {
  RunFile file;
  const bool clients = matrix.kind == "clients";
  file.kind = clients ? RunKind::kClients : RunKind::kRuntimes;
  file.info.tool_version = matrix.tool_version;
  file.info.target = matrix.kind;
  file.info.seed = matrix.seed;
  file.info.complete = matrix.complete;
  file.info.started = matrix.started;
  file.info.seconds = matrix.seconds;
  file.setting = matrix.platform + (matrix.full ? ", full" : "");
  for (const auto& row : matrix.rows) file.rows.push_back({row.id, row.about, row.expected});
  for (const auto& column : matrix.columns) {
    file.columns.push_back(
        {column.name, column.daemon_version.empty() ? column.client_version : column.daemon_version, column.absent});
  }
  std::map<std::string_view, std::string_view> titles;
  for (const auto& row : matrix.rows) titles.emplace(row.id, row.about);
  for (const auto& cell : matrix.cells) {
    file.checks.push_back(matrix_check(cell, clients));
    file.checks.back().title = titles[cell.row];
  }
  file.info.selected = file.checks.size();
  return file;
}

}  // namespace referee::reports
