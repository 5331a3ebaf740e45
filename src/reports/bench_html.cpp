#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "bench_parts.hpp"
#include "html_parts.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/bench.hpp"
#include "referee/reports/report.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

constexpr std::size_t kMostFindings = 100;
constexpr std::size_t kCellBytes = 300;
constexpr std::size_t kFindingBytes = 3000;

/// `growth-2`: nothing of a result gets into an id.
std::string figure_id(std::size_t chapter, std::size_t figure) {
  return fmt::format("bench-{}-{}", chapter + 1, figure + 1);
}

bool is_number(std::string_view cell) {
  constexpr std::size_t kWidest = 16;
  if (cell.empty() || cell.size() > kWidest || cell.front() < '0' || cell.front() > '9') return false;
  // No version, no time of day.
  return std::ranges::count(cell, '.') < 2 && cell.find_first_of("-:") == std::string_view::npos;
}

/// Columns of numbers stand to the right.
std::vector<const char*> classes_of(const bench::Table& table) {
  std::vector<const char*> classes;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    bool any = false;
    const bool numbers = std::ranges::all_of(table.rows, [&](const std::vector<std::string>& row) {
      if (column >= row.size() || row[column].empty()) return true;
      any = true;
      return is_number(row[column]);
    });
    classes.push_back(any && numbers ? R"( class="r")" : "");
  }
  return classes;
}

void html_table(std::ostream& out, const std::string& name, const bench::Table& table, std::size_t left_out = 0) {
  const auto classes = classes_of(table);
  out << fmt::format(
      R"(<div class="scroll" role="region" tabindex="0" aria-label="{}"><table class="numbers"><thead><tr>)",
      html_text(clip(name, kCellBytes)));
  for (std::size_t at = 0; at < table.columns.size(); ++at) {
    out << fmt::format(R"(<th scope="col"{}>{}</th>)", classes[at], html_text(clip(table.columns[at], kCellBytes)));
  }
  out << "</tr></thead><tbody>\n";
  for (std::size_t row = 0; row < std::min(table.rows.size(), kMostRows); ++row) {
    out << "<tr>";
    for (std::size_t at = 0; at < std::min(table.rows[row].size(), classes.size()); ++at) {
      out << fmt::format("<td{}>{}</td>", classes[at], html_text(clip(table.rows[row][at], kCellBytes)));
    }
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n";
  left_out += table.rows.size() - std::min(table.rows.size(), kMostRows);
  if (left_out > 0)
    out << fmt::format("<p class=\"remark\">{} in the file.</p>\n",
                       oci::counted(left_out, "more row is", "more rows are"));
}

void folded(std::ostream& out, const std::string& name, const bench::Table& table, std::size_t left_out = 0) {
  const auto rows = table.rows.size() + left_out;
  out << fmt::format("<details class=\"table\"><summary>{} <span>{}</span></summary>\n",
                     html_text(clip(name, kCellBytes)), oci::counted(rows, "row"));
  html_table(out, name, table, left_out);
  out << "</details>\n";
}

std::string caption(const Panel& panel, const Figure& figure, bool several) {
  auto name = clip(panel.name, kCellBytes);
  if (panel.dots) {
    const auto& all = panel.chart->series;
    const auto some = std::ranges::find_if(all, [](const bench::Series& series) { return !series.points.empty(); });
    if (some != all.end()) {
      name += fmt::format("{}{} {}", name.empty() ? "" : ", ",
                          value_text(some->points.front().first, quantity_of(figure.x_label)),
                          clip(figure.x_label, kCellBytes));
    }
  }
  auto text = name.empty() ? std::string() : fmt::format("<b>{}</b> ", html_text(name));
  if (several) text += fmt::format("<span>{}</span>", html_text(clip(panel.target, kCellBytes)));
  return text.empty() ? "" : "<figcaption>" + text + "</figcaption>";
}

void html_figure(std::ostream& out, const Figure& figure, const std::string& id, bool several, bool half,
                 Looks& looks) {
  const auto frame = frame_of(figure, half);
  out << fmt::format("<section class=\"figure\" id=\"{}\"><h4>{}</h4>\n<div class=\"panels cols-{}\">\n", id,
                     html_text(clip(figure.title, kCellBytes)), frame.columns);
  for (const auto& panel : figure.panels) {
    out << "<figure>" << caption(panel, figure, several)
        << (panel.dots ? dots_svg(panel, frame, looks) : lines_svg(panel, frame, looks));
    if (const auto remark = remark_on(panel, frame); !remark.empty()) {
      out << fmt::format("<p class=\"remark\">{}</p>", remark);
    }
    out << "</figure>\n";
  }
  out << "</div>\n";
  if (figure.left_out > 0) {
    out << fmt::format("<p class=\"remark\">{} in the files.</p>\n",
                       oci::counted(figure.left_out, "more chart of this kind is", "more charts of this kind are"));
  }
  const auto numbers = numbers_of(figure, several);
  folded(out, "Numbers: " + numbers.table.title, numbers.table, numbers.left_out);
  out << "</section>\n";
}

/// Figures of one panel stand in pairs, if there are two of them in a row.
void html_figures(std::ostream& out, const Chapter& chapter, std::size_t number, bool several, Looks& looks) {
  const auto& all = chapter.figures;
  const auto single = [&](std::size_t at) { return at < all.size() && all[at].panels.size() == 1; };
  for (std::size_t at = 0; at < all.size(); ++at) {
    const bool pair = single(at) && single(at + 1);
    if (pair) out << "<div class=\"side\">\n";
    html_figure(out, all[at], figure_id(number, at), several, pair, looks);
    if (!pair) continue;
    ++at;
    html_figure(out, all[at], figure_id(number, at), several, true, looks);
    out << "</div>\n";
  }
}

void said_by(std::ostream& out, const NamedResult& one, bool several) {
  const auto& result = *one.result;
  if (several) out << fmt::format("<h4 class=\"target\">{}</h4>\n", html_text(clip(one.target, kCellBytes)));
  if (!result.incomplete.empty()) {
    out << fmt::format("<p class=\"notice\">Not whole: {}.</p>\n", html_text(clip(result.incomplete, kFindingBytes)));
  }
  if (result.findings.empty()) return;
  out << "<ul class=\"findings\">\n";
  for (std::size_t at = 0; at < std::min(result.findings.size(), kMostFindings); ++at) {
    out << fmt::format("<li>{}</li>\n", html_text(clip(result.findings[at], kFindingBytes)));
  }
  out << "</ul>\n";
}

void html_chapter(std::ostream& out, const Chapter& chapter, std::size_t number, Looks& looks) {
  const bool several = chapter.results.size() > 1;
  out << fmt::format("<section class=\"chapter\" id=\"bench-{}\"><h3>{}</h3>\n<p class=\"about\">{}</p>\n", number + 1,
                     html_text(clip(chapter.title, kCellBytes)),
                     html_text(clip(chapter.results.front().result->about, kFindingBytes)));
  for (const auto& one : chapter.results) said_by(out, one, several);
  html_figures(out, chapter, number, several, looks);
  if (chapter.left_out > 0) {
    out << fmt::format("<p class=\"remark\">{} in the files.</p>\n",
                       oci::counted(chapter.left_out, "more chart is", "more charts are"));
  }
  if (std::ranges::any_of(chapter.results, [](const NamedResult& one) { return !one.result->tables.empty(); })) {
    out << "<h4>Tables</h4>\n";
  }
  for (const auto& one : chapter.results) {
    for (const auto& table : one.result->tables) {
      folded(out, several ? fmt::format("{}: {}", one.target, table.title) : table.title, table);
    }
  }
  out << "</section>\n";
}

void contents(std::ostream& out, const std::vector<Chapter>& chapters) {
  out << "<nav class=\"contents\" aria-label=\"Benchmarks\"><ol>\n";
  for (std::size_t at = 0; at < chapters.size(); ++at) {
    out << fmt::format("<li><a href=\"#bench-{}\">{}</a>", at + 1, html_text(clip(chapters[at].title, kCellBytes)));
    for (std::size_t figure = 0; figure < chapters[at].figures.size(); ++figure) {
      out << fmt::format(R"( <a class="minor" href="#{}">{}</a>)", figure_id(at, figure),
                         html_text(clip(chapters[at].figures[figure].title, kCellBytes)));
    }
    out << "</li>\n";
  }
  out << "</ol></nav>\n";
}

}  // namespace

