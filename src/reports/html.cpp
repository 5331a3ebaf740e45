#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "html_parts.hpp"
#include "referee/embedded/files.hpp"
#include "referee/oci/digest.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/report.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

std::string_view page_file(std::string_view name) {
  return embedded::file(fmt::format("reports/page/{}", name)).value_or(std::string_view());
}

/// Base64 of bytes that are written as hex.
std::string base64_of_hex(std::string_view hex) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto nibble = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  std::string out;
  // Twelve bits, three hex characters, are two base64 characters.
  for (std::size_t index = 0; index < hex.size(); index += 3) {
    unsigned bits = 0;
    for (std::size_t at = index; at < index + 3; ++at) bits = (bits << 4U) | (at < hex.size() ? nibble(hex[at]) : 0U);
    out += kAlphabet[bits >> 6U];
    if (index + 1 < hex.size()) out += kAlphabet[bits & 63U];
  }
  while (out.size() % 4 != 0) out += '=';
  return out;
}

/// Puts values into `{{name}}` in one pass: a value is never searched for further names.
std::string filled(std::string_view page, const std::vector<std::pair<std::string_view, std::string>>& values) {
  std::string out;
  while (true) {
    const auto open = page.find("{{");
    const auto close = open == std::string_view::npos ? open : page.find("}}", open);
    out += page.substr(0, open);
    if (close == std::string_view::npos) return out;
    const auto name = page.substr(open + 2, close - open - 2);
    for (const auto& [key, value] : values) {
      if (key == name) out += value;
    }
    page.remove_prefix(close + 2);
  }
}

}  // namespace

std::string source_hash(std::string_view text) {
  return fmt::format("'sha256-{}'", base64_of_hex(oci::Digest::of(text).encoded()));
}

