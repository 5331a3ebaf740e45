#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "html_parts.hpp"
#include "referee/oci/words.hpp"
#include "run_comparison_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

/// Rows of one kind of change that a part of a page shows; `compare --output html` shows more.
constexpr std::size_t kMostChangeRows = 500;

std::string difference_words(const Change& change) {
  const auto& after = change.after;
  if (change.kind == ChangeKind::kBlocked) return "by " + after.blocked_by;
  if (!after.failures.empty() && change.kind != ChangeKind::kObservation) {
    const auto& first = after.failures.front();
    if (first.expected.empty() && first.actual.empty()) return first.what;
    return fmt::format("{}: expected {}, actual {}", first.what, shown_value(first.expected),
                       shown_value(first.actual));
  }
  std::string text;
  for (const auto& [key, before, now] : change.differences) {
    text += fmt::format("{}{}: {} → {}", text.empty() ? "" : "; ", key, shown_value(before), shown_value(now));
  }
  return text.empty() ? after.reason : text;
}

void compared_run(std::ostream& out, const RunComparison& run) {
  out << fmt::format("<h3>{}: {}</h3>\n<ul class=\"findings\"><li>before: {}</li><li>after: {}</li>",
                     file_name(run.after.kind), html_text(changes_summary(run)), html_text(side_text(run.before)),
                     html_text(side_text(run.after)));
  for (const auto& limit : run.limits) out << "<li>" << html_text(limit) << "</li>";
  out << "</ul>\n";
  by_kind(run, [&](ChangeKind kind, const std::vector<const Change*>& changes) {
    out << fmt::format(
        "<details class=\"table\"{}><summary>{} <span>{}</span></summary><div class=\"scroll\"><table "
        "class=\"numbers\"><thead><tr><th scope=\"col\">check</th><th scope=\"col\">before</th><th "
        "scope=\"col\">after</th><th scope=\"col\">what</th></tr></thead><tbody>\n",
        kind == ChangeKind::kNewFailure ? " open" : "", heading(kind, run.after.kind), changes.size());
    for (std::size_t at = 0; at < std::min(changes.size(), kMostChangeRows); ++at) {
      const auto& change = *changes[at];
      out << fmt::format("<tr><td>{}{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", html_text(change.after.id),
                         level_suffix(change.after), html_text(clip(change.before.word, 60)),
                         html_text(clip(change.after.word, 60)), html_text(clip(difference_words(change), 600)));
    }
    out << "</tbody></table></div>";
    if (changes.size() > kMostChangeRows)
      out << fmt::format("<p>{} left out.</p>", oci::counted(changes.size() - kMostChangeRows, "more is", "more are"));
    out << "</details>\n";
  });
}

void compared_benchmarks(std::ostream& out, const BenchmarkPart& part) {
  const auto rows = benchmark_rows(part.comparison);
  out << fmt::format("<h3>{}: {} of {} differ</h3>\n", html_text(clip(benchmark_heading(part.file), 200)), rows.size(),
                     part.comparison.compared.size());
  for (const auto& warning : part.comparison.warnings) {
    out << "<p class=\"about\">" << html_text(clip(warning, 600)) << "</p>\n";
  }
  if (rows.empty()) return;
  out << R"(<div class="scroll"><table class="numbers"><thead><tr>)";
  for (const auto* column : {"benchmark", "before", "after", "change [95 %]", "p", ""}) {
    out << fmt::format("<th scope=\"col\">{}</th>", column);
  }
  out << "</tr></thead><tbody>\n";
  for (std::size_t at = 0; at < std::min(rows.size(), kMostChangeRows); ++at) {
    out << "<tr>";
    for (const auto& cell : rows[at]) out << "<td>" << html_text(clip(cell, 300)) << "</td>";
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n";
}

}  // namespace

void comparison_part(std::ostream& out, const ResultComparison& comparison, std::size_t number, Chapters& chapters) {
  const auto id = fmt::format("comparison{}", number);
  chapters.entries.push_back({id, "Compared"});
  out << fmt::format(
      "<section class=\"part part-comparison\" id=\"{0}\" aria-labelledby=\"{0}-title\"><h2 id=\"{0}-title\">Compared "
      "with an earlier run</h2>\n",
      id);
  if (!comparison.before.empty()) {
    out << fmt::format("<p class=\"about\">{} and {}</p>\n", html_text(clip(comparison.before, 300)),
                       html_text(clip(comparison.after, 300)));
  }
  for (const auto& missing : comparison.missing) {
    out << "<p class=\"about\"><strong>" << html_text(clip(missing, 600)) << "</strong></p>\n";
  }
  for (const auto& run : comparison.runs) compared_run(out, run);
  for (const auto& part : comparison.benchmarks) compared_benchmarks(out, part);
  out << "</section>\n";
}

Sentence verdict_of_comparison(const ResultComparison& comparison) {
  std::size_t failures = 0;
  for (const auto& run : comparison.runs) failures += run.count(ChangeKind::kNewFailure);
  const bool slower =
      std::ranges::any_of(comparison.benchmarks, [](const BenchmarkPart& part) { return part.comparison.regressed(); });
  if (failures == 0 && !slower) return {"nothing new fails or is slower than in the run compared with", ""};
  auto text = failures == 0 ? std::string() : oci::counted(failures, "new failure");
  if (slower) text += text.empty() ? "a benchmark is slower" : ", and a benchmark is slower";
  return {text + " since the run compared with", "bad"};
}

}  // namespace referee::reports