void bench_part(std::ostream& out, std::span<const bench::Result> results, Chapters& entries) {
  const auto chapters = chapters_of(results);
  entries.entries.push_back({"bench", "Benchmarks"});
  out << R"(<section class="part part-bench" id="bench" aria-labelledby="bench-title"><h2 id="bench-title">Benchmarks</h2>)"
      << '\n';
  if (chapters.empty()) out << "<p class=\"notice\">There is no result.</p>\n";
  if (chapters.size() > 1 || (!chapters.empty() && chapters.front().figures.size() > 1)) contents(out, chapters);
  if (!chapters.empty()) {
    html_table(out, "What was measured", sources_of(chapters));
    for (const auto& said : disturbances(results)) out << fmt::format("<p class=\"noise\">{}</p>\n", html_text(said));
    out << "<p class=\"about\">"
        << (shows_proposals(chapters) ? "A proposal has one colour; strokes and signs tell its variants apart. " : "")
        << "Point at a line or at its name to single it out, and at a sign for its number. A value of zero has a place "
           "of its own on a "
           "logarithmic axis, below the dotted line.</p>\n";
  }
  Looks looks;
  for (std::size_t at = 0; at < chapters.size(); ++at) html_chapter(out, chapters[at], at, looks);
  out << "</section>\n";
}

std::string bench_html(std::span<const bench::Result> results) {
  Report report;
  report.results = results;
  report.benchmarks = true;
  return report_html(report);
}

}  // namespace referee::reports
