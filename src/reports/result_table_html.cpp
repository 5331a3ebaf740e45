#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "referee/reports/result_table.hpp"
#include "result_table_words.hpp"
#include "run_comparison_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::Verdict;

std::string linked(const std::string& text, const std::string& link) {
  return link.empty() ? html_text(text) : fmt::format(R"(<a href="{}">{}</a>)", html_text(link), html_text(text));
}

std::string values_html(const Divergence& divergence) {
  auto out = fmt::format("<p class=\"key\">{}</p><dl>", html_text(divergence.key));
  for (const auto& [value, columns] : divergence.values) {
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", html_text(clip(value, 300)),
                       html_text(fmt::format("{}", fmt::join(columns, ", "))));
  }
  return out + "</dl>";
}

/// A card for each check, with everything that differs of it.
std::string divergences_html(const ResultTable& table, bool passed) {
  std::string out;
  std::string check;
  std::string end;
  for (const auto& divergence : table.divergences) {
    if (divergence.passed != passed) continue;
    if (out.empty()) {
      out = fmt::format("<h3>{}</h3>\n<p>{}</p>\n<ol class=\"divergences\">\n", divergence_heading(passed),
                        divergence_lead(passed));
    }
    if (end.empty() || divergence.check != check) {
      check = divergence.check;
      out += end + fmt::format("<li><p class=\"what\">{}<small><code>{}</code>{}{}</small></p>",
                               html_code(divergence.title), linked(divergence.row, divergence.link),
                               divergence.level.empty() ? std::string() : fmt::format(" <b>{}</b>", divergence.level),
                               divergence.section.empty() ? std::string() : " · " + html_text(divergence.section));
      end = divergence.without.empty() ? "</li>\n"
                                       : fmt::format("<p class=\"without\">not supported or not tried: {}</p></li>\n",
                                                     html_text(fmt::format("{}", fmt::join(divergence.without, ", "))));
    }
    out += values_html(divergence);
  }
  return out.empty() ? out : out + end + "</ol>\n";
}

std::string sources_html(const ResultTable& table) {
  std::string out =
      "<div class=\"scroll\"><table class=\"list counts\"><thead><tr><th scope=\"col\">who</th><th "
      "scope=\"col\">what</th>";
  constexpr std::array kShown{Verdict::kFail,     Verdict::kWarn,        Verdict::kInconclusive, Verdict::kPass,
                              Verdict::kObserved, Verdict::kUnsupported, Verdict::kBlocked};
  for (const auto verdict : kShown) out += fmt::format("<th scope=\"col\">{}</th>", conformance::name(verdict));
  out += "</tr></thead><tbody>\n";
  for (const auto& column : table.columns) {
    out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>", html_text(column.name),
                       html_text(clip(column.absent.empty() ? column.about : "not tried: " + column.absent, 300)));
    for (const auto verdict : kShown) {
      const auto found = column.counts.find(verdict);
      const auto count = found == column.counts.end() ? std::size_t{0} : found->second;
      out += count == 0 ? "<td>0</td>" : fmt::format("<td class=\"{}\">{}</td>", verdict_class(verdict), count);
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string cell_html(const ResultTable& table, const TableRow& row, std::size_t at) {
  const auto& cell = row.cells[at];
  if (!cell.verdict) return "<td></td>";
  const auto tip = fmt::format("{}: {}", table.columns[at].name, cell.tip.empty() ? cell.word : cell.tip);
  const auto word = cell_word(table, cell);
  return fmt::format(R"(<td class="{}" title="{}"><b aria-hidden="true">{}</b><span{}>{}</span></td>)",
                     verdict_class(*cell.verdict), html_text(clip(tip, 1500)), verdict_sign(*cell.verdict),
                     word.empty() ? " class=\"unseen\"" : "", html_text(word.empty() ? cell.word : " " + word));
}

std::string table_html(const ResultTable& table, std::size_t number) {
  auto out = fmt::format("<section class=\"only-here\"><h2>{}</h2>\n", html_text(table_title(table)));
  if (const auto counts = table_counts(table.kind); !counts.empty()) {
    out += fmt::format("<p>{}</p>\n", html_code(counts));
  }
  if (!table.limits.empty()) {
    out += "<ul class=\"limits\">";
    for (const auto& limit : table.limits) out += "<li>" + html_text(limit) + "</li>";
    out += "</ul>\n";
  }
  out += sources_html(table) + divergences_html(table, true) + divergences_html(table, false);
  out += fmt::format(
      "<h3>All of them</h3>\n<p>{} The specification's words are behind the links, the checks behind each cell.</p>\n"
      "<label><input type=\"checkbox\" class=\"only\" id=\"only{}\"> only rows on which somebody fails, or they "
      "differ</label>\n",
      html_text(table_legend(table)), number);
  out += fmt::format(R"(<div class="scroll wide"><table class="matrix"><thead><tr><th scope="col">{}</th>)",
                     row_name(table.kind));
  for (const auto& column : table.columns) {
    out += fmt::format(R"(<th scope="col" title="{}">{}</th>)", html_text(clip(column.about, 300)),
                       html_text(clip(column.name, 60)));
  }
  out += "</tr></thead>\n";
  std::string group = "\n";
  for (const auto& row : table.rows) {
    if (row.group != group) {
      if (group != "\n") out += "</tbody>\n";
      group = row.group;
      out += "<tbody>\n";
      if (!group.empty()) {
        out += fmt::format("<tr class=\"group\"><th scope=\"colgroup\" colspan=\"{}\"><span>{}</span></th></tr>\n",
                           table.columns.size() + 1, html_text(group));
      }
    }
    out += fmt::format(
        "<tr{}><th scope=\"row\">{}<code>{}</code>{}<small>{}</small></th>", row.quiet ? " class=\"quiet\"" : "",
        row.differs ? "<b title=\"they differ\">≠</b> " : "", linked(row.id, row.link),
        row.level.empty() ? "" : fmt::format(" <i>{}</i>", row.level),
        html_text(clip(
            row.expect.empty() || row.expect == "image" ? row.title : row.title + "; expected: " + row.expect, 400)));
    for (std::size_t at = 0; at < row.cells.size(); ++at) out += cell_html(table, row, at);
    out += "</tr>\n";
  }
  if (!table.rows.empty()) out += "</tbody>";
  return out + "</table></div></section>\n";
}

}  // namespace

std::string result_tables_html(const std::vector<ResultTable>& tables) {
  auto out = table_page_head("Results side by side");
  std::size_t number = 0;
  for (const auto& table : tables) out += table_html(table, ++number);
  return out + "</main></body></html>\n";
}

}  // namespace referee::reports
