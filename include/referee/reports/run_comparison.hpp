#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "referee/bench/comparison.hpp"
#include "referee/reports/run_file.hpp"

/// Two runs of the same checks, compared: what fails now that did not, what was put right, what is observed otherwise.
/// Pure functions, thread-safe.
namespace referee::reports {

/// What became of a check, in the order in which people want to read it.
enum class ChangeKind : std::uint8_t {
  kNewFailure,      ///< fail, where it was not; of a strict run warn, too; of a rubric N
  kNewWarning,      ///< warn, where it was neither warn nor fail; of a rubric P
  kUndecided,       ///< inconclusive or error now, or an observation that was cut off
  kBlocked,         ///< a prerequisite fails now
  kUnsupported,     ///< the target says now that it has no such API
  kFixed,           ///< pass or observed, where it was fail or warn
  kObservation,     ///< observed both times, but not the same
  kFailsOtherwise,  ///< fail or warn both times, with other expectations that did not hold
  kVerdict,         ///< any other pair of verdicts
  kDetail,          ///< the same verdict; what it noted beside differs
};
inline constexpr std::size_t kChangeKinds = 10;
std::string_view name(ChangeKind kind);  ///< "new-failure": for programs
/// "New failures": for people; cells of a rubric do not fail.
std::string_view heading(ChangeKind kind, RunKind of = RunKind::kChecks);

/// A value that was noted both times. A value that is not there is empty.
struct Difference {
  std::string key;
  std::string before;
  std::string after;
};

struct Change {
  ChangeKind kind = ChangeKind::kDetail;
  FiledCheck before;
  FiledCheck after;
  std::vector<Difference> differences;
  std::vector<std::string> blocks;  ///< ids of checks that are blocked by it now and were not before
};

struct RunComparison {
  RunFile before;                   ///< without its checks
  RunFile after;                    ///< without its checks
  std::vector<std::string> limits;  ///< what keeps the two from being the same question: sentences
  std::size_t shared = 0;           ///< checks that both have; 0: there is nothing to compare
  std::vector<Change> changes;      ///< by kind, then in the order of the second run
  std::vector<FiledCheck> only_before;
  std::vector<FiledCheck> only_after;
  std::vector<std::string> still_failing;  ///< ids: fail both times, or in a strict run warn

  [[nodiscard]] std::size_t count(ChangeKind kind) const;
};

RunComparison compare_runs(const RunFile& before, const RunFile& after);

/// Two benchmarks' files of one name, compared.
struct BenchmarkPart {
  std::string file;
  bench::Comparison comparison;
};

/// Everything that two folders, or two files, have in common.
struct ResultComparison {
  std::string before;  ///< paths, as typed
  std::string after;
  std::vector<RunComparison> runs;
  std::vector<BenchmarkPart> benchmarks;
  std::vector<std::string> missing;  ///< what only one of them has: sentences

  /// A new failure, or a benchmark that is slower.
  [[nodiscard]] bool regressed() const;
  /// Something that was decided before is not any more.
  [[nodiscard]] bool undecided() const;
};

/// For a terminal. `width`: columns; only ids, links and commands may be longer.
std::string result_comparison_text(const ResultComparison& comparison, std::size_t width);
/// reports/schemas/result-comparison.schema.json.
std::string result_comparison_json(const ResultComparison& comparison);
std::string result_comparison_markdown(const ResultComparison& comparison);
/// One self-contained page without script.
std::string result_comparison_html(const ResultComparison& comparison);

}  // namespace referee::reports
