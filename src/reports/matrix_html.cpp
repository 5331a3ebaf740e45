#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <ostream>

#include "html_parts.hpp"
#include "matrix_parts.hpp"
#include "referee/oci/select.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/matrix.hpp"
#include "referee/reports/report.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::Matrix;
using conformance::MatrixCell;
using conformance::MatrixColumn;
using conformance::MatrixRow;
using conformance::Standing;
using conformance::Verdict;

std::string matrix_class(const MatrixCell& cell) {
  switch (cell.standing) {
    case Standing::kRight:
      return "right";
    case Standing::kAllowed:
      return "allowed";
    case Standing::kWrong:
    case Standing::kFailed:
      if (cell.verdict == Verdict::kWarn) return "minded";
      if (cell.verdict != Verdict::kFail) return "allowed";
      return cell.standing == Standing::kWrong ? "wrong" : "failed";
    case Standing::kTimeout:
      return "cut";
    default:
      return "none";
  }
}

/// A sign that tells the classes apart without their colours.
std::string sign(const MatrixCell& cell) {
  switch (cell.standing) {
    case Standing::kRight:
      return "✓";
    case Standing::kAllowed:
      return "○";
    case Standing::kWrong:
      return "✗✗";
    case Standing::kFailed:
      return "✗";
    case Standing::kTimeout:
      return "…";
    default:
      return "";
  }
}

std::string row_anchor(std::size_t number, std::string_view row) {
  return fmt::format("matrix{}-{}", number, row);
}

std::string table_cell(const Matrix& matrix, const MatrixCell* cell, std::size_t number) {
  if (cell == nullptr || is_absent(matrix, *cell) || cell->standing == Standing::kNotTried) {
    return R"(<td class="none"></td>)";
  }
  const auto tip =
      fmt::format("{}, {}: {}{}{}", cell->column, cell->row, cell->outcome(), cell->why.empty() ? "" : ". " + cell->why,
                  cell->words.empty() ? "" : ". It says: " + clip(cell->words, 300));
  // What is right and what was expected need no words; what a client did stands behind its cell.
  const bool taken = cell->selected == "image" || cell->selected == "root";
  const bool plain = cell->standing == Standing::kRight && (taken || matrix.kind == "clients");
  return fmt::format(R"(<td class="{}{}"><a href="#{}" title="{}"><b>{}</b> {}</a></td>)", matrix_class(*cell),
                     cell->was.empty() ? "" : " changed", html_text(matrix_anchor(number, *cell)), html_text(tip),
                     sign(*cell),
                     plain                      ? ""
                     : matrix.kind == "clients" ? html_text(name(cell->standing))
                                                : html_text(clip(short_text(*cell), 40)));
}

/// Whether a row has nothing that a reader looks for.
bool is_quiet(const Matrix& matrix, const MatrixRow& row) {
  return std::ranges::all_of(matrix.columns, [&](const MatrixColumn& column) {
    const auto* cell = matrix.find(row.id, column.name);
    return cell == nullptr || cell->standing == Standing::kRight || cell->standing == Standing::kNotTried ||
           is_absent(matrix, *cell);
  });
}

void column_heads(std::ostream& out, const Matrix& matrix) {
  for (const auto& column : matrix.columns) {
    const auto tip = column.absent.empty()
                         ? fmt::format("{}. Client {}{}", column.about, column.client_version,
                                       column.daemon_version.empty() ? "" : ", daemon " + column.daemon_version)
                         : fmt::format("{}. {}", column.about, column.absent);
    const auto version = column.daemon_version.empty() ? column.client_version : column.daemon_version;
    out << fmt::format(R"(<th scope="col"{} title="{}">{}<small>{}</small></th>)",
                       column.absent.empty() ? "" : " class='absent'", html_text(tip), html_text(column.name),
                       html_text(column.absent.empty() ? clip(version, 24) : "not tried"));
  }
}

/// The readings that explain a runtime, each with its sentence where a pointer rests on it.
std::string behaviour(const MatrixColumn& column) {
  std::string text;
  for (const auto& reading : column.behaves) {
    const auto* selector = oci::find_selector(reading.substr(0, reading.find(' ')));
    text += fmt::format(R"({}<span title="{}">{}</span>)", text.empty() ? "" : ", ",
                        html_text(selector == nullptr ? "" : selector->about), html_text(reading));
  }
  return "<td>" + text + "</td>";
}

