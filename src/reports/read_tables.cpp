#include <fmt/format.h>

#include <algorithm>

#include "json_fields.hpp"
#include "json_read.hpp"
#include "referee/reports/reading.hpp"

namespace referee::reports {
namespace {

namespace fields = json_read;

/// Beyond any run of ours, and little enough that a table of them is quickly written.
constexpr std::size_t kMostCells = 10'000;

tl::unexpected<std::string> no(const char* what) {
  return tl::unexpected(fmt::format("that is no {} of this version", what));
}

tl::expected<conformance::MatrixCell, std::string> matrix_cell_of(const fields::Json& entry) {
  conformance::MatrixCell cell;
  cell.row = fields::text(entry, "row");
  cell.column = fields::text(entry, "column");
  const auto standing = conformance::parse_standing(fields::text(entry, "standing"));
  const auto verdict = conformance::parse_verdict(fields::text(entry, "verdict"));
  if (cell.row.empty() || cell.column.empty() || !standing || !verdict) return no("matrix.json");
  cell.standing = *standing;
  cell.verdict = *verdict;
  cell.selected = fields::text(entry, "selected");
  cell.digest = fields::text(entry, "digest");
  const auto found = entry.find("exit_code");
  cell.exit_code = found != entry.end() && found->is_number_integer()
                       ? static_cast<int>(std::clamp<std::int64_t>(found->get<std::int64_t>(), -1, 255))
                       : 0;
  cell.why = fields::text(entry, "why");
  cell.words = fields::text(entry, "words");
  cell.create = fields::text(entry, "create");
  cell.readings = fields::texts(entry, "readings");
  cell.notes = fields::texts(entry, "notes");
  cell.was = fields::text(entry, "was");
  cell.requests = fields::count(fields::object(entry, "traffic"), "requests");
  cell.bytes = fields::count(fields::object(entry, "traffic"), "bytes");
  cell.seconds = fields::number(fields::object(entry, "timing"), "seconds");
  return cell;
}

conformance::MatrixColumn column_of(const fields::Json& entry) {
  return {fields::text(entry, "name"),
          fields::text(entry, "about"),
          fields::text(entry, "role"),
          fields::text(entry, "client_version"),
          fields::text(entry, "daemon_version"),
          fields::text(entry, "absent"),
          fields::texts(entry, "behaves"),
          fields::texts(entry, "leftovers"),
          fields::number(fields::object(entry, "timing"), "seconds")};
}

std::string one_of(std::string value, std::initializer_list<std::string_view> allowed) {
  return std::ranges::find(allowed, value) == allowed.end() ? std::string() : std::move(value);
}

/// The title of a cell's check, without the variant that ends it.
std::string story_title(const RubricCell& cell, const ReadRun& beside) {
  const auto hash = cell.evidence.find('#');
  const auto* check = hash == std::string::npos ? nullptr : beside.catalogue.find(cell.evidence.substr(hash + 1));
  const auto ending = " with " + cell.variant;
  if (check == nullptr || !check->title.ends_with(ending)) return {};
  return check->title.substr(0, check->title.size() - ending.size());
}

}  // namespace

tl::expected<conformance::Matrix, std::string> read_matrix(std::string_view written) {
  const auto from = fields::document(written);
  conformance::Matrix matrix;
  matrix.kind = one_of(fields::text(from, "kind"), {"runtimes", "clients"});
  const auto& cells = fields::list(from, "cells");
  if (matrix.kind.empty() || cells.size() > kMostCells) return no("matrix.json");
  matrix.tool_version = fields::text(fields::object(from, "tool"), "version");
  matrix.platform = fields::text(from, "platform");
  matrix.seed = fields::digits(from, "seed");
  matrix.full = fields::flag(from, "full");
  matrix.complete = fields::flag(from, "complete");
  matrix.baseline = fields::text(from, "baseline");
  matrix.started = time_of_iso(fields::text(fields::object(from, "timing"), "started"));
  matrix.seconds = fields::number(fields::object(from, "timing"), "seconds");
  for (const auto& row : fields::list(from, "rows")) {
    matrix.rows.push_back({fields::text(row, "id"), fields::text(row, "about"), fields::texts(row, "requirements"),
                           fields::text(row, "expected")});
  }
  for (const auto& column : fields::list(from, "columns")) matrix.columns.push_back(column_of(column));
  if (matrix.rows.size() > kMostCells || matrix.rows.size() * matrix.columns.size() > kMostCells) {
    return no("matrix.json");
  }
  for (const auto& entry : cells) {
    auto cell = matrix_cell_of(entry);
    if (!cell) return tl::unexpected(cell.error());
    matrix.cells.push_back(std::move(*cell));
  }
  return matrix;
}

tl::expected<Rubric, std::string> read_rubric(std::string_view written, const ReadRun& beside) {
  const auto from = fields::document_list(written);
  if (!from.is_array() || from.size() > kMostCells) return no("rubric.json");
  Rubric rubric;
  rubric.info = beside.run.info;
  for (const auto& entry : from) {
    RubricCell cell;
    cell.story = fields::text(entry, "story");
    cell.variant = fields::text(entry, "variant");
    cell.measured = one_of(fields::text(entry, "measured"), {"Y", "P", "N", "unsupported", "inconclusive"});
    if (cell.story.empty() || cell.variant.empty() || cell.measured.empty()) return no("rubric.json");
    cell.registry = fields::text(entry, "registry");
    cell.claimed_first = one_of(fields::text(entry, "claimed_first"), {"Y", "P", "N", "T"});
    cell.claimed_last = one_of(fields::text(entry, "claimed_last"), {"Y", "P", "N", "T"});
    cell.work = one_of(fields::text(entry, "work"), {"nobody", "registry", "client"});
    cell.why = fields::text(entry, "why");
    cell.evidence = fields::text(entry, "evidence");
    for (const auto& [key, value] : fields::object(entry, "numbers").items()) {
      if (value.is_string()) cell.numbers.push_back({key, value.get<std::string>()});
    }
    if (const auto title = story_title(cell, beside); !title.empty()) rubric.titles.try_emplace(cell.story, title);
    const auto add = [](std::vector<std::string>& names, const std::string& name) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    };
    add(rubric.stories, cell.story);
    add(rubric.variants, cell.variant);
    rubric.cells.push_back(std::move(cell));
    if (rubric.stories.size() * rubric.variants.size() > kMostCells) return no("rubric.json");
  }
  return rubric;
}

}  // namespace referee::reports
