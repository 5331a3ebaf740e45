#include <fmt/format.h>

#include <chrono>

#include "bench.hpp"
#include "benchmarks/cell.hpp"
#include "benchmarks/scenario.hpp"
#include "referee/cli/version.hpp"

namespace referee::cli {

ExitCode run_scenario_bench(const BenchCommand& command) {
  const auto refuse_option = [&](std::string_view option, std::string_view why) {
    return refuse(ExitCode::kUsage, fmt::format("{} has no effect on the scenario {}: it {}; leave it out", option,
                                                command.scenario, why));
  };
  const auto* scenario = suites::benchmarks::find_scenario(command.scenario);
  if (scenario == nullptr) return refuse(ExitCode::kUsage, "there is no scenario '" + command.scenario + "'");
  if (!command.variants.empty() && !scenario->of_variants)
    return refuse_option("--variant", "asks nothing of variants");
  if (command.repetitions && !scenario->repeats) {
    return refuse_option("--repetitions", "is as long as its subject, and not repeated");
  }
  for (const auto& id : command.variants) {
    if (proposals::find_variant(id) == nullptr) return refuse(ExitCode::kUsage, suites::benchmarks::no_variant(id));
  }
  const auto place = bench_place(command);
  if (!place) return refuse(place.error().code, place.error().text);
  const auto seed = command.seed.value_or(fresh_seed());
  const auto field = field_on(command.target, command, seed, *place);
  if (!field) return refuse(field.error().code, field.error().text);

  suites::benchmarks::ScenarioOptions options;
  options.full = command.full;
  options.repetitions = command.repetitions.value_or(options.repetitions);
  options.repetitions_asked = command.repetitions.has_value();
  options.variants = command.variants;
  options.interrupted = [] { return interrupted(); };
  options.progress = [](std::string_view line) { say(stderr, "{}\n", line); };
  watch_interrupts();
  const auto host = bench::this_host();
  const auto started = std::chrono::system_clock::now();
  auto result = scenario->run(*field->grounds, options);
  if (!result) {
    if (const auto ended = end_bench(command, *place, {&field->reached}, true); ended != ExitCode::kOk) return ended;
    return come_to_nothing(*place, fmt::format("{}: nothing could be measured: {}", command.target, result.error()));
  }
  result->scenario = command.scenario;
  result->target = command.target;
  result->tool_version = kVersion;
  result->seed = seed;
  result->host = host;
  result->started = std::chrono::duration<double>(started.time_since_epoch()).count();
  result->seconds = std::chrono::duration<double>(std::chrono::system_clock::now() - started).count();
  const auto json = bench::result_json(*result);
  const auto file = fmt::format("{}.json", command.scenario);
  if (const auto written = reports::replace_file(place->folder + "/" + file, json); !written) {
    return refuse(ExitCode::kUsage, written.error());
  }
  if (const auto written = write_charts(*place, std::span(&*result, 1)); !written) {
    return refuse(ExitCode::kUsage, written.error());
  }
  write_text(stdout, command.json ? json : bench::result_text(*result));
  if (!command.json)
    say(stdout, "\nseed {}; in {}: report.html has charts, {} every number\n", seed, place->folder, file);
  return end_bench(command, *place, {&field->reached}, result->incomplete.empty());
}

}  // namespace referee::cli
