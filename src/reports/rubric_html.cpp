#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <string_view>

#include "html_parts.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/report.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

constexpr std::string_view kReport = "report.html#";
constexpr std::size_t kTitleBytes = 300;

std::string claim_text(const RubricCell& cell) {
  if (cell.claimed_last.empty()) return "nothing claimed";
  if (cell.claimed_first == cell.claimed_last) return fmt::format("claimed {}", cell.claimed_last);
  return fmt::format("claimed {}, at first {}", cell.claimed_last, cell.claimed_first);
}

std::string css_class(const RubricCell& cell) {
  std::string name = cell.measured == "Y"   ? "yes"
                     : cell.measured == "P" ? "partly"
                     : cell.measured == "N" ? "no"
                                            : "none";
  if (cell.contradicts()) name += " differs";
  return name;
}

std::string anchor(std::size_t number, const RubricCell& cell) {
  return html_text(fmt::format("rubric{}-{}-{}", number, cell.story, cell.variant));
}

std::string matrix_cell(const RubricCell* cell, std::size_t number) {
  if (cell == nullptr) return "<td></td>";
  const auto shown = cell->measured == "unsupported"    ? std::string("–")
                     : cell->measured == "inconclusive" ? "?"
                                                        : cell->measured;
  const auto tip = fmt::format("{} with {}: {}, measured {}. {}", cell->story, cell->variant, claim_text(*cell),
                               cell->measured, clip(cell->why, 400));
  std::string below =
      cell->contradicts() ? fmt::format("<small>claimed {}</small>", html_text(cell->claimed_last)) : "";
  if (cell->work == "client" || cell->work == "registry") below += fmt::format("<small>{}</small>", cell->work);
  return fmt::format(R"(<td class="{}"><a href="#{}" title="{}"><b>{}</b>{}</a></td>)", css_class(*cell),
                     anchor(number, *cell), html_text(tip), html_text(shown), below);
}

/// Addresses on the page, by the id of a check.
using Fragments = std::map<std::string, std::string, std::less<>>;

Fragments fragments_of(const Report& report) {
  Fragments found;
  for (std::size_t run = 0; run < report.runs.size(); ++run) {
    for (const auto& check : report.runs[run].run->checks) {
      found.try_emplace(check.raw.id, check_fragment(run, check.raw.id));
    }
  }
  return found;
}

/// The check behind a cell, where the page has it.
std::string evidence_link(const RubricCell& cell, const Fragments& fragments) {
  const auto id = std::string_view(cell.evidence).substr(std::min(cell.evidence.size(), kReport.size()));
  const auto found = cell.evidence.starts_with(kReport) ? fragments.find(id) : fragments.end();
  if (found == fragments.end()) return html_text(cell.measured);
  return fmt::format(R"(<a href="#{}">{}</a>)", html_text(found->second), html_text(cell.measured));
}

void details(std::ostream& out, const Rubric& rubric, const std::string& story, std::size_t number,
             const Fragments& fragments) {
  const auto title = rubric.titles.find(story);
  const auto name = html_text(clip(story + " " + (title == rubric.titles.end() ? "" : title->second), kTitleBytes));
  out << fmt::format(
      "<details class=\"cells\"><summary>{}</summary>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
      "aria-label=\"{}\"><table class=\"numbers\"><thead><tr><th scope=\"col\">variant</th><th "
      "scope=\"col\">claimed</th><th scope=\"col\">measured</th><th scope=\"col\">work</th><th scope=\"col\">why and "
      "numbers</th></tr></thead><tbody>\n",
      name, name);
  for (const auto& cell : rubric.cells) {
    if (cell.story != story) continue;
    out << fmt::format(
        R"(<tr id="{}"><th scope="row">{}<small>{}</small></th><td>{}</td><td class="{}">{}</td><td>{}</td><td>{})",
        anchor(number, cell), html_text(cell.variant), html_text(cell.registry), html_text(claim_text(cell)),
        css_class(cell), evidence_link(cell, fragments), html_text(cell.work), html_text(clip(cell.why, 1000)));
    if (!cell.numbers.empty()) {
      out << "<dl>";
      for (const auto& [key, value] : cell.numbers) {
        out << fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", html_text(clip(key, 300)), html_text(clip(value, 300)));
      }
      out << "</dl>";
    }
    out << "</td></tr>\n";
  }
  out << "</tbody></table></div></details>\n";
}

void table(std::ostream& out, const Rubric& rubric, std::size_t number) {
  out << R"(<div class="scroll" role="region" tabindex="0" aria-label="Stories and variants"><table class="matrix">)"
      << R"(<thead><tr><th scope="col">story</th>)";
  for (const auto& variant : rubric.variants) out << fmt::format(R"(<th scope="col">{}</th>)", html_text(variant));
  out << "</tr></thead><tbody>\n";
  for (const auto& story : rubric.stories) {
    const auto title = rubric.titles.find(story);
    out << fmt::format(R"(<tr><th scope="row"><b>{}</b> {}</th>)", html_text(story),
                       html_text(clip(title == rubric.titles.end() ? "" : title->second, kTitleBytes)));
    for (const auto& variant : rubric.variants) out << matrix_cell(rubric.find(story, variant), number);
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n";
}

}  // namespace

void rubric_part(std::ostream& out, const Rubric& rubric, std::size_t number, const Report& report,
                 Chapters& chapters) {
  const auto id = fmt::format("rubric{}", number);
  const auto title = report.rubrics.size() > 1 ? "Rubric: " + clip(rubric.info.target, 100) : std::string("Rubric");
  chapters.entries.push_back({id, title});
  const auto differing = std::ranges::count_if(rubric.cells, &RubricCell::contradicts);
  out << fmt::format(
      "<section class=\"part part-rubric\" id=\"{}\" aria-labelledby=\"{}-title\"><h2 id=\"{}-title\">{}: user stories "
      "against proposals, measured</h2>\n<p class=\"about\">{}, {}, target <code>{}</code>{}. "
      "<strong>{} from what the proposal claims</strong> (ringed). Y yes, P partly, N no, – unsupported, ? not "
      "decided; below it, who does the work. A cell leads to its numbers, and from there to its requests.</p>\n",
      id, id, id, html_text(title), oci::counted(rubric.stories.size(), "story", "stories"),
      oci::counted(rubric.variants.size(), "variant"), html_text(clip(rubric.info.target, 300)),
      rubric.info.complete ? "" : ", not complete", oci::counted(differing, "cell differs", "cells differ"));
  table(out, rubric, number);
  out << "<h3>Behind the cells</h3>\n";
  const auto fragments = fragments_of(report);
  for (const auto& story : rubric.stories) details(out, rubric, story, number, fragments);
  out << "</section>\n";
}

std::string rubric_html(const Rubric& rubric) {
  Report report;
  report.rubrics = {&rubric};
  return report_html(report);
}

}  // namespace referee::reports
