#include <fmt/chrono.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>

#include "commands.hpp"
#include "imitation/description.hpp"
#include "judging.hpp"
#include "matrix/client_run.hpp"
#include "matrix/pulls_file.hpp"
#include "matrix/run.hpp"
#include "matrix/workplace.hpp"
#include "referee/certificate/runtime_run.hpp"
#include "referee/cli/version.hpp"
#include "referee/oci/limits.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/matrix.hpp"
#include "referee/reports/progress.hpp"
#include "referee/runtimes/workplace.hpp"

namespace referee::cli {
namespace {

using conformance::Matrix;
using conformance::Standing;
using runtimes::Description;

/// Reports on disk are never older than this while pulls finish.
constexpr std::chrono::milliseconds kMatrixAge{1500};

bool is_file(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".json");
}

/// `runtime` or `client`: `word` is what the command calls them.
tl::expected<std::vector<Description>, std::string> descriptions(const RuntimeCommand& command, std::string_view word) {
  std::vector<Description> chosen;
  const auto take = [&](Description description) {
    if (std::ranges::find(chosen, description.name, &Description::name) == chosen.end()) {
      chosen.push_back(std::move(description));
    }
  };
  auto files = command.files;
  for (const auto& name : command.names) {
    if (name == "all") {
      for (const auto& description : runtimes::builtin_descriptions()) take(description);
    } else if (is_file(name)) {
      files.push_back(name);
    } else if (const auto* known = runtimes::find_description(name)) {
      take(*known);
    } else if (const auto* model = imitation::find_imitation(name)) {
      take(imitation::described(*model));
    } else {
      return tl::unexpected(fmt::format(
          "there is no {} '{}'; `referee list runtimes` shows them, and a file is named with its path", word, name));
    }
  }
  for (const auto& file : files) {
    auto read = runtimes::read_description(file);
    if (!read) return tl::unexpected(read.error());
    if (std::ranges::find(chosen, read->name, &Description::name) != chosen.end()) {
      return tl::unexpected(
          fmt::format("{}: there is a {} '{}' already: give it another name", file, word, read->name));
    }
    chosen.push_back(std::move(*read));
  }
  return chosen;
}

tl::expected<reports::Outcomes, std::string> read_baseline(const std::string& path, const char* kind) {
  const auto text = read_result(path, oci::kLargestResult, "give a matrix.json");
  if (!text) return tl::unexpected("--baseline: " + text.error());
  return reports::read_outcomes(*text, kind).map_error([&](const std::string& why) {
    return "--baseline " + path + ": " + why;
  });
}

/// What `runtime` and `client` differ in.
struct MatrixJob {
  const char* kind;  ///< of the matrix, and of a baseline
  /// Nothing, or why nothing is selected.
  std::function<tl::expected<void, std::string>(const std::vector<Description>&)> check;
  std::function<tl::expected<Matrix, std::string>(std::vector<Description>, const std::function<bool()>& interrupted,
                                                  const std::function<void(const Matrix&)>& progress)>
      run;
  /// Of a run that is complete: what it was judged by, for pulls.jsonl. Empty: nothing is written down.
  std::function<std::string(const Matrix&)> record;
  std::vector<std::string> names;  ///< of all that can be chosen
};

/// The reports of a matrix in one folder, replaced while it grows.
class MatrixFolder {
 public:
  explicit MatrixFolder(std::string path) : path_(std::move(path)) {}

