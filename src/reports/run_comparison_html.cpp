#include <fmt/format.h>

#include <algorithm>

#include "referee/oci/words.hpp"
#include "run_comparison_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

/// Rows of one group that a page shows.
constexpr std::size_t kMostShown = 2'000;

std::string side_html(std::string_view label, const RunFile& file) {
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", label, html_text(side_text(file)));
}

std::string difference_html(const Difference& difference) {
  return fmt::format("<div><dt>{}</dt><dd><del>{}</del> → <ins>{}</ins></dd></div>", html_text(difference.key),
                     html_text(clip(shown_value(difference.before), 600)),
                     html_text(clip(shown_value(difference.after), 600)));
}

std::string what_html(const Change& change) {
  const auto& after = change.after;
  std::string out;
  if (change.kind == ChangeKind::kBlocked) return "by " + html_text(after.blocked_by);
  if (!after.failures.empty() && change.kind != ChangeKind::kObservation) {
    const auto& first = after.failures.front();
    out += html_text(clip(first.what, 600));
    if (!first.expected.empty() || !first.actual.empty()) {
      out += fmt::format("<dl><div><dt>expected</dt><dd>{}</dd></div><div><dt>actual</dt><dd>{}</dd></div></dl>",
                         html_text(clip(first.expected, 600)), html_text(clip(first.actual, 600)));
    }
    if (!first.curl.empty()) out += fmt::format("<pre>{}</pre>", html_text(clip(first.curl, 2000)));
  } else if (!change.differences.empty()) {
    out += "<dl>";
    for (const auto& difference : change.differences) out += difference_html(difference);
    out += "</dl>";
  } else {
    out += html_text(clip(after.reason, 600));
  }
  if (!change.blocks.empty()) {
    out += fmt::format("<details><summary>blocks {}</summary>", change.blocks.size());
    for (const auto& id : change.blocks) out += html_text(id) + "<br>";
    out += "</details>";
  }
  return out;
}

std::string word_cell(const FiledCheck& check) {
  const auto verdict = check.verdict.value_or(conformance::Verdict::kError);
  return fmt::format("<td class=\"{}\">{} {}</td>", verdict_class(verdict), verdict_sign(verdict),
                     html_text(clip(check.word, 60)));
}

std::string change_row(const Change& change) {
  const auto& after = change.after;
  std::string source;
  if (!after.requirements.empty() && !after.requirements.front().link.empty()) {
    const auto& first = after.requirements.front();
    source = fmt::format(R"(<small><a href="{}">{}</a></small>)", html_text(first.link),
                         html_text(first.section.empty() ? first.id : first.section));
  }
  return fmt::format("<tr><th scope=\"row\"><code>{}</code>{}<small>{}</small>{}</th>{}{}<td>{}</td></tr>\n",
                     html_text(after.id), level_suffix(after), html_code(clip(after.title, 300)), source,
                     word_cell(change.before), word_cell(after), what_html(change));
}

std::string only_html(std::string_view where, const std::vector<FiledCheck>& checks) {
  if (checks.empty()) return {};
  auto out = fmt::format("<details><summary>Only in the {} run: {}</summary><ul>", where, checks.size());
  for (const auto& check : checks)
    out += fmt::format("<li><code>{}</code> {}</li>", html_text(check.id), html_text(check.word));
  return out + "</ul></details>\n";
}

std::string run_html(const RunComparison& run) {
  const bool worse = run.count(ChangeKind::kNewFailure) > 0;
  auto out = fmt::format("<h2>{}</h2>\n<p class=\"verdict {}\">{}</p>\n<table class=\"plain\"><tbody>\n{}{}",
                         file_name(run.after.kind), worse ? "fail" : "pass", html_text(changes_summary(run)),
                         side_html("before", run.before), side_html("after", run.after));
  out += "</tbody></table>\n";
  if (!run.limits.empty()) {
    out += R"(<ul class="limits" aria-label="What limits the comparison">)";
    for (const auto& limit : run.limits) out += "<li>" + html_text(limit) + "</li>";
    out += "</ul>\n";
  }
  by_kind(run, [&](ChangeKind kind, const std::vector<const Change*>& changes) {
    out += fmt::format(
        "<h3>{} <small>{}</small></h3>\n<div class=\"scroll\"><table class=\"list changes\"><thead><tr><th "
        "scope=\"col\">check</th><th scope=\"col\">before</th><th scope=\"col\">after</th><th "
        "scope=\"col\">what</th></tr></thead><tbody>\n",
        heading(kind, run.after.kind), changes.size());
    for (std::size_t at = 0; at < std::min(changes.size(), kMostShown); ++at) out += change_row(*changes[at]);
    out += "</tbody></table></div>\n";
    if (changes.size() > kMostShown)
      out += fmt::format("<p>{} left out.</p>\n", oci::counted(changes.size() - kMostShown, "more is", "more are"));
  });
  return out + only_html("first", run.only_before) + only_html("second", run.only_after);
}

std::string benchmark_html(const BenchmarkPart& part) {
  const auto rows = benchmark_rows(part.comparison);
  const auto& compared = part.comparison.compared;
  auto out = fmt::format(
      "<h2>{}</h2>\n<p class=\"verdict {}\">{} of {} {}; Mann-Whitney U, p below {} "
      "after Holm's correction, threshold {:.0f} %</p>\n",
      html_text(benchmark_heading(part.file)), part.comparison.regressed() ? "fail" : "pass", rows.size(),
      oci::counted(compared.size(), "benchmark"), rows.size() == 1 ? "differs" : "differ",
      part.comparison.options.level, part.comparison.options.threshold * 100);
  for (const auto& warning : part.comparison.warnings) out += "<p>" + html_text(clip(warning, 600)) + "</p>\n";
  if (rows.empty()) return out;
  out += R"(<div class="scroll"><table class="list"><thead><tr>)";
  for (const auto* column : {"benchmark", "before", "after", "change [95 %]", "p", ""})
    out += fmt::format("<th scope=\"col\">{}</th>", column);
  out += "</tr></thead><tbody>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    for (std::size_t at = 0; at < row.size(); ++at) {
      out += at == 0 ? fmt::format("<th scope=\"row\"><code>{}</code></th>", html_text(row[at]))
                     : fmt::format("<td{}>{}</td>", row[at] == "slower" ? " class=\"fail\"" : "", html_text(row[at]));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace

std::string result_comparison_html(const ResultComparison& comparison) {
  auto out = table_page_head("Two runs compared");
  out += fmt::format("<p><code>{}</code> and <code>{}</code></p>\n", html_text(clip(comparison.before, 300)),
                     html_text(clip(comparison.after, 300)));
  for (const auto& missing : comparison.missing) out += "<p><strong>" + html_text(missing) + "</strong></p>\n";
  for (const auto& run : comparison.runs) out += run_html(run);
  for (const auto& part : comparison.benchmarks) out += benchmark_html(part);
  return out + "</main></body></html>\n";
}

}  // namespace referee::reports