namespace {

/// Every target once, in the order of the parts.
std::vector<std::string> targets_of(const Report& report) {
  std::vector<std::string> targets;
  const auto add = [&](const std::string& target) {
    if (std::ranges::find(targets, target) == targets.end()) targets.push_back(target);
  };
  for (const auto& part : report.runs) add(part.run->info.target);
  for (const auto* rubric : report.rubrics) add(rubric->info.target);
  for (const auto& result : report.results) add(result.target);
  return targets;
}

std::string heading_of(const Report& report) {
  const auto targets = targets_of(report);
  if (targets.size() > 3) return fmt::format("{} targets", targets.size());
  std::string text;
  for (const auto& target : targets) text += (text.empty() ? "" : ", ") + clip(target, 200);
  if (!text.empty()) return text;
  if (report.matrices.empty()) return "Nothing yet";
  return report.matrices.front()->kind == "clients" ? "Clients" : "Runtimes";
}

std::string notices_html(const Report& report) {
  std::string out;
  const auto labels = run_labels(report);
  for (std::size_t at = 0; at < labels.size(); ++at) {
    const auto& run = *report.runs[at].run;
    if (run.info.complete) continue;
    out += fmt::format(
        "<p class=\"notice\">{} run is not complete: {} of {} {} a verdict. It was still going when this page "
        "was written, or it was cut. Nothing here says how the other checks would have ended.</p>\n",
        labels.size() > 1 ? html_text(labels[at]) + ": the" : "This", run.checks.size(),
        oci::counted(run.info.selected, "check"), run.checks.size() == 1 ? "has" : "have");
  }
  for (const auto& note : report.notes) out += "<p class=\"notice\">" + html_text(clip(note, 600)) + "</p>\n";
  return out;
}

/// What a results folder holds besides this page.
std::string beside_html(const Report& report) {
  std::vector<std::string> files;
  if (!report.runs.empty() || !report.rubrics.empty()) {
    files.emplace_back("results.json and junit.xml for programs, transcript.jsonl with every request that was kept");
  } else if (!report.matrices.empty()) {
    files.emplace_back("matrix.json, results.json and junit.xml for programs");
  }
  constexpr std::size_t kMostNamed = 20;
  std::vector<std::string> numbers;
  for (const auto& result : report.results) {
    auto name = clip(result.scenario, 60) + ".json";
    const bool fresh = numbers.size() < kMostNamed && std::ranges::find(numbers, name) == numbers.end();
    if (fresh && !result.scenario.empty()) numbers.push_back(std::move(name));
  }
  if (!numbers.empty()) files.push_back(fmt::format("{} with every number", fmt::join(numbers, ", ")));
  if (files.empty()) return "";
  return fmt::format("  <p>Beside it, in a results folder: {}.</p>\n",
                     html_text(fmt::format("{}", fmt::join(files, "; "))));
}

std::string navigation(const Chapters& chapters) {
  if (chapters.entries.size() < 2) return "";
  std::string out = R"(<nav class="parts" aria-label="Parts of this report"><ul class="wrap">)";
  for (const auto& [anchor, title] : chapters.entries) {
    out += fmt::format(R"(<li><a href="#{}">{}</a></li>)", anchor, html_text(title));
  }
  return out + "</ul></nav>\n";
}

std::string parts_html(const Report& report, Chapters& chapters) {
  std::ostringstream out;
  for (std::size_t at = 0; at < report.rubrics.size(); ++at) {
    rubric_part(out, *report.rubrics[at], at + 1, report, chapters);
  }
  for (std::size_t at = 0; at < report.matrices.size(); ++at) {
    const auto& ledger = report.ledger == nullptr ? conformance::Ledger::builtin() : *report.ledger;
    matrix_part(out, *report.matrices[at], at + 1, ledger, chapters);
  }
  for (std::size_t at = 0; at < report.comparisons.size(); ++at) {
    comparison_part(out, *report.comparisons[at], at + 1, chapters);
  }
  if (report.benchmarks || !report.results.empty()) bench_part(out, report.results, chapters);
  return out.str();
}

}  // namespace

std::string report_html(const Report& report) {
  const auto style = std::string(page_file("report.css")) + std::string(page_file("parts.css"));
  const std::string script(page_file("report.js"));
  const std::string theme(page_file("theme.js"));
  // Only this style and these scripts run, nothing is loaded, and nothing is sent.
  const auto csp = fmt::format(
      "default-src 'none'; style-src {}; script-src {} {}; img-src data:; base-uri 'none'; form-action 'none'",
      source_hash(style), source_hash(theme), source_hash(script));
  const auto heading = heading_of(report);
  const auto verdict = verdict_of(report);
  const bool cut = std::ranges::any_of(report.runs, [](const RunPart& part) { return !part.run->info.complete; });
  Chapters chapters;
  const auto roots = roots_html(report);
  if (!roots.empty()) chapters.entries.push_back({"roots", "Root causes"});
  const auto parts = parts_html(report, chapters);
  if (!report.runs.empty()) chapters.entries.push_back({"checks", "Checks"});
  const auto capabilities = capabilities_html(report);
  if (!capabilities.empty()) chapters.entries.push_back({"capabilities", "Supported"});
  const auto facts = facts_html(report);
  const bool table = facts.starts_with("<section");
  if (table) chapters.entries.push_back({"contents", "Sources"});
  const auto data = html_data(report);
  const auto title = html_text((cut ? "Incomplete: Referee: " : "Referee: ") + heading);
  return filled(page_file("report.html"), {{"csp", csp},
                                           {"title", title},
                                           {"style", style},
                                           {"theme", theme},
                                           {"script", script},
                                           {"heading", html_text(heading)},
                                           {"tone", verdict.tone},
                                           {"verdict", html_text(verdict.text)},
                                           {"facts", table ? "" : facts},
                                           {"navigation", navigation(chapters)},
                                           {"notices", notices_html(report)},
                                           {"counts", counts_html(report)},
                                           {"roots", roots},
                                           {"parts", parts},
                                           {"capabilities", capabilities},
                                           {"contents", table ? facts : ""},
                                           {"beside", beside_html(report)},
                                           {"data", data.checks},
                                           {"transcripts", data.transcripts}});
}

std::string html_report(const conformance::Run& run, const Book& book) {
  Report report;
  report.runs.push_back({&run, book});
  return report_html(report);
}

}  // namespace referee::reports
