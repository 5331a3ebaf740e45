#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "html_parts.hpp"
#include "model.hpp"
#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

constexpr std::size_t kCell = 600;

std::string fact(std::string_view name, std::string_view value) {
  return value.empty() ? "" : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, html_text(clip(value, kCell)));
}

/// `2026-11-24 18:04:48 UTC`
std::string when(double started) {
  auto text = iso_time(started);
  if (text.empty()) return text;
  text[text.find('T')] = ' ';
  return text.substr(0, text.find('.')) + " UTC";
}

std::string took(double seconds) {
  return seconds < 1 ? fmt::format("{:.0f} ms", seconds * 1000) : fmt::format("{:.1f} s", seconds);
}

std::string facts_of_run(const conformance::RunInfo& info) {
  return fact("URL", info.url == info.target ? "" : info.url) +
         fact("Specification",
              fmt::format("distribution-spec {}{}", conformance::name(info.spec), info.strict ? ", strict" : "")) +
         fact("Namespace", info.name_space) + fact("Started", when(info.started)) + fact("Took", took(info.seconds)) +
         fact("Requests", std::to_string(info.requests)) + fact("Seed", std::to_string(info.seed)) +
         fact("Jobs", std::to_string(info.jobs)) + fact("Referee", info.tool_version);
}

std::string row(std::string_view part, std::string_view target, double started, std::uint64_t seed,
                std::string_view version, std::string_view state) {
  std::string out = "<tr>";
  for (const auto& text : {std::string(part), std::string(target), when(started), std::to_string(seed),
                           std::string(version), std::string(state)}) {
    out += "<td>" + html_text(clip(text, kCell)) + "</td>";
  }
  return out + "</tr>\n";
}

std::string table_of_parts(const Report& report) {
  std::string out =
      "<section id=\"contents\" aria-labelledby=\"contents-title\"><h2 id=\"contents-title\">What is in this "
      "report</h2>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Parts\"><table><thead><tr>";
  for (const char* name : {"Part", "Target", "Started", "Seed", "Referee", "State"}) {
    out += fmt::format("<th scope=\"col\">{}</th>", name);
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& part : report.runs) {
    const auto& info = part.run->info;
    out += row(fmt::format("checks, distribution-spec {}", conformance::name(info.spec)), info.target, info.started,
               info.seed, info.tool_version,
               fmt::format("{} of {}", part.run->checks.size(), oci::counted(info.selected, "check")));
  }
  for (const auto* rubric : report.rubrics) {
    out += row("rubric", rubric->info.target, rubric->info.started, rubric->info.seed, rubric->info.tool_version,
               oci::counted(rubric->cells.size(), "cell"));
  }
  for (const auto* matrix : report.matrices) {
    out += row(matrix->kind, matrix->platform, matrix->started, matrix->seed, matrix->tool_version,
               oci::counted(matrix->cells.size(), "cell") + (matrix->complete ? "" : ", not complete"));
  }
  for (const auto& result : report.results) {
    out += row("benchmark " + result.scenario, result.target, result.started, result.seed, result.tool_version,
               result.incomplete.empty() ? "whole" : "not whole");
  }
  return out + "</tbody></table></div></section>\n";
}

}  // namespace

std::string facts_html(const Report& report) {
  const auto kinds =
      (report.runs.empty() ? 0 : 1) + (report.matrices.empty() ? 0 : 1) + (report.results.empty() ? 0 : 1);
  // Rubrics are made of runs; matrices and benchmarks say themselves where they come from.
  if (kinds > 1 || report.runs.size() > 1 || report.matrices.size() > 1) return table_of_parts(report);
  return report.runs.empty() ? "" : "<dl class=\"facts\">" + facts_of_run(report.runs.front().run->info) + "</dl>\n";
}

std::string counts_html(const Report& report) {
  std::string out;
  for (const auto& [run, book] : report.runs) {
    const auto counts = count(*run);
    out += fmt::format(
        "<p>{}: {} of {} {} a verdict{}. With JavaScript this page also lists every check with its "
        "requirement, its requests and filters.</p>\n<table class=\"plain\"><thead><tr><th "
        "scope=\"col\">Verdict</th><th scope=\"col\">Checks</th></tr></thead><tbody>\n",
        html_text(clip(run->info.target, kCell)), counts.total(), oci::counted(run->info.selected, "check"),
        counts.total() == 1 ? "has" : "have", run->info.complete ? "" : " (the run is not complete)");
    for (const auto verdict : kReadingOrder) {
      out += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", conformance::name(verdict), counts.of(verdict));
    }
    out += "</tbody></table>\n";
  }
  return out;
}

std::string capabilities_html(const Report& report) {
  std::string rows;
  const auto labels = run_labels(report);
  for (std::size_t at = 0; at < labels.size(); ++at) {
    for (const auto& [capability, finding] : report.runs[at].run->info.capabilities) {
      rows += fmt::format(R"(<tr>{}<td><code>{}</code></td><td class="v-{}">{}</td><td>{}</td></tr>)",
                          labels.size() > 1 ? "<td>" + html_text(labels[at]) + "</td>" : "",
                          distribution::name(capability), finding.present ? "pass" : "unsupported",
                          finding.present ? "yes" : "no", html_text(clip(finding.evidence, kCell)));
      rows += '\n';
    }
  }
  if (rows.empty()) return "";
  return fmt::format(
      "<section id=\"capabilities\" aria-labelledby=\"capabilities-title\"><h2 id=\"capabilities-title\">What the "
      "target supports</h2>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Capabilities\"><table "
      "class=\"capabilities\"><thead><tr>{}<th scope=\"col\">Capability</th><th scope=\"col\">Found</th><th "
      "scope=\"col\">Evidence</th></tr></thead><tbody>\n{}</tbody></table></div></section>\n",
      labels.size() > 1 ? "<th scope=\"col\">Target</th>" : "", rows);
}

}  // namespace referee::reports
