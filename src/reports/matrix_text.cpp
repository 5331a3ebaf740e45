#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include "matrix_parts.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/matrix.hpp"
#include "text.hpp"

namespace referee::reports {

using conformance::Matrix;
using conformance::MatrixCell;
using conformance::Standing;

namespace {

/// In the order in which a reader should see them.
constexpr std::array<Standing, 4> kAttention{Standing::kWrong, Standing::kFailed, Standing::kTimeout,
                                             Standing::kUnclear};

std::vector<const MatrixCell*> cells_that_are(const Matrix& matrix, Standing standing) {
  std::vector<const MatrixCell*> found;
  for (const auto& cell : matrix.cells) {
    if (cell.standing == standing && !is_absent(matrix, cell)) found.push_back(&cell);
  }
  return found;
}

std::string heading(const Matrix& matrix, Standing standing) {
  const bool clients = matrix.kind == "clients";
  switch (standing) {
    case Standing::kWrong:
      return clients ? "Believed, sent or wrote what it should not have"
                     : "Success with the wrong object, or with none";
    case Standing::kFailed:
      return clients ? "Failed although everything was in order" : "Failed although there is an object for it";
    case Standing::kTimeout:
      return "Cut off at the limit";
    default:
      return "Unclear";
  }
}

std::string versions_of(const conformance::MatrixColumn& column) {
  if (column.daemon_version.empty()) return column.client_version;
  return fmt::format("{}, daemon {}", column.client_version, column.daemon_version);
}

std::string counts_of(const Matrix& matrix, const std::string& column) {
  std::map<Standing, int> counts;
  for (const auto& cell : matrix.cells) {
    if (cell.column == column) ++counts[cell.standing];
  }
  std::vector<std::string> parts;
  for (const auto& [standing, count] : counts) parts.push_back(fmt::format("{} {}", count, name(standing)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

bool is_absent(const Matrix& matrix, const MatrixCell& cell) {
  const auto found = std::ranges::find(matrix.columns, cell.column, &conformance::MatrixColumn::name);
  return found != matrix.columns.end() && !found->absent.empty() && found->absent == cell.why;
}

std::string short_text(const MatrixCell& cell) {
  switch (cell.standing) {
    case Standing::kRight:
    case Standing::kAllowed:
      return cell.selected.empty() ? "refused" : cell.selected;
    case Standing::kWrong:
      return cell.selected.empty() ? "none" : cell.selected;
    case Standing::kFailed:
      return "failed";
    case Standing::kTimeout:
      return "timeout";
    case Standing::kUnclear:
      return "?";
    case Standing::kNotTried:
      return "";
  }
  return "";
}

std::string matrix_text(const Matrix& matrix, std::size_t width) {
  std::ostringstream out;
  for (const auto standing : kAttention) {
    const auto cells = cells_that_are(matrix, standing);
    if (cells.empty()) continue;
    out << fmt::format("{} ({})\n", heading(matrix, standing), cells.size());
    for (const auto* cell : cells) {
      const auto head = fmt::format("  {:<12} {:<26} {:<5} ", cell->column, cell->row, name(cell->verdict));
      const auto text = terminal_text(cell->why + (cell->words.empty() ? "" : ": " + cell->words));
      out << head << fit(text, std::max<std::size_t>(width, head.size() + 30) - head.size()) << '\n';
    }
    out << '\n';
  }
  for (const auto& column : matrix.columns) {
    if (!column.absent.empty()) {
      out << fmt::format("{:<14} not tried: {}\n", column.name, terminal_text(column.absent));
      continue;
    }
    out << fmt::format("{:<14} {}: {}", column.name, terminal_text(versions_of(column)),
                       counts_of(matrix, column.name));
    if (!column.behaves.empty()) {
      out << fmt::format("; behaves as {}", terminal_text(fmt::format("{}", fmt::join(column.behaves, ", "))));
    }
    out << '\n';
    for (const auto& left : column.leftovers)
      out << fmt::format("               left behind: {}\n", terminal_text(left));
  }
  std::size_t changed = 0;
  for (const auto& cell : matrix.cells) changed += cell.was.empty() ? 0 : 1;
  if (!matrix.baseline.empty())
    out << fmt::format("\n{} from {}\n", oci::counted(changed, "cell differs", "cells differ"),
                       terminal_text(matrix.baseline));
  for (const auto& cell : matrix.cells) {
    if (cell.was.empty() || matrix.baseline.empty()) continue;
    out << fmt::format("  {:<12} {:<26} was: {}; now: {}\n", cell.column, cell.row, terminal_text(cell.was),
                       terminal_text(cell.outcome()));
  }
  return out.str();
}

std::string matrix_markdown(const Matrix& matrix) {
  std::ostringstream out;
  const bool clients = matrix.kind == "clients";
  out << fmt::format("# {}\n\nPlatform {}, seed {}, Referee {}.{}\n\n",
                     clients ? "Clients against requirements" : "Runtimes against contents",
                     markdown_text(matrix.platform), matrix.seed, matrix.tool_version,
                     matrix.complete ? "" : " **Not complete.**");
  out << fmt::format("|{}|expected|", clients ? "requirement" : "content");
  for (const auto& column : matrix.columns) out << markdown_text(column.name) << '|';
  out << "\n|---|---|";
  for (std::size_t at = 0; at < matrix.columns.size(); ++at) out << "---|";
  out << "\n| | |";
  for (const auto& column : matrix.columns)
    out << markdown_text(column.absent.empty() ? versions_of(column) : "not tried") << '|';
  out << '\n';
  for (const auto& row : matrix.rows) {
    out << fmt::format("|{}|{}|", markdown_text(row.id), markdown_text(row.expected));
    for (const auto& column : matrix.columns) {
      const auto* cell = matrix.find(row.id, column.name);
      // What a client did is no object: how it stands is what there is to say.
      const auto text = cell == nullptr                         ? std::string()
                        : !clients                              ? markdown_text(short_text(*cell))
                        : cell->standing == Standing::kNotTried ? std::string()
                                                                : std::string(name(cell->standing));
      const bool bad = cell != nullptr && (cell->standing == Standing::kWrong || cell->standing == Standing::kFailed);
      out << (bad ? fmt::format("**{}{}**|", cell->standing == Standing::kWrong ? "wrong: " : "", text) : text + "|");
    }
    out << '\n';
  }
  for (const auto standing : kAttention) {
    const auto cells = cells_that_are(matrix, standing);
    if (cells.empty()) continue;
    out << fmt::format("\n## {}\n\n|{}|{}|verdict|why|its words|\n|---|---|---|---|---|\n", heading(matrix, standing),
                       clients ? "client" : "runtime", clients ? "requirement" : "content");
    for (const auto* cell : cells) {
      out << fmt::format("|{}|{}|{}|{}|{}|\n", markdown_text(cell->column), markdown_text(cell->row),
                         name(cell->verdict), markdown_text(cell->why), markdown_text(cell->words));
    }
  }
  return out.str();
}

}  // namespace referee::reports
