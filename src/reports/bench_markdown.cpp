#include <fmt/format.h>

#include <algorithm>

#include "bench_parts.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/bench.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

constexpr std::size_t kMostSentences = 100;
constexpr std::size_t kLongestCell = 300;
constexpr std::size_t kLongestSentence = 3000;

void row(std::string& out, const std::vector<std::string>& cells) {
  for (const auto& cell : cells) out += "| " + markdown_text(clip(cell, kLongestCell)) + " ";
  out += "|\n";
}

void table_of(std::string& out, const bench::Table& table, std::size_t left_out = 0) {
  if (table.columns.empty()) return;
  row(out, table.columns);
  for (std::size_t at = 0; at < table.columns.size(); ++at) out += "|---";
  out += "|\n";
  for (std::size_t at = 0; at < std::min(table.rows.size(), kMostRows); ++at) row(out, table.rows[at]);
  left_out += table.rows.size() - std::min(table.rows.size(), kMostRows);
  if (left_out > 0) out += fmt::format("\n{} in the file.\n", oci::counted(left_out, "more row is", "more rows are"));
  out += '\n';
}

void chapter_of(std::string& out, const Chapter& chapter) {
  const bool several = chapter.results.size() > 1;
  const auto line = [](const std::string& text) { return markdown_text(clip(text, kLongestSentence)); };
  out += fmt::format("## {}\n\n{}\n\n", line(chapter.title), line(chapter.results.front().result->about));
  for (const auto& one : chapter.results) {
    if (several) out += fmt::format("**{}**\n\n", line(one.target));
    if (!one.result->incomplete.empty()) out += fmt::format("Not whole: {}.\n\n", line(one.result->incomplete));
    const auto& findings = one.result->findings;
    for (std::size_t at = 0; at < std::min(findings.size(), kMostSentences); ++at) {
      out += fmt::format("- {}\n", line(findings[at]));
    }
    if (!findings.empty()) out += '\n';
  }
  for (const auto& figure : chapter.figures) {
    const auto numbers = numbers_of(figure, several);
    out += fmt::format("### {}\n\n", line(numbers.table.title));
    table_of(out, numbers.table, numbers.left_out);
  }
  for (const auto& one : chapter.results) {
    for (const auto& table : one.result->tables) {
      out += fmt::format("### {}{}\n\n", several ? line(one.target) + ": " : "", line(table.title));
      table_of(out, table);
    }
  }
}

}  // namespace

std::string bench_markdown(std::span<const bench::Result> results) {
  const auto chapters = chapters_of(results);
  std::string out = "# Benchmarks\n\n";
  if (chapters.empty()) return out + "There is no result.\n";
  table_of(out, sources_of(chapters));
  for (const auto& chapter : chapters) chapter_of(out, chapter);
  return out;
}

}  // namespace referee::reports
