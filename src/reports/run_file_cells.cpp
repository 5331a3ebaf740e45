#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "referee/conformance/matrix.hpp"
#include "run_file_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::Verdict;
using nlohmann::json;

/// Columns and rows of a matrix; a table of more is none that anybody reads.
constexpr std::size_t kMostFiledColumns = 200;
constexpr std::size_t kMostFiledRows = 5'000;

Verdict verdict_of_measured(JsonFields& fields, const std::string& measured) {
  if (measured == "Y") return Verdict::kPass;
  if (measured == "P") return Verdict::kWarn;
  if (measured == "N") return Verdict::kFail;
  if (measured == "unsupported") return Verdict::kUnsupported;
  if (measured != "inconclusive") fields.wrong("measured", "is none of Y, P, N, unsupported, inconclusive");
  return Verdict::kInconclusive;
}

FiledCheck rubric_check(JsonFields& fields, const json& object) {
  FiledCheck cell;
  cell.row = fields.text(object, "story");
  cell.column = fields.text(object, "variant");
  cell.id = fmt::format("{} {}", cell.row, cell.column);
  cell.word = fields.text(object, "measured");
  cell.verdict = verdict_of_measured(fields, cell.word);
  cell.reason = fields.text(object, "why");
  cell.observations = {{"measured", cell.word}, {"work", fields.text(object, "work")}};
  std::ranges::move(filed_observations(fields, object, "numbers"), std::back_inserter(cell.observations));
  return cell;
}

/// `image`, `nothing`, or how it ended.
std::string word_of_cell(const std::string& standing, const std::string& selected) {
  if (standing == "timeout" || standing == "unclear" || standing == "not tried") return standing;
  const auto taken = selected.empty() ? std::string("nothing") : selected;
  if (standing == "failed") return selected.empty() ? "failed" : "failed after " + selected;
  return standing == "wrong" ? "wrong: " + taken : taken;
}

FiledCheck matrix_check(JsonFields& fields, const json& object, bool clients) {
  FiledCheck cell;
  cell.row = fields.text(object, "row");
  cell.column = fields.text(object, "column");
  cell.id = fmt::format("{} {}", cell.row, cell.column);
  cell.verdict = conformance::parse_verdict(fields.text(object, "verdict"));
  if (!cell.verdict) fields.wrong("verdict", "is none that there is");
  const auto standing = fields.text(object, "standing");
  if (!conformance::parse_standing(standing)) fields.wrong("standing", "is none that there is");
  cell.word = clients ? standing : word_of_cell(standing, fields.text(object, "selected"));
  cell.reason = fields.text(object, "why");
  cell.observations = {{"outcome", fields.text(object, "outcome")}};
  return cell;
}

}  // namespace

bool is_rubric(const json& document) {
  return document.is_array() && !document.empty() && document.front().is_object() &&
         document.front().contains("story") && document.front().contains("variant");
}

RunFile filed_rubric(JsonFields& fields, const json& document) {
  RunFile file;
  file.kind = RunKind::kRubric;
  file.info.complete = true;  // the file does not say
  if (document.size() > kMostFiledChecks) fields.wrong("cells", "are too many");
  std::size_t at = 0;
  for (const auto& cell : document) {
    fields.at(fmt::format("cell {}", ++at));
    file.checks.push_back(rubric_check(fields, cell));
    const auto registry = fields.text_or_empty(cell, "registry");
    file.info.target = at == 1 || file.info.target == registry ? registry : "embedded:all";
    if (!fields.good()) break;
    const auto& made = file.checks.back();
    if (std::ranges::find(file.rows, made.row, &FiledRow::id) == file.rows.end())
      file.rows.push_back({made.row, "", ""});
    if (std::ranges::find(file.columns, made.column, &FiledColumn::name) == file.columns.end())
      file.columns.push_back({made.column, "", ""});
    if (file.columns.size() > kMostFiledColumns || file.rows.size() > kMostFiledRows) {
      fields.wrong("variant", "is one too many");
      break;
    }
  }
  file.info.selected = file.checks.size();
  return file;
}

bool is_matrix(const json& document) {
  return document.is_object() && document.contains("kind") && document.contains("cells") && document.contains("rows") &&
         document.contains("columns");
}

RunFile filed_matrix(JsonFields& fields, const json& document) {
  RunFile file;
  const auto kind = fields.text(document, "kind");
  if (kind != "runtimes" && kind != "clients") fields.wrong("kind", "is neither `runtimes` nor `clients`");
  file.kind = kind == "clients" ? RunKind::kClients : RunKind::kRuntimes;
  file.info.tool_version = fields.text(fields.object(document, "tool"), "version");
  file.info.target = kind;
  file.info.seed = fields.count(document, "seed");
  file.info.complete = fields.flag(document, "complete");
  file.setting = fields.text(document, "platform") + (fields.flag(document, "full") ? ", full" : "");
  filed_timing(fields, document, file.info);
  for (const auto& row : fields.list(document, "rows", kMostFiledRows)) {
    file.rows.push_back({fields.text(row, "id"), fields.text(row, "about"), fields.text(row, "expected")});
  }
  for (const auto& column : fields.list(document, "columns", kMostFiledColumns)) {
    const auto daemon = fields.text(column, "daemon_version");
    file.columns.push_back({fields.text(column, "name"),
                            daemon.empty() ? fields.text(column, "client_version") : daemon,
                            fields.text(column, "absent")});
  }
  std::size_t at = 0;
  for (const auto& cell : fields.list(document, "cells", kMostFiledChecks)) {
    fields.at(fmt::format("cell {}", ++at));
    file.checks.push_back(matrix_check(fields, cell, file.kind == RunKind::kClients));
    if (!fields.good()) break;
    const auto& made = file.checks.back();
    const auto row = std::ranges::find(file.rows, made.row, &FiledRow::id);
    if (row == file.rows.end()) fields.wrong("row", "is none of `rows`");
    if (std::ranges::find(file.columns, made.column, &FiledColumn::name) == file.columns.end())
      fields.wrong("column", "is none of `columns`");
    if (row != file.rows.end()) file.checks.back().title = row->title;
  }
  file.info.selected = file.checks.size();
  return file;
}

}  // namespace referee::reports
