#include "bench.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "benchmarks/protocol.hpp"

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
      say(stderr, "\r{} % of {} runs{}", percent, all, done == all ? "\n" : "");
    } else if (percent % 10 == 0) {
      say(stderr, "{} % of {} runs\n", percent, all);
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
  return report.absent.empty() ? "there is nothing to measure" : report.absent.front().second;
}

ExitCode run_grid(const BenchCommand& command) {
  auto cells = suites::benchmarks::chosen_cells(command.select, command.full, command.variants);
  if (!cells) return refuse(ExitCode::kUsage, cells.error());
  const bool fresh = command.target == "embedded:all";
  tl::expected<Reached, Refusal> reached = Reached{};
  if (!fresh) {
    const auto target = conformance::parse_target(command.target, command.connection.plain_http);
    if (!target) return refuse(ExitCode::kUsage, target.error());
    reached = reach(*target, command.connection);
    if (!reached) return refuse(reached.error().code, reached.error().text);
  }
  const auto place = bench_place(command);
  if (!place) return refuse(place.error().code, place.error().text);

  suites::benchmarks::GroundsOptions ground;
  if (!fresh) {
    ground.url = reached->connection.url;
    ground.client = client_options(reached->connection);
  }
  ground.client.cancelled = [] { return interrupted(); };
  ground.name_space = command.name_space;
  ground.seed = command.seed.value_or(fresh_seed());
  ground.journal = place->journal.get();
  watch_interrupts();
  Grounds grounds(std::move(ground));
  RunCounter counter;
  suites::benchmarks::ProtocolOptions options;
  options.cells = std::move(*cells);
  options.repetitions = command.repetitions.value_or(options.repetitions);
  options.interrupted = [] { return interrupted(); };
  options.progress = [&](std::size_t done, std::size_t all) { counter.show(done, all); };
  const auto report = suites::benchmarks::run_protocol(grounds, options);
  counter.done();
  if (const auto why = nothing_counts(report); !interrupted() && !why.empty()) {
    return refuse(ExitCode::kUnjudgeable, fmt::format("{}: nothing could be measured: {}", command.target, why));
  }
  if (const auto written = reports::replace_file(place->folder + "/protocol.json", report.json); !written) {
    return refuse(ExitCode::kUsage, written.error());
  }
  write_text(stdout, command.json ? report.json : suites::benchmarks::protocol_table(report));
  if (!command.json) {
    say(stdout, "\nseed {}, {} repetitions; in {}: protocol.json has every time\n", grounds.options().seed,
        options.repetitions, place->folder);
  }
  return end_bench(command, *place, *reached, report.whole());
}

}  // namespace

tl::expected<BenchPlace, Refusal> bench_place(const BenchCommand& command) {
  const auto usage = [](std::string text) { return tl::unexpected(Refusal{ExitCode::kUsage, std::move(text)}); };
  BenchPlace place;
  place.folder = command.results.empty() ? default_folder(command.target) : command.results;
  std::error_code failure;
  std::filesystem::create_directories(place.folder, failure);
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

ExitCode end_bench(const BenchCommand& command, const BenchPlace& place, const Reached& reached, bool whole) {
  if (interrupted()) {
    return refuse(ExitCode::kInterrupted,
                  fmt::format("interrupted; `referee cleanup {}` removes what was pushed", place.journal_file));
  }
  // What an embedded registry holds goes away with it.
  const bool stays = !reached.connection.url.empty() && reached.server == nullptr;
  if (!command.keep && stays) clean_up(reached.connection, place.journal_file);
  return whole ? ExitCode::kOk : ExitCode::kInconclusive;
}

ExitCode run_bench(const BenchCommand& command) {
  return command.scenario == "growth" ? run_growth_bench(command) : run_grid(command);
}

}  // namespace referee::cli
