#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "referee/reports/result_table.hpp"

namespace referee::reports {
namespace {

using nlohmann::ordered_json;

ordered_json column_json(const TableColumn& column) {
  ordered_json counts = ordered_json::object();
  for (const auto& [verdict, count] : column.counts) counts[std::string(conformance::name(verdict))] = count;
  return {{"name", column.name}, {"about", column.about}, {"absent", column.absent}, {"counts", counts}};
}

ordered_json table_row_json(const TableRow& row) {
  ordered_json cells = ordered_json::array();
  for (const auto& cell : row.cells) {
    if (!cell.verdict) {
      cells.push_back(nullptr);
      continue;
    }
    cells.push_back({{"verdict", conformance::name(*cell.verdict)}, {"shown", cell.word}, {"detail", cell.tip}});
  }
  return {{"id", row.id},     {"group", row.group},     {"title", row.title},     {"level", row.level},
          {"link", row.link}, {"expected", row.expect}, {"differs", row.differs}, {"cells", cells}};
}

ordered_json divergence_json(const Divergence& divergence) {
  ordered_json values = ordered_json::array();
  for (const auto& [value, columns] : divergence.values) values.push_back({{"value", value}, {"columns", columns}});
  return {{"requirement", divergence.row}, {"check", divergence.check},     {"level", divergence.level},
          {"title", divergence.title},     {"section", divergence.section}, {"link", divergence.link},
          {"key", divergence.key},         {"all_pass", divergence.passed}, {"values", values},
          {"without", divergence.without}};
}

}  // namespace

std::string result_tables_json(const std::vector<ResultTable>& tables) {
  ordered_json list = ordered_json::array();
  for (const auto& table : tables) {
    ordered_json columns = ordered_json::array();
    for (const auto& column : table.columns) columns.push_back(column_json(column));
    ordered_json rows = ordered_json::array();
    for (const auto& row : table.rows) rows.push_back(table_row_json(row));
    ordered_json divergences = ordered_json::array();
    for (const auto& divergence : table.divergences) divergences.push_back(divergence_json(divergence));
    list.push_back({{"kind", name(table.kind)},
                    {"limits", table.limits},
                    {"columns", columns},
                    {"divergences", divergences},
                    {"rows", rows},
                    {"requirements_without_row", table.together}});
  }
  return dump({{"schema", "referee.result-tables/1"}, {"tables", list}}, 2) + "\n";
}

}  // namespace referee::reports
