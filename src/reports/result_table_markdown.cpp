#include <fmt/format.h>
#include <fmt/ranges.h>

#include "referee/reports/result_table.hpp"
#include "result_table_words.hpp"
#include "run_comparison_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

std::string divergence_rows(const ResultTable& table, bool passed) {
  std::string text;
  for (const auto& divergence : table.divergences) {
    if (divergence.passed != passed) continue;
    if (text.empty()) {
      text = fmt::format("\n### {}\n\n{}\n\n| requirement | level | noted | values |\n|---|---|---|---|\n",
                         divergence_heading(passed), divergence_lead(passed));
    }
    std::string values;
    for (const auto& [value, columns] : divergence.values)
      values += fmt::format("{}**{}**: {}", values.empty() ? "" : "<br>", markdown_text(clip(value, 200)),
                            markdown_text(fmt::format("{}", fmt::join(columns, ", "))));
    if (!divergence.without.empty())
      values += markdown_text(fmt::format(" (not supported or not tried: {})", fmt::join(divergence.without, ", ")));
    const auto id = markdown_text(divergence.row);
    text += fmt::format("| {}<br>{} | {} | {} | {} |\n",
                        divergence.link.empty() ? id : fmt::format("[{}](<{}>)", id, markdown_link(divergence.link)),
                        markdown_text(divergence.title), divergence.level.empty() ? "–" : divergence.level,
                        markdown_text(divergence.key), values);
  }
  return text;
}

std::string table_text(const ResultTable& table) {
  auto text = fmt::format("\n## {}\n\n", table_title(table));
  if (const auto counts = table_counts(table.kind); !counts.empty()) text += fmt::format("{}\n\n", counts);
  for (const auto& column : table.columns) {
    text += fmt::format("- **{}**: {}{}\n", markdown_text(column.name), markdown_text(clip(column.about, 200)),
                        column.absent.empty() ? "" : ", not tried: " + markdown_text(clip(column.absent, 200)));
  }
  for (const auto& limit : table.limits) text += fmt::format("- **note:** {}\n", markdown_text(limit));
  text += divergence_rows(table, true) + divergence_rows(table, false);
  text += fmt::format("\n### All\n\n{}\n\n| {} | |", table_legend(table), row_name(table.kind));
  for (const auto& column : table.columns) text += fmt::format(" {} |", markdown_text(column.name));
  text += "\n|---|---|";
  for (std::size_t at = 0; at < table.columns.size(); ++at) text += "---|";
  text += "\n";
  std::string group;
  for (const auto& row : table.rows) {
    if (row.group != group) {
      group = row.group;
      text += fmt::format("| **{}** | |", markdown_text(group));
      for (std::size_t at = 0; at < table.columns.size(); ++at) text += " |";
      text += "\n";
    }
    text += fmt::format("| {}{} | {} |", row.differs ? "≠ " : "", markdown_text(row.id),
                        row.level.empty() ? markdown_text(row.expect) : row.level);
    for (const auto& cell : row.cells) {
      text += cell.verdict ? fmt::format(" {} {} |", verdict_sign(*cell.verdict), markdown_text(cell_word(table, cell)))
                           : std::string("  |");
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::string result_tables_markdown(const std::vector<ResultTable>& tables) {
  std::string text = "# Results side by side\n";
  for (const auto& table : tables) text += table_text(table);
  return text;
}

}  // namespace referee::reports
