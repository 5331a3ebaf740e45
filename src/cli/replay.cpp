#include <algorithm>
#include <filesystem>

#include "commands.hpp"
#include "referee/certificate/rejudge.hpp"
#include "result_files.hpp"

namespace referee::cli {
namespace {

/// Of what the run had: ids and globs, as `check --select` takes them.
tl::expected<std::vector<std::string>, std::string> chosen(const ReplayCommand& command) {
  if (command.select.empty()) return std::vector<std::string>{};
  conformance::Selection selection;
  selection.select = command.select;
  return sound_catalogue().select(selection, conformance::Ledger::builtin(), conformance::Spec::kV1_1);
}

}  // namespace

ExitCode run_replay(const ReplayCommand& command) {
  for (const auto* name : {"results.json", "recording.jsonl"}) {
    if (std::error_code ignored; std::filesystem::exists(command.results + "/" + name, ignored)) continue;
    return refuse(ExitCode::kUsage,
                  without_results(command.results, fmt::format("{} holds no results of `referee check`: there is no {}",
                                                               command.results, name)));
  }
  const auto checks = chosen(command);
  if (!checks) return refuse(ExitCode::kUsage, checks.error());
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
    say(stdout, "{}: {} checks replayed without {}, and all verdicts are those of results.json\n", command.results,
        run.checks.size(), run.info.url);
    return ExitCode::kOk;
  }
  say(stdout, "{}: {} checks replayed, {} differences\n", command.results, run.checks.size(),
      rejudged->differences.size());
  return ExitCode::kFailed;
}

}  // namespace referee::cli