void summary(std::ostream& out, const Matrix& matrix) {
  out << R"(<div class="scroll" role="region" tabindex="0" aria-label="Summary"><table class="summary"><thead><tr>)";
  for (const char* name : {matrix.kind == "clients" ? "client" : "runtime", "version", "wrong", "failed", "timeout",
                           "open", "right", "behaves as"}) {
    if (matrix.kind != "clients" || std::string_view(name) != "behaves as") {
      out << fmt::format(R"(<th scope="col">{}</th>)", name);
    }
  }
  out << "</tr></thead><tbody>\n";
  for (const auto& column : matrix.columns) {
    if (!column.absent.empty()) {
      out << fmt::format(R"(<tr><th scope="row">{}</th><td colspan="7">{}</td></tr>)", html_text(column.name),
                         html_text(column.absent));
      continue;
    }
    std::map<Standing, int> counts;
    for (const auto& cell : matrix.cells) {
      if (cell.column == column.name) ++counts[cell.standing];
    }
    const bool broken = std::ranges::any_of(matrix.cells, [&](const MatrixCell& cell) {
      return cell.column == column.name && cell.standing == Standing::kWrong && cell.verdict == Verdict::kFail;
    });
    const auto count = [&](Standing standing, const char* css) {
      const int number = counts[standing];
      return fmt::format("<td class=\"{}\">{}</td>", number == 0 ? "zero" : css, number);
    };
    out << fmt::format(R"(<tr><th scope="row" title="{}">{}</th><td>{}{}</td>)", html_text(clip(column.about, 200)),
                       html_text(column.name), html_text(column.client_version),
                       column.daemon_version.empty() ? "" : ", daemon " + html_text(column.daemon_version))
        << count(Standing::kWrong, broken ? "wrong" : "minded") << count(Standing::kFailed, "minded")
        << count(Standing::kTimeout, "cut") << count(Standing::kAllowed, "allowed") << count(Standing::kRight, "right")
        << (matrix.kind == "clients" ? "" : behaviour(column)) << "</tr>\n";
  }
  out << "</tbody></table></div>\n";
}

void row_details(std::ostream& out, const Matrix& matrix, const MatrixRow& row, std::size_t number,
                 const conformance::Ledger& ledger) {
  out << fmt::format("<details class=\"cells\" id=\"{}\"><summary><b>{}</b> {}</summary>\n<ul>",
                     html_text(row_anchor(number, row.id)), html_text(row.id), html_text(clip(row.about, 600)));
  for (const auto& id : row.requirements) {
    const auto* requirement = ledger.find(id);
    if (requirement == nullptr) continue;
    const auto level = requirement->level(conformance::Spec::kV1_1);
    out << fmt::format(R"(<li><a href="{}">{}</a>{}: {}</li>)", html_text(requirement->link(conformance::Spec::kV1_1)),
                       html_text(id), level ? fmt::format(" ({})", name(*level)) : "", html_text(requirement->text));
  }
  out << fmt::format(
      "</ul><p>Expected: {}.</p>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table "
      "class=\"numbers\"><thead><tr>",
      html_text(clip(row.expected, 600)), html_text(row.id));
  for (const char* name : {"who", "what", "why", "its words", "requests", "bytes", "seconds"}) {
    out << fmt::format(R"(<th scope="col">{}</th>)", name);
  }
  out << "</tr></thead><tbody>\n";
  for (const auto& column : matrix.columns) {
    const auto* cell = matrix.find(row.id, column.name);
    if (cell == nullptr || cell->standing == Standing::kNotTried) continue;
    auto why = cell->why;
    for (const auto& note : cell->notes) why += (why.empty() ? "" : "; ") + note;
    if (!cell->was.empty()) why += fmt::format("{}was: {}", why.empty() ? "" : "; ", cell->was);
    if (!cell->create.empty()) why += fmt::format("{}container: {}", why.empty() ? "" : "; ", cell->create);
    out << fmt::format(
        R"(<tr id="{}"><th scope="row">{}</th><td class="{}">{} {}<small>{}</small></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>)",
        html_text(matrix_anchor(number, *cell)), html_text(cell->column), matrix_class(*cell), sign(*cell),
        html_text(short_text(*cell)), html_text(clip(cell->digest, 19)), html_text(clip(why, 600)),
        html_text(clip(cell->words, 400)), cell->requests, cell->bytes, seconds_text(cell->seconds));
    out << '\n';
  }
  out << "</tbody></table></div></details>\n";
}