  void write(const Matrix& matrix) {
    const auto& ledger = conformance::Ledger::builtin();
    const auto as_run = reports::run_of(matrix);
    const reports::Book book{as_run.catalogue, ledger};
    put("matrix.json", reports::matrix_json(matrix));
    put("matrix.md", reports::matrix_markdown(matrix));
    put("report.html", reports::matrix_html(matrix, ledger));
    put("results.json", reports::results_json(as_run.run, book));
    put("junit.xml", reports::junit_xml(as_run.run, book));
    written_ = std::chrono::steady_clock::now();
  }
  void put(std::string_view name, const std::string& text) {
    const auto written = reports::replace_file(fmt::format("{}/{}", path_, name), text);
    if (!written && error_.empty()) error_ = written.error();
    failed_ = !error_.empty();
  }
  void tick(const Matrix& matrix) {
    if (std::chrono::steady_clock::now() - written_ >= kMatrixAge) write(matrix);
  }
  /// Only from the thread that writes.
  [[nodiscard]] const std::string& error() const { return error_; }
  /// From any thread.
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::string path_;
  std::string error_;
  std::atomic<bool> failed_ = false;
  std::chrono::steady_clock::time_point written_ = std::chrono::steady_clock::now();
};

/// On a terminal one line, redrawn; elsewhere a line for each runtime that is done.
class MatrixProgress {
 public:
  void show(const Matrix& matrix) {
    const auto all = matrix.rows.size() * matrix.columns.size();
    const auto finished = static_cast<std::size_t>(
        std::ranges::count_if(matrix.columns, [](const auto& column) { return column.seconds > 0; }));
    if (tty_) {
      say(stderr, "\r\x1b[K{} of {}, {} of {} done", matrix.cells.size(), oci::counted(all, "pull"), finished,
          oci::counted(matrix.columns.size(), "runtime"));
      return;
    }
    if (finished == finished_) return;
    finished_ = finished;
    say(stderr, "{} of {} done\n", finished, oci::counted(matrix.columns.size(), "runtime"));
  }
  void done() const {
    if (tty_) say(stderr, "\r\x1b[K");
  }

 private:
  bool tty_ = ::isatty(STDERR_FILENO) == 1;
  std::size_t finished_ = 0;
};

ExitCode matrix_code(const Matrix& matrix, bool strict) {
  bool tried = false;
  bool failed = false;
  bool inconclusive = false;
  for (const auto& cell : matrix.cells) {
    tried |= cell.standing != Standing::kNotTried;
    failed |= cell.verdict == conformance::Verdict::kFail || (strict && cell.verdict == conformance::Verdict::kWarn);
    inconclusive |= cell.verdict == conformance::Verdict::kInconclusive;
  }
  if (!tried) return ExitCode::kUnjudgeable;
  if (failed) return ExitCode::kFailed;
  return inconclusive ? ExitCode::kInconclusive : ExitCode::kOk;
}

ExitCode carry_out_matrix(const RuntimeCommand& command, const MatrixJob& job) {
  // `clients` without its s.
  const auto word = std::string_view(job.kind).substr(0, std::string_view(job.kind).size() - 1);
  auto chosen = descriptions(command, word);
  if (!chosen) return refuse(ExitCode::kUsage, chosen.error());
  if (chosen->empty()) {
    return refuse(ExitCode::kUsage, fmt::format("name a {}, or all; `referee list runtimes` shows them", word));
  }
  if (const auto selected = job.check(*chosen); !selected) {
    return refuse(selection_code(command.contents, job.names, ExitCode::kNothingSelected), selected.error());
  }
  reports::Outcomes before;
  if (!command.baseline.empty()) {
    auto read = read_baseline(command.baseline, job.kind);
    if (!read) return refuse(ExitCode::kUsage, read.error());
    before = std::move(*read);
  }
  const auto folder = command.results.empty() ? default_folder(job.kind) : command.results;
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) {
    return refuse(ExitCode::kUsage, fmt::format("cannot create the results folder {}: {}; choose one with --results",
                                                folder, failure.message()));
  }
  // What was seen in another run is not this one's.
  std::filesystem::remove(std::filesystem::path(folder) / certificate::kPullsFile, failure);
  MatrixFolder results(folder);
  MatrixProgress progress;
  const auto finish = [&](Matrix matrix) {
    matrix.tool_version = kVersion;
    if (!command.baseline.empty()) reports::mark_changes(matrix, before, command.baseline);
    return matrix;
  };
  for (const auto& line : runtimes::sweep_workplaces()) say(stderr, "{}\n", line);
  watch_interrupts();
  auto run = job.run(
      std::move(*chosen), [&] { return interrupted() || results.failed(); },
      [&](const Matrix& matrix) {
        progress.show(matrix);
        results.tick(finish(matrix));
      });
  progress.done();
  if (!run) return refuse(ExitCode::kUsage, run.error());
  const auto matrix = finish(std::move(*run));
  results.write(matrix);
  const bool recorded = job.record && matrix.complete;
  if (recorded) results.put(certificate::kPullsFile, job.record(matrix));
  if (interrupted()) return refuse(ExitCode::kInterrupted, "interrupted; partial reports in " + folder);
  if (!results.error().empty()) return refuse(ExitCode::kUsage, results.error());

