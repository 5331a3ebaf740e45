#include <algorithm>
#include <filesystem>

#include "commands.hpp"
#include "matrix/pulls_file.hpp"
#include "pulls.hpp"
#include "referee/certificate/rejudge.hpp"
#include "referee/oci/limits.hpp"
#include "referee/oci/words.hpp"
#include "result_files.hpp"

namespace referee::cli {
namespace {

/// Of what the run had: ids and globs, as `check --select` takes them.
tl::expected<std::vector<std::string>, Refusal> chosen(const ReplayCommand& command) {
  if (command.select.empty()) return std::vector<std::string>{};
  conformance::Selection selection;
  selection.select = command.select;
  auto ids = sound_catalogue().select(selection, conformance::Ledger::builtin(), conformance::Spec::kV1_1);
  if (!ids) return tl::unexpected(Refusal{selection_code(selection), ids.error()});
  return std::move(*ids);
}

/// A folder of `referee runtime`.
ExitCode replay_pulls(const ReplayCommand& command) {
  if (!command.select.empty()) {
    return refuse(ExitCode::kUsage, "--check: a folder of `referee runtime` has no checks; all pulls are judged again");
  }
  const auto path = command.results + "/";
  const auto pulls =
      read_result(path + std::string(certificate::kPullsFile), suites::matrix::kLargestPulls, "give a results folder");
  if (!pulls) return refuse(ExitCode::kUsage, pulls.error());
  const auto run = judge_runtime(*pulls);
  if (!run) return refuse(ExitCode::kUsage, run.error().why);
  std::map<std::string, std::string> given;
  for (const auto& [name, text] : certificate::runtime_reports(run->matrix, conformance::Ledger::builtin())) {
    // A page is larger than what it shows.
    auto read = read_result(path + name, std::max(oci::kLargestResult, text.size() * 2), "give a results folder");
    if (!read) return refuse(ExitCode::kUsage, read.error());
    given.emplace(name, std::move(*read));
  }
  const auto lines = certificate::runtime_differences(given, *run, conformance::Ledger::builtin());
  for (const auto& line : lines) say(stdout, "{}\n", line);
  const auto pulls_judged = oci::counted(run->matrix.cells.size(), "pull");
  if (lines.empty()) {
    say(stdout, "{}: {} judged again without a runtime, and all reports say the same\n", command.results, pulls_judged);
    return ExitCode::kOk;
  }
  say(stdout, "{}: {} judged again, {}\n", command.results, pulls_judged, oci::counted(lines.size(), "difference"));
  return ExitCode::kFailed;
}

}  // namespace

ExitCode run_replay(const ReplayCommand& command) {
  if (certificate::has_pulls(command.results)) return replay_pulls(command);
  for (const auto* name : {"results.json", "recording.jsonl"}) {
    if (std::error_code ignored; std::filesystem::exists(command.results + "/" + name, ignored)) continue;
    return refuse(ExitCode::kUsage,
                  without_results(command.results, fmt::format("{} holds no results of `referee check`: there is no {}",
                                                               command.results, name)));
  }
  const auto checks = chosen(command);
  if (!checks) return refuse(checks.error().code, checks.error().text);
  if (checks->empty() && !command.select.empty()) return refuse(ExitCode::kNothingSelected, "no check is selected");
  certificate::RejudgeOptions options;
  options.checks = *checks;
  options.interrupted = interrupted;
  watch_interrupts();
  const auto rejudged =
      certificate::rejudge(command.results, {sound_catalogue(), conformance::Ledger::builtin()}, options);
  if (interrupted()) return refuse(ExitCode::kInterrupted, "interrupted");
  if (!rejudged) return refuse(ExitCode::kUsage, rejudged.error());
  for (const auto& line : rejudged->differences) say(stdout, "{}\n", line);
  const auto& run = rejudged->run;
  if (rejudged->differences.empty()) {
    say(stdout, "{}: {} replayed without {}, and all verdicts are those of results.json\n", command.results,
        oci::counted(run.checks.size(), "check"), run.info.url);
    return ExitCode::kOk;
  }
  say(stdout, "{}: {} replayed, {}\n", command.results, oci::counted(run.checks.size(), "check"),
      oci::counted(rejudged->differences.size(), "difference"));
  return ExitCode::kFailed;
}

}  // namespace referee::cli
