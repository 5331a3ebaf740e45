#include "run_comparison_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "html_parts.hpp"
#include "referee/embedded/files.hpp"
#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::Verdict;

/// The sentence's words for a number of changes.
std::string changes_counted(std::size_t count, ChangeKind kind, RunKind of) {
  auto words = std::string(heading(kind, of));
  if (!words.empty() && words[0] >= 'A' && words[0] <= 'Z') words[0] = static_cast<char>(words[0] - 'A' + 'a');
  if (count == 1 && words.ends_with('s') && of != RunKind::kRubric) words.pop_back();
  return fmt::format("{} {}", count, words);
}

std::string milliseconds_text(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.1f} us", seconds * 1e6);
  return seconds < 1 ? fmt::format("{:.2f} ms", seconds * 1e3) : fmt::format("{:.3f} s", seconds);
}

/// What only one of the runs has: it is compared with nothing, and yet somebody may wait for it.
std::string alone(const RunComparison& comparison) {
  const auto& first = comparison.only_before;
  const auto& second = comparison.only_after;
  std::string text;
  if (!first.empty()) text += fmt::format("; {} only in the first run", first.size());
  if (second.empty()) return text;
  text += first.empty() ? fmt::format("; {} only in the second run", second.size())
                        : fmt::format(", {} only in the second", second.size());
  if (comparison.after.kind == RunKind::kRubric) return text;
  const auto failing = std::ranges::count_if(second, [&](const FiledCheck& check) {
    return check.verdict == Verdict::kFail || (comparison.after.info.strict && check.verdict == Verdict::kWarn);
  });
  return failing == 0 ? text : fmt::format("{}, of which {} {}", text, failing, failing == 1 ? "fails" : "fail");
}

}  // namespace

std::string side_text(const RunFile& file) {
  auto text = fmt::format("{}, ", file.kind == RunKind::kChecks || file.kind == RunKind::kRubric
                                      ? clip(file.info.target, 200)
                                      : std::string(name(file.kind)) + " " + clip(file.setting, 100));
  if (!file.info.tool_version.empty()) text += fmt::format("Referee {}, ", clip(file.info.tool_version, 60));
  if (file.kind == RunKind::kChecks) text += fmt::format("distribution-spec {}, ", conformance::name(file.info.spec));
  if (file.kind != RunKind::kRubric) text += fmt::format("seed {}, ", file.info.seed);
  text += oci::counted(file.info.selected, file.kind == RunKind::kChecks ? "check" : "cell");
  if (const auto time = iso_time(file.info.started); file.info.started > 0) text += ", " + time;
  return text;
}

std::string changes_summary(const RunComparison& comparison) {
  std::string text;
  std::size_t judged = 0;
  for (std::size_t at = 0; at < kChangeKinds; ++at) {
    const auto kind = static_cast<ChangeKind>(at);
    const auto count = comparison.count(kind);
    judged += count;
    if (count > 0) text += (text.empty() ? "" : ", ") + changes_counted(count, kind, comparison.after.kind);
  }
  if (text.empty()) return fmt::format("no difference in {} that both have", comparison.shared) + alone(comparison);
  text += fmt::format("; {} of {} in common are the same", comparison.shared - judged, comparison.shared);
  if (!comparison.still_failing.empty() && comparison.after.kind != RunKind::kRubric)
    text += fmt::format(", {} fail both times", comparison.still_failing.size());
  return text + alone(comparison);
}

void by_kind(const RunComparison& comparison,
             const std::function<void(ChangeKind, const std::vector<const Change*>&)>& each) {
  for (std::size_t at = 0; at < kChangeKinds; ++at) {
    std::vector<const Change*> found;
    for (const auto& change : comparison.changes) {
      if (change.kind == static_cast<ChangeKind>(at)) found.push_back(&change);
    }
    if (!found.empty()) each(static_cast<ChangeKind>(at), found);
  }
}

std::string level_suffix(const FiledCheck& check) {
  return check.level ? fmt::format(" ({})", conformance::name(*check.level)) : std::string();
}

std::string shown_value(const std::string& value) {
  return value.empty() ? "nothing" : value;
}

std::string benchmark_heading(std::string_view file) {
  constexpr std::string_view kEnd = ".json";
  if (file.ends_with(kEnd)) file.remove_suffix(kEnd.size());
  return fmt::format("Benchmark {}", file);
}

std::vector<std::vector<std::string>> benchmark_rows(const bench::Comparison& comparison) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : comparison.compared) {
    const auto difference = one.judgement.difference;
    if (difference == bench::Difference::kNone || difference == bench::Difference::kTooFew) continue;
    std::string change = "-";
    if (const auto& ratio = one.judgement.ratio) {
      change = fmt::format("{:+.1f} % [{:+.1f}, {:+.1f}]", (ratio->estimate - 1) * 100, (ratio->low - 1) * 100,
                           (ratio->high - 1) * 100);
    }
    rows.push_back({one.name, milliseconds_text(one.before_median), milliseconds_text(one.after_median), change,
                    fmt::format("{:.2g}", one.judgement.adjusted_p),
                    difference == bench::Difference::kLarger    ? "slower"
                    : difference == bench::Difference::kSmaller ? "faster"
                                                                : "within the threshold"});
  }
  return rows;
}

std::string table_page_head(const std::string& title) {
  const auto style = embedded::file("reports/page/tables.css").value_or("");
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<title>{}</title><style>{}</style></head><body><main>\n<h1>{}</h1>\n",
      source_hash(style), html_text(title), style, html_text(title));
}

std::string verdict_class(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kFail:
      return "fail";
    case Verdict::kWarn:
      return "warn";
    case Verdict::kObserved:
      return "observed";
    case Verdict::kInconclusive:
    case Verdict::kError:
      return "undecided";
    default:
      return "none";
  }
}

std::string verdict_sign(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "✓";
    case Verdict::kFail:
      return "✗";
    case Verdict::kWarn:
      return "!";
    case Verdict::kObserved:
      return "○";
    case Verdict::kInconclusive:
    case Verdict::kError:
      return "?";
    case Verdict::kBlocked:
      return "⊘";
    case Verdict::kUnsupported:
      break;
  }
  return "–";
}

}  // namespace referee::reports
