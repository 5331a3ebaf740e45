#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/conformance/result.hpp"

/// What earlier runs wrote, read back: results.json, rubric.json and matrix.json in one form, so that they can be
/// compared, joined and followed over time. Files are taken as hostile: sizes, counts and the length of texts are
/// bounded, and texts are clipped to valid UTF-8 (writers still escape them). reading.hpp reads the same for the page.
/// Pure functions, thread-safe.
namespace referee::reports {

enum class RunKind : std::uint8_t { kChecks, kRubric, kRuntimes, kClients };
std::string_view name(RunKind kind);       ///< "checks", "rubric", "runtimes", "clients"
std::string_view file_name(RunKind kind);  ///< "results.json", "rubric.json", "matrix.json"

struct FiledRequirement {
  std::string id;
  std::optional<conformance::Level> level;
  std::string section;
  std::string text;
  std::string link;  ///< empty unless it is http or https
};

struct FiledFailure {
  std::string what;
  std::string expected;
  std::string actual;
  std::string curl;                         ///< empty: no request shows it
  std::optional<std::uint64_t> exchange{};  ///< its number in the check's transcript
};

/// A check, or the cell of a rubric or of a matrix.
struct FiledCheck {
  std::string id;                                 ///< of cells `row column`
  std::string row;                                ///< of cells alone
  std::string column;                             ///< of cells alone
  std::optional<conformance::Verdict> verdict{};  ///< never empty in what read_run_file() returns
  std::string word;                               ///< what a reader calls it: the verdict, `Y`, or what was selected
  std::optional<conformance::Level> level;
  std::string title;
  std::vector<FiledRequirement> requirements;
  std::string reason;
  std::string blocked_by;
  std::vector<FiledFailure> failures;
  std::uint64_t failures_omitted = 0;  ///< beyond those in the file
  /// Each key once. Of a rubric's cell `measured` and `work` and then its numbers, some of which differ from run to
  /// run.
  std::vector<conformance::Observation> observations;
  std::uint64_t requests = 0;  ///< of checks alone
  double started = 0;          ///< of checks alone, since the Unix epoch
  double seconds = 0;          ///< of checks alone

  /// Whether its verdict rests on what the target did: false where an observation was cut off or not tried.
  [[nodiscard]] bool decided() const;
};

struct FiledColumn {
  std::string name;
  std::string version;
  std::string absent;  ///< why it was not tried; empty if it was
};

struct FiledRow {
  std::string id;
  std::string title;
  std::string expected;
};

struct RunFile {
  RunKind kind = RunKind::kChecks;
  std::string path;           ///< for messages; the reader leaves it empty
  conformance::RunInfo info;  ///< as far as the file says; capabilities that this version knows
  std::string setting;        ///< of a matrix: platform and whether all contents were tried
  std::vector<FiledCheck> checks;
  std::vector<FiledRow> rows;        ///< of a rubric or matrix
  std::vector<FiledColumn> columns;  ///< of a rubric or matrix

  [[nodiscard]] const FiledCheck* find(std::string_view id) const;  ///< linear
};

inline constexpr std::size_t kMostFiledChecks = 20'000;

/// nullopt if it is JSON of another kind, as benchmarks are. Fails with one line: no JSON, larger than
/// oci::kLargestResult, too deep, a field that is missing, of a wrong type or twice, a check that is listed twice.
tl::expected<std::optional<RunFile>, std::string> read_run_file(std::string_view json);

}  // namespace referee::reports