  if (command.output == Output::kJson) {
    write_text(stdout, reports::matrix_json(matrix) + '\n');
  } else if (command.output == Output::kJunit) {
    const auto as_run = reports::run_of(matrix);
    write_text(stdout, reports::junit_xml(as_run.run, {as_run.catalogue, conformance::Ledger::builtin()}));
  } else {
    write_text(stdout, reports::matrix_text(matrix, reports::terminal_width(STDOUT_FILENO, 160)));
    if (matrix.kind == "runtimes") {
      say(stdout,
          "\nTo repeat one by hand: `referee serve --contents` has each content as 127.0.0.1:5000/referee/NAME:v1");
    }
    say(stdout, "\nin {}: report.html, matrix.md, matrix.json, junit.xml, results.json{}\n", folder,
        recorded ? fmt::format(", {}", certificate::kPullsFile) : "");
  }
  return matrix_code(matrix, command.strict);
}

}  // namespace

ExitCode run_runtime(const RuntimeCommand& command) {
  suites::matrix::MatrixOptions options;
  options.contents = command.contents;
  options.platform = suites::matrix::read_platform(command.platform);
  options.seed = command.seed.value_or(1);
  options.full = command.full;
  options.jobs = command.jobs;
  options.pull_limit = std::chrono::seconds(command.pull_timeout);
  MatrixJob job{"runtimes", {}, {}, {}, {}};
  std::vector<suites::matrix::PullRecord> seen;
  options.recorded = [&](const auto& record) { seen.push_back(record); };
  job.check = [&](const std::vector<Description>& /*chosen*/) {
    return suites::matrix::chosen_shapes(options).map([](const auto& /*shapes*/) {});
  };
  static_cast<void>(suites::matrix::shapes(1, options.platform, [&](const std::string& id, bool /*full*/) {
    job.names.push_back(id);
    return false;
  }));
  job.run = [&](std::vector<Description> chosen, const auto& interrupted, const auto& progress) {
    options.runtimes = std::move(chosen);
    options.interrupted = interrupted;
    options.progress = progress;
    return suites::matrix::run_matrix(options, conformance::Ledger::builtin());
  };
  job.record = [&](const Matrix& matrix) {
    return pulls_text(pulls_of(matrix, options, seen, std::string(commit()), conformance::Ledger::builtin()));
  };
  return carry_out_matrix(command, job);
}

ExitCode run_client(const RuntimeCommand& command) {
  suites::clients::ClientOptions options;
  options.checks = command.contents;
  options.platform = suites::matrix::read_platform(command.platform);
  options.seed = command.seed.value_or(1);
  options.jobs = command.jobs;
  options.limit = std::chrono::seconds(command.pull_timeout);
  MatrixJob job{"clients", {}, {}, {}, {}};
  job.check = [&](const std::vector<Description>& /*chosen*/) {
    return suites::clients::chosen_checks(options).map([](const auto& /*checks*/) {});
  };
  for (const auto& check : suites::clients::client_checks()) job.names.push_back(check.id);
  job.run = [&](std::vector<Description> chosen, const auto& interrupted, const auto& progress) {
    options.clients = std::move(chosen);
    options.interrupted = interrupted;
    options.progress = progress;
    return suites::clients::run_clients(options, conformance::Ledger::builtin());
  };
  return carry_out_matrix(command, job);
}

}  // namespace referee::cli