void legend(std::ostream& out, bool clients) {
  out << R"(<ul class="legend"><li class="wrong">✗✗ )"
      << (clients ? "it believed, sent or wrote what it should not have"
                  : "success with the wrong object, which is named, or with none")
      << R"(</li><li class="failed">✗ failed, against a MUST</li><li class="minded">✗ ✗✗ the same against a SHOULD</li>)"
      << R"(<li class="cut">… cut off</li><li class="allowed">○ the specification leaves it open; ✗✗ against a claim</li>)"
      << R"(<li class="right">✓ right</li></ul>)"
      << "\n<p class=\"about\">A cell leads to the client's own words, and a row's name to its requirements. "
      << (clients ? ""
                  : "To repeat one by hand: <code>referee serve --contents</code> has each content as "
                    "<code>127.0.0.1:5000/referee/NAME:v1</code>.")
      << "</p>\n";
}

void matrix_table(std::ostream& out, const Matrix& matrix, std::size_t number) {
  out << fmt::format(
      "<label class=\"only\"><input type=\"checkbox\"> only rows on which somebody is not simply right</label>\n"
      "<div class=\"scroll wide\" role=\"region\" tabindex=\"0\" aria-label=\"All cells\"><table "
      "class=\"matrix\"><thead>"
      "<tr><th scope=\"col\">{}</th>",
      matrix.kind == "clients" ? "requirement" : "content, and what is expected unless it is the image");
  column_heads(out, matrix);
  out << "</tr></thead><tbody>\n";
  for (const auto& row : matrix.rows) {
    out << fmt::format(R"(<tr{}><th scope="row" title="{}"><a href="#{}">{}</a><small>{}</small></th>)",
                       is_quiet(matrix, row) ? " class=\"quiet\"" : "", html_text(clip(row.about, 600)),
                       html_text(row_anchor(number, row.id)), html_text(row.id),
                       row.expected == "image" ? "" : html_text(clip(row.expected, 200)));
    for (const auto& column : matrix.columns) out << table_cell(matrix, matrix.find(row.id, column.name), number);
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n";
}

}  // namespace

std::string matrix_anchor(std::size_t number, const MatrixCell& cell) {
  return fmt::format("matrix{}-{}--{}", number, cell.row, cell.column);
}

void matrix_part(std::ostream& out, const Matrix& matrix, std::size_t number, const conformance::Ledger& ledger,
                 Chapters& chapters) {
  const bool clients = matrix.kind == "clients";
  const std::string title = clients ? "Clients: what they believe" : "Runtimes: which image they take";
  const auto id = fmt::format("matrix{}", number);
  chapters.entries.push_back({id, clients ? "Clients" : "Runtimes"});
  out << fmt::format(
      "<section class=\"part part-matrix\" id=\"{}\" aria-labelledby=\"{}-title\"><h2 id=\"{}-title\">{}</h2>\n"
      "<p class=\"about\">{} {} against {} {}; platform {}, seed {}, Referee {}, {}.{}</p>\n",
      id, id, id, title, matrix.columns.size(), clients ? "clients" : "runtimes", matrix.rows.size(),
      clients ? "requirements" : "contents", html_text(matrix.platform), matrix.seed, html_text(matrix.tool_version),
      iso_time(matrix.started), matrix.complete ? "" : " <strong>The run is not complete.</strong>");
  if (!matrix.baseline.empty()) {
    const auto changed = std::ranges::count_if(matrix.cells, [](const auto& cell) { return !cell.was.empty(); });
    out << fmt::format("<p class=\"about\"><strong>{}</strong> from {} (ringed).</p>\n",
                       oci::counted(changed, "cell differs", "cells differ"), html_text(clip(matrix.baseline, 300)));
  }
  summary(out, matrix);
  legend(out, clients);
  matrix_table(out, matrix, number);
  out << "<h3>Behind the cells</h3>\n";
  for (const auto& row : matrix.rows) row_details(out, matrix, row, number, ledger);
  out << "</section>\n";
}

std::string matrix_html(const Matrix& matrix, const conformance::Ledger& ledger) {
  Report report;
  report.matrices = {&matrix};
  report.ledger = &ledger;
  return report_html(report);
}

}  // namespace referee::reports
