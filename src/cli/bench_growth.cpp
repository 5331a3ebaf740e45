#include <fmt/format.h>

#include <chrono>

#include "bench.hpp"
#include "benchmarks/growth.hpp"
#include "referee/cli/version.hpp"
#include "referee/distribution/may_write.hpp"
#include "referee/oci/words.hpp"

namespace referee::cli {

ExitCode run_growth_bench(const BenchCommand& command) {
  const auto target = conformance::parse_target(command.target, command.connection.plain_http);
  if (!target) return refuse(ExitCode::kUsage, target.error());
  if (!command.variants.empty()) {
    return refuse(ExitCode::kUsage,
                  "--variant has no effect on the scenario growth: it asks nothing of variants; leave it out");
  }
  const auto reached = reach(*target, command.connection);
  if (!reached) return refuse(reached.error().code, reached.error().text);
  const auto place = bench_place(command);
  if (!place) return refuse(place.error().code, place.error().text);

  suites::benchmarks::GrowthOptions options;
  options.seed = command.seed.value_or(fresh_seed());
  options.repository = fmt::format("{}/growth-{:08x}", command.name_space, options.seed);
  const int most = command.full ? 10'000 : command.most.value_or(1000);
  std::erase_if(options.counts, [&](int count) { return count > most; });
  options.repetitions = command.repetitions.value_or(options.repetitions);
  options.interrupted = [] { return interrupted(); };
  options.progress = [](std::string_view line) { say(stderr, "{}\n", line); };
  watch_interrupts();
  const auto host = bench::this_host();
  const auto started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  distribution::Registry registry(client_of(reached->connection, options.interrupted), reached->connection.url,
                                  place->journal.get());
  if (const auto may = distribution::may_write(registry, options.repository); !may && !interrupted()) {
    return come_to_nothing(*place, fmt::format("{}: {}", command.target, may.error().message));
  }
  const auto report = suites::benchmarks::run_growth(registry, options);
  if (!report) {
    if (const auto ended = end_bench(command, *place, {&*reached}, true); ended != ExitCode::kOk) return ended;
    return come_to_nothing(*place, fmt::format("{}: nothing can be pushed: {}", command.target, report.error()));
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count() - started;
  const auto json = suites::benchmarks::growth_json(
      *report, {command.target, std::string(kVersion), options.seed, started, seconds, host});
  if (const auto written = reports::replace_file(place->folder + "/growth.json", json + '\n'); !written) {
    return refuse(ExitCode::kUsage, written.error());
  }
  const auto charts = write_charts(*place, json);
  if (!charts) return refuse(ExitCode::kUsage, charts.error());
  write_text(stdout, command.json ? json + '\n' : suites::benchmarks::growth_table(*report));
  if (!command.json) {
    say(stdout, "\nseed {}, {}; in {}: {}growth.json every time\n", options.seed,
        oci::counted(options.repetitions, "repetition"), place->folder, *charts ? kChartsThere : "");
  }
  return end_bench(command, *place, {&*reached}, report->whole());
}

}  // namespace referee::cli
