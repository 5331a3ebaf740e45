#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "benchmarks/growth.hpp"
#include "judging.hpp"
#include "referee/cli/version.hpp"
#include "referee/distribution/journal.hpp"

namespace referee::cli {

ExitCode run_bench(const BenchCommand& command) {
  const auto target = conformance::parse_target(command.target, command.connection.plain_http);
  if (!target) return refuse(ExitCode::kUsage, target.error());
  const auto reached = reach(*target, command.connection);
  if (!reached) return refuse(reached.error().code, reached.error().text);
  const auto folder = command.results.empty() ? default_folder(command.target) : command.results;
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) {
    return refuse(ExitCode::kUsage, fmt::format("cannot create the results folder {}: {}; choose one with --results",
                                                folder, failure.message()));
  }
  const auto journal_file = folder + "/journal.jsonl";
  if (const auto cleared = clear_results(folder, journal_file); !cleared)
    return refuse(ExitCode::kUsage, cleared.error());
  const auto journal = distribution::Journal::open(journal_file);
  if (!journal) return refuse(ExitCode::kUsage, journal.error());

  suites::benchmarks::GrowthOptions options;
  options.seed = command.seed.value_or(fresh_seed());
  options.repository = fmt::format("{}/growth-{:08x}", command.name_space, options.seed);
  std::erase_if(options.counts, [&](int count) { return count > command.most; });
  options.repetitions = command.repetitions;
  options.interrupted = [] { return interrupted(); };
  options.progress = [](std::string_view line) { say(stderr, "{}\n", line); };
  watch_interrupts();
  distribution::Registry registry(client_of(reached->connection, options.interrupted), reached->connection.url,
                                  journal->get());
  const auto report = suites::benchmarks::run_growth(registry, options);
  if (!report) {
    if (interrupted()) return refuse(ExitCode::kInterrupted, "interrupted before anything was measured");
    return refuse(ExitCode::kUnjudgeable, fmt::format("{}: nothing can be pushed: {}", command.target, report.error()));
  }
  const auto json = suites::benchmarks::growth_json(*report, {command.target, std::string(kVersion), options.seed});
  if (const auto written = reports::replace_file(folder + "/growth.json", json + '\n'); !written) {
    return refuse(ExitCode::kUsage, written.error());
  }
  write_text(stdout, command.json ? json + '\n' : suites::benchmarks::growth_table(*report));
  if (!command.json) {
    say(stdout, "\nseed {}, {} repetitions; in {}: growth.json has every time\n", options.seed, command.repetitions,
        folder);
  }
  if (interrupted()) {
    return refuse(ExitCode::kInterrupted,
                  fmt::format("interrupted; `referee cleanup {}` removes what was pushed", journal_file));
  }
  // What an embedded registry holds goes away with it.
  if (!command.keep && reached->server == nullptr) clean_up(reached->connection, journal_file);
  return report->whole() ? ExitCode::kOk : ExitCode::kInconclusive;
}

}  // namespace referee::cli
