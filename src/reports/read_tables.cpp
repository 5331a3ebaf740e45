#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "referee/reports/reading.hpp"
#include "run_file_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::Matrix;
using conformance::MatrixCell;

/// Beyond any run of ours, and little enough that a table of them is quickly written.
constexpr std::size_t kMostCells = 10'000;
constexpr std::size_t kMostMatrixColumns = 200;
constexpr std::size_t kMostTexts = 1000;

/// Of a cell, a row or a column: what names it.
std::string named(JsonFields& fields, const Json& object, const char* key) {
  auto name = fields.text(object, key);
  if (name.empty()) fields.wrong(key, "is empty");
  return name;
}

MatrixCell matrix_cell_from(JsonFields& fields, const Json& object) {
  MatrixCell cell;
  cell.row = named(fields, object, "row");
  cell.column = named(fields, object, "column");
  const auto standing = conformance::parse_standing(fields.text(object, "standing"));
  if (!standing) fields.wrong("standing", "is none that there is");
  cell.standing = standing.value_or(conformance::Standing::kUnclear);
  const auto verdict = conformance::parse_verdict(fields.text(object, "verdict"));
  if (!verdict) fields.wrong("verdict", "is none that there is");
  cell.verdict = verdict.value_or(conformance::Verdict::kError);
  cell.selected = fields.text(object, "selected");
  cell.digest = fields.text(object, "digest");
  cell.exit_code = static_cast<int>(fields.whole(object, "exit_code", -1, 255));
  cell.why = fields.text(object, "why");
  cell.words = fields.text(object, "words");
  cell.create = fields.text(object, "create");
  cell.readings = fields.texts(object, "readings", kMostTexts);
  cell.notes = fields.texts(object, "notes", kMostTexts);
  cell.was = fields.text(object, "was");
  const auto& traffic = fields.object(object, "traffic");
  cell.requests = fields.count(traffic, "requests");
  cell.bytes = fields.count(traffic, "bytes");
  cell.seconds = fields.number(fields.object(object, "timing"), "seconds");
  return cell;
}

conformance::MatrixColumn matrix_column_from(JsonFields& fields, const Json& object) {
  return {named(fields, object, "name"),
          fields.text(object, "about"),
          fields.text(object, "role"),
          fields.text(object, "client_version"),
          fields.text(object, "daemon_version"),
          fields.text(object, "absent"),
          fields.texts(object, "behaves", kMostTexts),
          fields.texts(object, "leftovers", kMostTexts),
          fields.number(fields.object(object, "timing"), "seconds")};
}

RubricCell rubric_cell_from(JsonFields& fields, const Json& object) {
  RubricCell cell;
  cell.story = named(fields, object, "story");
  cell.variant = named(fields, object, "variant");
  cell.measured = fields.choice(object, "measured", {"Y", "P", "N", "unsupported", "inconclusive"});
  cell.registry = fields.text(object, "registry");
  cell.claimed_first = fields.choice(object, "claimed_first", {"Y", "P", "N", "T", ""});
  cell.claimed_last = fields.choice(object, "claimed_last", {"Y", "P", "N", "T", ""});
  cell.work = fields.choice(object, "work", {"nobody", "registry", "client", ""});
  cell.why = fields.text(object, "why");
  cell.evidence = fields.text(object, "evidence");
  cell.numbers = filed_observations(fields, object, "numbers");
  return cell;
}

/// The title of a cell's check, without the variant that ends it.
std::string story_title(const RubricCell& cell, const ReadRun& beside) {
  const auto hash = cell.evidence.find('#');
  const auto* check = hash == std::string::npos ? nullptr : beside.catalogue.find(cell.evidence.substr(hash + 1));
  const auto ending = " with " + cell.variant;
  if (check == nullptr || !check->title.ends_with(ending)) return {};
  return check->title.substr(0, check->title.size() - ending.size());
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

/// Fails if two cells stand in one place.
template <typename Cell>
tl::expected<void, std::string> each_once(const std::vector<Cell>& cells, std::string Cell::* row,
                                          std::string Cell::* column) {
  std::set<std::pair<std::string_view, std::string_view>> places;
  for (const auto& cell : cells) {
    if (!places.emplace(cell.*row, cell.*column).second) {
      return tl::unexpected(fmt::format("`{} {}` is in it twice", cell.*row, cell.*column));
    }
  }
  return {};
}

}  // namespace

bool is_matrix(const Json& document) {
  return document.is_object() && document.contains("kind") && document.contains("cells") && document.contains("rows") &&
         document.contains("columns");
}

