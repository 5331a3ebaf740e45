#include <fmt/format.h>

#include "html_parts.hpp"
#include "model.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

constexpr std::size_t kRows = 500;
constexpr std::size_t kCell = 600;

std::string cell(std::string_view text) {
  return "<td>" + html_text(clip(text, kCell)) + "</td>";
}

}  // namespace

std::string html_static(const conformance::Run& run, const Book& book) {
  const auto counts = count(run);
  std::string out = fmt::format(
      "<h2>{}</h2>\n<p>distribution-spec {}, {} of {} checks have a verdict{}. With JavaScript this page also shows "
      "every check "
      "with its requirement, its requests and a filter.</p>\n",
      html_text(clip(run.info.target, kCell)), conformance::name(run.info.spec), counts.total(), run.info.selected,
      run.info.complete ? "" : " (the run is not complete)");
  out +=
      "<table class=\"plain\"><thead><tr><th scope=\"col\">Verdict</th><th "
      "scope=\"col\">Checks</th></tr></thead><tbody>\n";
  for (const auto verdict : kReadingOrder) {
    out += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", conformance::name(verdict), counts.of(verdict));
  }
  out += "</tbody></table>\n";
  const auto causes = root_causes(run);
  if (causes.empty()) return out;
  out +=
      "<h2>Root causes</h2>\n<table class=\"plain\"><thead><tr><th scope=\"col\">Verdict</th><th "
      "scope=\"col\">Check</th>"
      "<th scope=\"col\">Expected</th><th scope=\"col\">Actual</th></tr></thead><tbody>\n";
  std::size_t rows = 0;
  for (const auto* check : causes) {
    if (++rows > kRows) break;
    const auto name = title(*check, book);
    out += "<tr>" + cell(conformance::name(check->verdict)) +
           cell(name.empty() ? check->raw.id : name + " (" + check->raw.id + ")");
    if (check->raw.failures.empty()) {
      out += cell("") + cell(check->reason);
    } else {
      const auto& first = check->raw.failures.front();
      out += cell(first.expected) + cell(first.actual.empty() ? first.what : first.actual);
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table>\n";
}

}  // namespace referee::reports
