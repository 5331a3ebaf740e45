#include "result_table_words.hpp"

#include <fmt/format.h>

#include "referee/oci/words.hpp"
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
      return fmt::format("{} of the rubric, {}", oci::counted(rows, "cell"), oci::counted(columns, "column"));
    case RunKind::kRuntimes:
      return fmt::format("{}, {}", oci::counted(rows, "content"), oci::counted(columns, "runtime"));
    case RunKind::kClients:
      return fmt::format("{}, {}", oci::counted(rows, "requirement of clients", "requirements of clients"),
                         oci::counted(columns, "client"));
    case RunKind::kChecks:
      break;
  }
  return fmt::format("{}, {}", oci::counted(rows, "requirement"), oci::counted(columns, "registry", "registries"));
}

std::string_view table_counts(RunKind kind) {
  return kind == RunKind::kChecks
             ? "Counted in requirements; `referee check` counts checks, of which a requirement can "
               "have several."
             : "";
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
    text += fmt::format(" {} tested only together with another one and {} no row.",
                        oci::counted(table.together, "requirement is", "requirements are"),
                        table.together == 1 ? "has" : "have");
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