Matrix matrix_from(JsonFields& fields, const Json& document) {
  Matrix matrix;
  matrix.kind = fields.text(document, "kind");
  if (matrix.kind != "runtimes" && matrix.kind != "clients")
    fields.wrong("kind", "is neither `runtimes` nor `clients`");
  matrix.tool_version = fields.text(fields.object(document, "tool"), "version");
  matrix.platform = fields.text(document, "platform");
  matrix.seed = fields.count(document, "seed");
  matrix.full = fields.flag(document, "full");
  matrix.complete = fields.flag(document, "complete");
  matrix.baseline = fields.text(document, "baseline");
  const auto& timing = fields.object(document, "timing");
  matrix.started = fields.time(timing, "started");
  matrix.seconds = fields.number(timing, "seconds");
  std::set<std::string> rows;
  for (const auto& row : fields.list(document, "rows", kMostCells)) {
    fields.at(fmt::format("row {}", matrix.rows.size() + 1));
    matrix.rows.push_back({named(fields, row, "id"), fields.text(row, "about"),
                           fields.texts(row, "requirements", kMostTexts), fields.text(row, "expected")});
    if (!rows.insert(matrix.rows.back().id).second) fields.wrong("id", "is in another row, too");
  }
  std::set<std::string> columns;
  for (const auto& column : fields.list(document, "columns", kMostMatrixColumns)) {
    fields.at(fmt::format("column {}", matrix.columns.size() + 1));
    matrix.columns.push_back(matrix_column_from(fields, column));
    if (!columns.insert(matrix.columns.back().name).second) fields.wrong("name", "is in another column, too");
  }
  fields.at("");
  if (rows.size() * columns.size() > kMostCells) fields.wrong("rows", "make a table that is too large");
  for (const auto& cell : fields.list(document, "cells", kMostCells)) {
    fields.at(fmt::format("cell {}", matrix.cells.size() + 1));
    matrix.cells.push_back(matrix_cell_from(fields, cell));
    if (!rows.contains(matrix.cells.back().row)) fields.wrong("row", "is none of `rows`");
    if (!columns.contains(matrix.cells.back().column)) fields.wrong("column", "is none of `columns`");
    if (!fields.good()) break;
  }
  return matrix;
}

tl::expected<Matrix, std::string> read_matrix(std::string_view json) {
  const auto document = parse_document(json);
  if (!document) return broken(document.error());
  if (!is_matrix(document->value)) return broken("it is no matrix.json of `referee runtime` or `referee client`");
  JsonFields fields;
  auto matrix = matrix_from(fields, document->value);
  if (auto whole = sound(fields, *document); !whole) return tl::unexpected(whole.error());
  if (auto once = each_once(matrix.cells, &MatrixCell::row, &MatrixCell::column); !once) return broken(once.error());
  return matrix;
}

bool is_rubric(const Json& document) {
  return document.is_array() && !document.empty() && document.front().is_object() &&
         document.front().contains("story") && document.front().contains("variant");
}

Rubric rubric_from(JsonFields& fields, const Json& document) {
  Rubric rubric;
  if (document.size() > kMostCells) fields.wrong("cells", "are too many");
  for (const auto& object : document) {
    fields.at(fmt::format("cell {}", rubric.cells.size() + 1));
    rubric.cells.push_back(rubric_cell_from(fields, object));
    add_once(rubric.stories, rubric.cells.back().story);
    add_once(rubric.variants, rubric.cells.back().variant);
    if (rubric.variants.size() > kMostMatrixColumns || rubric.stories.size() * rubric.variants.size() > kMostCells) {
      fields.wrong("variant", "makes a table that is too large");
    }
    if (!fields.good()) break;
  }
  return rubric;
}

tl::expected<Rubric, std::string> read_rubric(std::string_view json, const ReadRun& beside) {
  const auto document = parse_document(json);
  if (!document) return broken(document.error());
  // A run that was cut may have come to no cell.
  const bool empty = document->value.is_array() && document->value.empty();
  if (!empty && !is_rubric(document->value)) return broken("it is no rubric.json of `referee rubric`");
  JsonFields fields;
  auto rubric = rubric_from(fields, document->value);
  if (auto whole = sound(fields, *document); !whole) return tl::unexpected(whole.error());
  if (auto once = each_once(rubric.cells, &RubricCell::story, &RubricCell::variant); !once) return broken(once.error());
  for (const auto& cell : rubric.cells) {
    if (const auto title = story_title(cell, beside); !title.empty()) rubric.titles.try_emplace(cell.story, title);
  }
  rubric.info = beside.run.info;
  return rubric;
}

}  // namespace referee::reports
