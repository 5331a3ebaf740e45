#include "result_table_words.hpp"

#include <fmt/format.h>

#include "text.hpp"

namespace referee::reports {

std::string_view row_name(RunKind kind) {
  switch (kind) {
    case RunKind::kRubric:
      return "story";
    case RunKind::kRuntimes:
      return "content";
    case RunKind::kClients:
    case RunKind::kChecks:
      break;
  }
  return "requirement";
}

std::string table_title(const ResultTable& table) {
  const auto rows = table.rows.size();
  const auto columns = table.columns.size();
  switch (table.kind) {
    case RunKind::kRubric:
      return fmt::format("{} cells of the rubric, {} columns", rows, columns);
    case RunKind::kRuntimes:
      return fmt::format("{} contents, {} runtimes", rows, columns);
    case RunKind::kClients:
      return fmt::format("{} requirements of clients, {} clients", rows, columns);
    case RunKind::kChecks:
      break;
  }
  return fmt::format("{} requirements, {} {}", rows, columns, columns == 1 ? "registry" : "registries");
}

std::string_view divergence_heading(bool passed) {
  return passed ? "All pass, yet they differ" : "Left open, and they differ";
}

std::string_view divergence_lead(bool passed) {
  return passed ? "Every registry that supports it does what the requirement asks for, and does it in another way: the "
                  "text can be read in more than one."
                : "The text allows it or is silent, or this version does not ask for it; a client meets each of these.";
}

std::string table_legend(const ResultTable& table) {
  if (table.kind == RunKind::kRubric) return "✓ yes, ! partly, ✗ no, – unsupported, ? inconclusive.";
  const std::string signs = "✓ as required, ✗ against a MUST, ! against a SHOULD, ○ left open";
  if (table.kind != RunKind::kChecks) return signs + ", ? cut off or unclear, – not tried.";
  auto text =
      signs +
      ": what was observed, ⊘ a prerequisite fails, ? inconclusive, – not supported; empty: not in that run. ≠ "
      "nobody fails, and yet they differ. A requirement has the worst verdict of the checks that name it first.";
  if (table.together > 0)
    text += fmt::format(" {} requirements are tested only together with another one and have no row.", table.together);
  return text;
}

std::string cell_word(const ResultTable& table, const TableCell& cell) {
  using conformance::Verdict;
  const auto plain = (cell.verdict && cell.word == conformance::name(*cell.verdict)) ||
                     (table.kind == RunKind::kClients && cell.word == "right");
  if (plain && cell.verdict != Verdict::kBlocked) return "";
  return clip(cell.word, 60);
}

std::string markdown_link(std::string_view link) {
  std::string out;
  for (const char c : terminal_text(link)) {
    if (c == '<' || c == '>' || c == '|' || c == '\\' || c == ' ')
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}

}  // namespace referee::reports
