#include <fmt/format.h>

#include <sstream>

#include "html_parts.hpp"
#include "referee/embedded/files.hpp"
#include "referee/reports/rubric.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

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

std::string anchor(const RubricCell& cell) {
  return html_text(fmt::format("{}-{}", cell.story, cell.variant));
}

std::string matrix_cell(const RubricCell* cell) {
  if (cell == nullptr) return "<td></td>";
  const auto shown = cell->measured == "unsupported"    ? std::string("–")
                     : cell->measured == "inconclusive" ? "?"
                                                        : cell->measured;
  const auto tip = fmt::format("{} with {}: {}, measured {}. {}", cell->story, cell->variant, claim_text(*cell),
                               cell->measured, clip(cell->why, 400));
  std::string below =
      cell->contradicts() ? fmt::format("<small>claimed {}</small>", html_text(cell->claimed_last)) : "";
  if (cell->work == "client" || cell->work == "registry") below += fmt::format("<small>{}</small>", cell->work);
  return fmt::format(R"(<td class="{}"><a href="#{}" title="{}"><b>{}</b>{}</a></td>)", css_class(*cell), anchor(*cell),
                     html_text(tip), html_text(shown), below);
}

void details(std::ostream& out, const Rubric& rubric, const std::string& story) {
  const auto title = rubric.titles.find(story);
  out << fmt::format(
      "<h3>{} {}</h3><table class=\"numbers\"><thead><tr><th>variant<th>claimed<th>measured<th>work<th>why and "
      "numbers</tr></thead><tbody>\n",
      html_text(story), html_text(title == rubric.titles.end() ? "" : title->second));
  for (const auto& cell : rubric.cells) {
    if (cell.story != story) continue;
    out << fmt::format(
        R"(<tr id="{}"><th scope="row">{}<small>{}</small></th><td>{}</td><td class="{}"><a href="{}">{}</a></td><td>{}</td><td>{})",
        anchor(cell), html_text(cell.variant), html_text(cell.registry), html_text(claim_text(cell)), css_class(cell),
        html_text(cell.evidence), html_text(cell.measured), html_text(cell.work), html_text(clip(cell.why, 1000)));
    if (!cell.numbers.empty()) {
      out << "<dl>";
      for (const auto& [key, value] : cell.numbers) {
        out << fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", html_text(key), html_text(clip(value, 300)));
      }
      out << "</dl>";
    }
    out << "</td></tr>\n";
  }
  out << "</tbody></table>\n";
}

}  // namespace

std::string rubric_html(const Rubric& rubric) {
  const auto style = embedded::file("reports/page/rubric.css").value_or("");
  std::ostringstream out;
  out << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      << fmt::format(R"(<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src {}">)",
                     source_hash(style))
      << R"(<meta name="viewport" content="width=device-width, initial-scale=1">)"
      << fmt::format("<title>Rubric: {}</title><style>{}</style></head><body><main>\n",
                     html_text(clip(rubric.info.target, 300)), style);
  std::size_t differing = 0;
  for (const auto& cell : rubric.cells) differing += cell.contradicts() ? 1 : 0;
  out << fmt::format(
      "<h1>User stories against proposals, measured</h1>\n<p>{} stories, {} variants, target <code>{}</code>, seed {}, "
      "Referee {}. "
      "<strong>{} cells differ from what the proposal claims</strong> (ringed). Y yes, P partly, N no, – unsupported; "
      "below it, who does the work. A cell leads to its numbers, and from there to its requests.</p>\n",
      rubric.stories.size(), rubric.variants.size(), html_text(clip(rubric.info.target, 300)), rubric.info.seed,
      html_text(rubric.info.tool_version), differing);
  out << R"(<div class="scroll"><table class="matrix"><thead><tr><th>story</th>)";
  for (const auto& variant : rubric.variants) out << fmt::format(R"(<th scope="col">{}</th>)", html_text(variant));
  out << "</tr></thead><tbody>\n";
  for (const auto& story : rubric.stories) {
    const auto title = rubric.titles.find(story);
    out << fmt::format(R"(<tr><th scope="row"><b>{}</b> {}</th>)", html_text(story),
                       html_text(title == rubric.titles.end() ? "" : title->second));
    for (const auto& variant : rubric.variants) out << matrix_cell(rubric.find(story, variant));
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n<h2>Numbers</h2>\n";
  for (const auto& story : rubric.stories) details(out, rubric, story);
  out << "</main></body></html>\n";
  return out.str();
}

}  // namespace referee::reports
