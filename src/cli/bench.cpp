#include "bench.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <system_error>

#include "benchmarks/protocol.hpp"
#include "referee/bench/host.hpp"
#include "referee/cli/version.hpp"
#include "referee/distribution/may_write.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/bench.hpp"

namespace referee::cli {
namespace {

using suites::benchmarks::Grounds;
using suites::benchmarks::ProtocolReport;

/// On a terminal one line that changes, elsewhere one for each tenth.
class RunCounter {
 public:
  void show(std::size_t done, std::size_t all) {
    const auto percent = done * 100 / all;
    if (percent == shown_) return;
    shown_ = percent;
    if (tty_) {
      say(stderr, "\r{} % of {}{}", percent, oci::counted(all, "run"), done == all ? "\n" : "");
    } else if (percent % 10 == 0) {
      say(stderr, "{} % of {}\n", percent, oci::counted(all, "run"));
    }
  }
  /// Ends the line that changes.
  void done() const {
    if (tty_ && shown_ > 0 && shown_ < 100) say(stderr, "\n");
  }

 private:
  bool tty_ = ::isatty(STDERR_FILENO) == 1;
  std::size_t shown_ = 0;
};

/// Why nothing at all was measured; empty if something was.
std::string nothing_counts(const ProtocolReport& report) {
  if (!report.trouble.empty()) return report.trouble;
  for (const auto& result : report.cells) {
    if (result.wrong.empty()) return "";
  }
  if (!report.cells.empty()) return report.cells.front().wrong;
  if (report.absent.empty()) return "there is nothing to measure";
  const auto& [what, reason] = report.absent.front();
  return fmt::format("{} is not supported: {}", what, reason);
}

constexpr std::string_view kFresh = "embedded:all";

/// What an embedded registry holds goes away with it.
bool outlives(const Reached* target) {
  return !target->connection.url.empty() && target->server == nullptr;
}

std::map<std::string, std::string> context_of(const BenchCommand& command, std::uint64_t seed) {
  const auto host = bench::this_host();
  std::map<std::string, std::string> context{
      {"target", command.target},
      {"seed", std::to_string(seed)},
      {"tool_version", std::string(kVersion)},
      {"cpu", host.cpu},
      {"governor", host.governor},
      {"virtualized", host.virtualized},
      {"kernel", host.kernel},
      {"started",
       fmt::format("{:.3f}",
                   std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count())}};
  if (!command.compare.empty()) context.emplace("second_target", command.compare);
  return context;
}

ExitCode run_grid(const BenchCommand& command) {
  auto cells = suites::benchmarks::chosen_cells(command.select, command.full, command.variants);
  if (!cells) {
    const auto all = suites::benchmarks::chosen_cells({}, true, {});
    std::vector<std::string> names;
    for (const auto& cell : *all) names.push_back(cell.name());
    return refuse(selection_code(command.select, names, ExitCode::kUsage), cells.error());
  }
  const auto seed = command.seed.value_or(fresh_seed());
  if (command.target != kFresh) {
    // Before there is a folder for results that come to nothing.
    if (const auto target = conformance::parse_target(command.target, command.connection.plain_http); !target) {
      return refuse(ExitCode::kUsage, target.error());
    }
  }
  const auto place = bench_place(command);
  if (!place) return refuse(place.error().code, place.error().text);
  const auto first = field_on(command.target, command, seed, *place);
  if (!first) return refuse(first.error().code, first.error().text);
  auto second = tl::expected<Field, Refusal>();
  if (!command.compare.empty()) {
    // Another seed: two names of one registry are no reason to share a repository.
    second = field_on(command.compare, command, seed + 1, *place);
    if (!second) return refuse(second.error().code, second.error().text);
  }
  watch_interrupts();
  RunCounter counter;
  suites::benchmarks::ProtocolOptions options;
  options.cells = std::move(*cells);
  options.repetitions = command.repetitions.value_or(options.repetitions);
  options.context = context_of(command, seed);
  options.interrupted = [] { return interrupted(); };
  options.progress = [&](std::size_t done, std::size_t all) { counter.show(done, all); };
  const auto report = second->grounds != nullptr
                          ? suites::benchmarks::run_protocol(*first->grounds, *second->grounds, options)
                          : suites::benchmarks::run_protocol(*first->grounds, options);
  counter.done();
  if (const auto why = nothing_counts(report); !why.empty()) {
    // Nothing is written: a file without a number would look like a result.
    const auto ended = end_bench(command, *place, {&first->reached, &second->reached}, true,
                                 "interrupted before anything was measured");
    const auto whom = command.compare.empty() ? command.target : command.target + " and " + command.compare;
    if (ended == ExitCode::kInterrupted) return ended;
    // What was tried and was wrong does not count, as if others did.
    const bool tried = report.trouble.empty() && !report.cells.empty();
    return come_to_nothing(*place, fmt::format("{}: nothing {}: {}", whom, tried ? "counts" : "could be measured", why),
                           tried ? ExitCode::kInconclusive : ExitCode::kUnjudgeable);
  }
  if (const auto written = reports::replace_file(place->folder + "/protocol.json", report.json); !written) {
    return refuse(ExitCode::kUsage, written.error());
  }
  const auto charts = write_charts(*place, report.json);
  if (!charts) return refuse(ExitCode::kUsage, charts.error());
  ExitCode compared = ExitCode::kOk;
  std::string text = suites::benchmarks::protocol_table(report);
  if (second->grounds != nullptr) {
    const auto comparison =
        bench::compare(suites::benchmarks::samples_of(report.cells), suites::benchmarks::samples_of(report.others),
                       {command.threshold / 100, bench::ComparisonOptions().level});
    compared = exit_code(comparison);
    text = fmt::format("first {}, second {}\n{}", command.target, command.compare, comparison_text(comparison));
    if (const auto written = reports::replace_file(place->folder + "/comparison.json", comparison_json(comparison));
        !written) {
      return refuse(ExitCode::kUsage, written.error());
    }
  }
  write_text(stdout, command.json ? report.json : text);
  if (!command.json) {
    say(stdout, "\nseed {}, {}; in {}: {}protocol.json every time\n", seed,
        oci::counted(options.repetitions, "repetition"), place->folder, *charts ? kChartsThere : "");
  }
  const auto ended = end_bench(command, *place, {&first->reached, &second->reached}, report.whole());
  return ended == ExitCode::kOk || (ended == ExitCode::kInconclusive && compared == ExitCode::kFailed) ? compared
                                                                                                       : ended;
}

}  // namespace

tl::expected<Field, Refusal> field_on(const std::string& name, const BenchCommand& command, std::uint64_t seed,
                                      const BenchPlace& place) {
  Field field;
  suites::benchmarks::GroundsOptions ground;
  if (name != kFresh) {
    const auto target = conformance::parse_target(name, command.connection.plain_http);
    if (!target) return tl::unexpected(Refusal{ExitCode::kUsage, target.error()});
    auto reached = reach(*target, command.connection);
    if (!reached) return tl::unexpected(reached.error());
    field.reached = std::move(*reached);
    // Otherwise each variant would find out for itself.
    distribution::Registry registry(client_of(field.reached.connection, [] { return interrupted(); }),
                                    field.reached.connection.url);
    const auto repository = fmt::format("{}/bench-{:08x}", command.name_space, seed);
    if (const auto may = distribution::may_write(registry, repository); !may) {
      discard_results(place.folder, place.made);
      return tl::unexpected(Refusal{ExitCode::kUnjudgeable, fmt::format("{}: {}", name, may.error().message)});
    }
    ground.url = field.reached.connection.url;
    ground.client = client_options(field.reached.connection);
  }
  ground.client.cancelled = [] { return interrupted(); };
  ground.name_space = command.name_space;
  ground.seed = seed;
  ground.journal = place.journal.get();
  field.grounds = std::make_unique<Grounds>(std::move(ground));
  return field;
}

tl::expected<BenchPlace, Refusal> bench_place(const BenchCommand& command) {
  const auto usage = [](std::string text) { return tl::unexpected(Refusal{ExitCode::kUsage, std::move(text)}); };
  BenchPlace place;
  place.folder = command.results.empty() ? default_folder(command.target) : command.results;
  std::error_code failure;
  place.made = std::filesystem::create_directories(place.folder, failure);
  if (failure) {
    return usage(fmt::format("cannot create the results folder {}: {}; choose one with --results", place.folder,
                             failure.message()));
  }
  place.journal_file = place.folder + "/journal.jsonl";
  if (const auto cleared = clear_results(place.folder, place.journal_file); !cleared) return usage(cleared.error());
  auto journal = distribution::Journal::open(place.journal_file);
  if (!journal) return usage(journal.error());
  place.journal = std::move(*journal);
  return place;
}

tl::expected<void, std::string> write_charts(const BenchPlace& place, std::span<const bench::Result> results) {
  return reports::replace_file(place.folder + "/report.html", reports::bench_html(results));
}

tl::expected<bool, std::string> write_charts(const BenchPlace& place, const std::string& json) {
  const auto results = bench::read_results(json);
  if (!results) {
    // The numbers are there: hours of measuring do not fail for want of a picture.
    say(stderr, "no report.html: {}\n", results.error());
    return false;
  }
  return write_charts(place, *results).map([] { return true; });
}

ExitCode end_bench(const BenchCommand& command, const BenchPlace& place, const std::vector<const Reached*>& reached,
                   bool whole, std::string_view how) {
  if (interrupted()) {
    const bool stays = std::ranges::any_of(reached, outlives);
    return refuse(ExitCode::kInterrupted, interrupted_text(how, place.journal_file, stays));
  }
  for (const auto* one : reached) {
    if (!command.keep && outlives(one)) clean_up(one->connection, place.journal_file);
  }
  return whole ? ExitCode::kOk : ExitCode::kInconclusive;
}

ExitCode come_to_nothing(const BenchPlace& place, const std::string& why, ExitCode code) {
  discard_results(place.folder, place.made);
  return refuse(code, why);
}

ExitCode run_bench(const BenchCommand& command) {
  if (command.scenario.empty()) return run_grid(command);
  return command.scenario == "growth" ? run_growth_bench(command) : run_scenario_bench(command);
}

}  // namespace referee::cli
