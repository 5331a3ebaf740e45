#include <fmt/format.h>

#include <algorithm>

#include "run_comparison_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

constexpr std::size_t kLinesEach = 4;
constexpr std::size_t kNamesEach = 30;

/// A label, and beside it the text in as many lines as it may have.
std::string labelled(std::string_view label, std::string_view value, std::size_t width) {
  std::string text;
  const std::size_t left = 6 + 10;
  for (const auto& line : wrap(terminal_text(value), width > left + 20 ? width - left : 20, kLinesEach)) {
    text += fmt::format("      {:<10}{}\n", text.empty() ? label : "", line);
  }
  return text;
}

std::string names_text(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t at = 0; at < std::min(names.size(), kNamesEach); ++at) text += (at > 0 ? ", " : "") + names[at];
  return names.size() > kNamesEach ? fmt::format("{} and {} more", text, names.size() - kNamesEach) : text;
}

std::string change_text(const Change& change, std::size_t width) {
  const auto& after = change.after;
  auto text = fmt::format("  {}{}", terminal_text(after.id), level_suffix(after));
  if (change.before.word != after.word)
    text += fmt::format("  {} -> {}", terminal_text(change.before.word), terminal_text(after.word));
  text += "\n";
  if (change.kind == ChangeKind::kBlocked) return text + labelled("by", after.blocked_by, width);
  if (change.kind == ChangeKind::kFixed) return text;
  if (!after.title.empty()) text += labelled("", after.title, width);
  for (const auto& failure : after.failures) {
    text += labelled("what", failure.what, width);
    if (!failure.expected.empty()) text += labelled("expected", failure.expected, width);
    if (!failure.actual.empty()) text += labelled("actual", failure.actual, width);
    if (!failure.curl.empty()) text += fmt::format("      {:<10}{}\n", "repeat", terminal_text(failure.curl));
    break;  // the first one leads to the others
  }
  if (after.failures.empty() && !after.reason.empty()) text += labelled("why", after.reason, width);
  if (change.kind != ChangeKind::kNewFailure && change.kind != ChangeKind::kNewWarning) {
    for (const auto& [key, before, now] : change.differences)
      text += labelled(
          key.size() > 9 ? "value" : key,
          fmt::format("{}{} -> {}", key.size() > 9 ? key + ": " : "", shown_value(before), shown_value(now)), width);
  }
  if (!change.blocks.empty())
    text += labelled(fmt::format("blocks {}", change.blocks.size()), names_text(change.blocks), width);
  return text;
}

std::string only_text(std::string_view where, const std::vector<FiledCheck>& checks, std::size_t width) {
  if (checks.empty()) return {};
  std::vector<std::string> names;
  names.reserve(checks.size());
  for (const auto& check : checks) names.push_back(fmt::format("{} {}", check.word, check.id));
  return fmt::format("Only in the {} ({})\n", where, checks.size()) + labelled("", names_text(names), width) + "\n";
}

std::string run_text(const RunComparison& run, std::size_t width) {
  auto text = fmt::format("before  {}\nafter   {}\n", terminal_text(side_text(run.before)),
                          terminal_text(side_text(run.after)));
  for (const auto& limit : run.limits) text += fmt::format("note    {}\n", terminal_text(limit));
  text += "\n";
  by_kind(run, [&](ChangeKind kind, const std::vector<const Change*>& changes) {
    text += fmt::format("{} ({})\n", heading(kind, run.after.kind), changes.size());
    for (const auto* change : changes) text += change_text(*change, width);
    text += "\n";
  });
  text += only_text("first", run.only_before, width) + only_text("second", run.only_after, width);
  return text + changes_summary(run) + "\n";
}

std::string run_markdown(const RunComparison& run) {
  auto text = fmt::format("- before: {}\n- after: {}\n", markdown_text(side_text(run.before)),
                          markdown_text(side_text(run.after)));
  for (const auto& limit : run.limits) text += fmt::format("- **note:** {}\n", markdown_text(limit));
  text += fmt::format("\n**{}**\n", changes_summary(run));
  by_kind(run, [&](ChangeKind kind, const std::vector<const Change*>& changes) {
    text += fmt::format("\n### {} ({})\n\n| check | before | after | what |\n|---|---|---|---|\n",
                        heading(kind, run.after.kind), changes.size());
    for (const auto* change : changes) {
      const auto& after = change->after;
      std::string what;
      if (!after.failures.empty()) {
        const auto& first = after.failures.front();
        what = first.actual.empty() ? first.what : fmt::format("{}; expected {}", first.actual, first.expected);
      } else if (!after.blocked_by.empty()) {
        what = "by " + after.blocked_by;
      } else {
        for (const auto& [key, old, now] : change->differences)
          what += fmt::format("{}{}: {} -> {}", what.empty() ? "" : "; ", key, shown_value(old), shown_value(now));
        if (what.empty()) what = after.reason;
      }
      if (!change->blocks.empty()) what += fmt::format("; blocks {}", change->blocks.size());
      text +=
          fmt::format("| {}{} | {} | {} | {} |\n", markdown_text(after.id), level_suffix(after),
                      markdown_text(change->before.word), markdown_text(after.word), markdown_text(clip(what, 400)));
    }
  });
  const auto only = [&](std::string_view where, const std::vector<FiledCheck>& checks) {
    if (checks.empty()) return;
    std::vector<std::string> names;
    for (const auto& check : checks) names.push_back(fmt::format("{} {}", check.word, check.id));
    text += fmt::format("\nOnly in the {} ({}): {}\n", where, checks.size(), markdown_text(names_text(names)));
  };
  only("first", run.only_before);
  only("second", run.only_after);
  return text;
}

}  // namespace

std::string result_comparison_text(const ResultComparison& comparison, std::size_t width) {
  std::string text;
  for (const auto& run : comparison.runs) text += (text.empty() ? "" : "\n") + run_text(run, width);
  for (const auto& [file, compared] : comparison.benchmarks) {
    text += fmt::format("{}{}: first {}, second {}\n{}", text.empty() ? "" : "\n",
                        terminal_text(benchmark_heading(file)), terminal_text(comparison.before),
                        terminal_text(comparison.after), bench::comparison_text(compared));
  }
  for (const auto& missing : comparison.missing) text += fmt::format("note: {}\n", terminal_text(missing));
  return text;
}

std::string result_comparison_markdown(const ResultComparison& comparison) {
  auto text = fmt::format("# {} and {}\n", markdown_text(comparison.before), markdown_text(comparison.after));
  for (const auto& missing : comparison.missing) text += fmt::format("\n> {}\n", markdown_text(missing));
  for (const auto& run : comparison.runs)
    text += fmt::format("\n## {}\n\n{}", file_name(run.after.kind), run_markdown(run));
  for (const auto& [file, compared] : comparison.benchmarks)
    text += fmt::format("\n## {}\n\n{}", markdown_text(benchmark_heading(file)), bench::comparison_markdown(compared));
  return text;
}

}  // namespace referee::reports
