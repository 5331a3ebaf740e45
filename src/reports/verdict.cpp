#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "html_parts.hpp"
#include "model.hpp"
#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::Level;
using conformance::Run;
using conformance::Standing;
using conformance::Verdict;

/// Whether a run says nothing that another part does not say better: claims that were measured.
bool only_claims(const Run& run) {
  return std::ranges::all_of(run.checks, [](const conformance::CheckResult& check) {
    return check.verdict == Verdict::kObserved || check.verdict == Verdict::kUnsupported ||
           check.verdict == Verdict::kBlocked;
  });
}

std::string failures_text(const Run& run, std::size_t failed, std::size_t broken) {
  const auto implied = static_cast<std::size_t>(std::ranges::count_if(
      run.checks, [](const auto& check) { return check.verdict == Verdict::kFail && check.level == Level::kImpl; }));
  if (failed > 0 && implied == failed) {
    return fmt::format("no MUST is broken, but {} of what the text implies {}", oci::counted(implied, "check"),
                       implied == 1 ? "fails" : "fail");
  }
  return fmt::format("does not conform: {} {}{}", oci::counted(broken, "check"), broken == 1 ? "fails" : "fail",
                     implied == 0 ? "" : fmt::format(", {} of them of what the text only implies", implied));
}

Sentence verdict_of_run(const Run& run) {
  const auto counts = count(run);
  const auto warned = counts.of(Verdict::kWarn);
  const auto broken = counts.of(Verdict::kFail) + (run.info.strict ? warned : 0);
  const auto unsure = counts.of(Verdict::kInconclusive) + counts.of(Verdict::kError);
  if (broken > 0) {
    auto text = failures_text(run, counts.of(Verdict::kFail), broken);
    std::string rest;
    if (unsure > 0) rest = fmt::format("{} not decided", unsure);
    if (!run.info.strict && warned > 0) rest += (rest.empty() ? "" : ", ") + oci::counted(warned, "warning");
    if (!rest.empty()) text += " (" + rest + ")";
    return {text, "bad"};
  }
  if (unsure > 0) return {fmt::format("not decided: {} could not be judged", oci::counted(unsure, "check")), "unsure"};
  if (counts.total() == 0) return {"nothing judged yet", "unsure"};
  if (!run.info.complete) return {"no requirement found broken so far", "unsure"};
  if (warned > 0) {
    return {fmt::format("no MUST is broken; {} not met", oci::counted(warned, "recommendation")), "warned"};
  }
  return {"no requirement found broken", "good"};
}

Sentence verdict_of_rubric(const Rubric& rubric) {
  const auto differing = static_cast<std::size_t>(std::ranges::count_if(rubric.cells, &RubricCell::contradicts));
  return {fmt::format("{} of {} of the rubric {} from what the proposals claim", differing,
                      oci::counted(rubric.cells.size(), "cell"), differing == 1 ? "differs" : "differ"),
          differing > 0 ? "warned" : "good"};
}

Sentence verdict_of_matrix(const conformance::Matrix& matrix) {
  const bool clients = matrix.kind == "clients";
  std::set<std::string> tried;
  std::set<std::string> wrong;
  std::set<std::string> failed;
  for (const auto& cell : matrix.cells) {
    if (cell.standing != Standing::kNotTried) tried.insert(cell.column);
    if (cell.verdict != Verdict::kFail) continue;
    (cell.standing == Standing::kWrong ? wrong : failed).insert(cell.column);
  }
  const std::string what = clients ? "client" : "runtime";
  const auto unfinished = matrix.complete ? "" : ", and the run is not complete";
  if (!wrong.empty()) {
    return {fmt::format("{} of {} {} somewhere{}", wrong.size(), oci::counted(tried.size(), what),
                        clients             ? (wrong.size() == 1 ? "believes or sends what it must not"
                                                                 : "believe or send what they must not")
                        : wrong.size() == 1 ? "takes a wrong object"
                                            : "take a wrong object",
                        unfinished),
            "bad"};
  }
  if (!failed.empty()) {
    return {fmt::format("{} of {} {} somewhere against a MUST{}", failed.size(), oci::counted(tried.size(), what),
                        failed.size() == 1 ? "fails" : "fail", unfinished),
            "bad"};
  }
  if (tried.empty()) return {fmt::format("no {} was tried", what), "unsure"};
  return {fmt::format("no {} of {} breaks a MUST{}", what, tried.size(), unfinished),
          matrix.complete ? "good" : "unsure"};
}

Sentence verdict_of_benchmarks(std::span<const bench::Result> results) {
  const auto cut = static_cast<std::size_t>(
      std::ranges::count_if(results, [](const bench::Result& result) { return !result.incomplete.empty(); }));
  auto text = oci::counted(results.size(), "benchmark") + " measured";
  if (cut > 0) text += fmt::format(", {} of them not whole", cut);
  return {text, ""};
}

}  // namespace

std::vector<std::string> run_labels(const Report& report) {
  std::vector<std::string> labels;
  for (const auto& part : report.runs) {
    const auto name = clip(part.run->info.target, 200);
    auto label = name;
    for (std::size_t number = 2; std::ranges::find(labels, label) != labels.end(); ++number) {
      label = fmt::format("{} ({})", name, number);
    }
    labels.push_back(std::move(label));
  }
  return labels;
}

Sentence verdict_of(const Report& report) {
  std::vector<Sentence> parts;
  const auto labels = run_labels(report);
  const bool others = !report.rubrics.empty() || !report.matrices.empty();
  for (std::size_t at = 0; at < labels.size(); ++at) {
    const auto& run = *report.runs[at].run;
    if (others && !run.checks.empty() && only_claims(run)) continue;
    auto said = verdict_of_run(run);
    if (labels.size() > 1) said.text = labels[at] + ": " + said.text;
    parts.push_back(std::move(said));
  }
  for (const auto* rubric : report.rubrics) parts.push_back(verdict_of_rubric(*rubric));
  for (const auto* matrix : report.matrices) parts.push_back(verdict_of_matrix(*matrix));
  for (const auto* comparison : report.comparisons) parts.push_back(verdict_of_comparison(*comparison));
  if (!report.results.empty()) parts.push_back(verdict_of_benchmarks(report.results));
  if (parts.empty()) return {"Nothing judged or measured", "unsure"};
  // The worst comes first, and gives the whole its tone.
  const auto rank = [](const Sentence& said) { return std::string_view("bad unsure warned good").find(said.tone); };
  std::ranges::stable_sort(parts, [&](const Sentence& a, const Sentence& b) {
    return (a.tone.empty() ? std::string_view::npos : rank(a)) < (b.tone.empty() ? std::string_view::npos : rank(b));
  });
  Sentence whole;
  whole.tone = parts.front().tone;
  // One page names at most so many targets in its first sentence.
  constexpr std::size_t kMostSaid = 8;
  for (std::size_t at = 0; at < std::min(parts.size(), kMostSaid); ++at) {
    whole.text += (at == 0 ? "" : "; ") + parts[at].text;
  }
  if (parts.size() > kMostSaid) whole.text += fmt::format("; and {} more", parts.size() - kMostSaid);
  const char first = whole.text.front();
  if (labels.size() <= 1 && first >= 'a' && first <= 'z') whole.text.front() = static_cast<char>(first - 'a' + 'A');
  return whole;
}

std::string check_fragment(std::size_t run, std::string_view id) {
  std::string out = run == 0 ? std::string() : fmt::format("{}@", run + 1);
  for (const char c : clip(id, 256)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_.~/").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned>(byte));
  }
  return out;
}

}  // namespace referee::reports
