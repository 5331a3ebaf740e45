#include "protocol.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "measure.hpp"

namespace referee::suites::benchmarks {
namespace {

using Reporter = ::benchmark::BenchmarkReporter;

/// Keeps the runs, and writes Google Benchmark's JSON.
class Collector final : public Reporter {
 public:
  Collector() { json_.SetOutputStream(&text_); }

  bool ReportContext(const Context& context) override { return json_.ReportContext(context); }
  void ReportRuns(const std::vector<Run>& runs) override {
    auto written = runs;
    for (auto& run : written) {
      // Of a counter that is always 0 the library writes NaN for the variation, which is no JSON.
      std::erase_if(run.counters, [](const auto& counter) { return !std::isfinite(counter.second.value); });
    }
    json_.ReportRuns(written);
    for (const auto& run : runs) {
      if (run.run_type == Run::RT_Iteration) runs_[run.run_name.function_name].push_back(run);
    }
  }
  void Finalize() override { json_.Finalize(); }

  /// With the seconds that it took, which the library cannot write: its context comes first.
  [[nodiscard]] std::string text(double seconds) const {
    constexpr std::string_view kContext = "\"context\": {\n";
    auto text = text_.str();
    if (const auto at = text.find(kContext); at != std::string::npos) {
      text.insert(at + kContext.size(), fmt::format("    \"seconds\": \"{:.3f}\",\n", seconds));
    }
    return text;
  }
  [[nodiscard]] const std::vector<Run>& runs(const std::string& name) { return runs_[name]; }

 private:
  ::benchmark::JSONReporter json_;
  std::ostringstream text_;
  std::map<std::string, std::vector<Run>> runs_;
};

/// What a target said, as the library can write it: it escapes neither control characters nor what is no UTF-8.
std::string writable(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

using Absences = std::vector<std::pair<std::string, std::string>>;

/// A variant of which nothing is there is one entry: what is missing with the fewest is the reason for all.
Absences absences(const std::map<std::string, std::map<std::size_t, std::string>>& reasons_by_count,
                  const std::set<std::string>& supported) {
  Absences all;
  for (const auto& [variant, reasons] : reasons_by_count) {
    if (supported.contains(variant)) {
      for (const auto& [count, reason] : reasons) all.emplace_back(fmt::format("{}, n:{}", variant, count), reason);
    } else {
      std::vector<std::size_t> counts;
      for (const auto& [count, reason] : reasons) counts.push_back(count);
      all.emplace_back(fmt::format("{}, n:{}", variant, fmt::join(counts, ", n:")), reasons.begin()->second);
    }
  }
  return all;
}

/// One line for each, for the context of the JSON.
std::string absent_text(const Absences& absent) {
  std::string text;
  for (const auto& [what, why] : absent) {
    text += writable(fmt::format("{}: {}", what, why.substr(0, 300))) + "\n";
  }
  return text;
}

/// The library reads its settings from a command line, which is ours and not the user's.
void configure(const ProtocolOptions& options, const std::string& absent) {
  static std::string program = "referee";  // the library keeps the pointer
  std::vector<std::string> words{"--benchmark_min_time=0.000000001", "--benchmark_enable_random_interleaving=true",
                                 fmt::format("--benchmark_repetitions={}", options.repetitions)};
  std::vector<char*> pointers{program.data()};
  for (auto& word : words) pointers.push_back(word.data());
  int count = static_cast<int>(pointers.size());
  ::benchmark::Initialize(&count, pointers.data());
  // Once in a process: the library keeps what it was told.
  static const bool told = [&] {
    for (const auto& [key, value] : options.context) ::benchmark::AddCustomContext(key, value);
    if (!absent.empty()) ::benchmark::AddCustomContext("absent", absent);
    return true;
  }();
  static_cast<void>(told);
}

double mean(const std::vector<Reporter::Run>& runs, const char* counter) {
  double sum = 0;
  std::size_t count = 0;
  for (const auto& run : runs) {
    const auto found = run.counters.find(counter);
    if (run.error_occurred || found == run.counters.end()) continue;
    sum += found->second.value;
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

CellResult result_of(const Cell& cell, const std::vector<Reporter::Run>& runs) {
  CellResult result;
  result.cell = cell;
  for (const auto& run : runs) {
    if (run.error_occurred) {
      result.wrong = run.error_message;
    } else {
      result.seconds.push_back(run.real_accumulated_time /
                               static_cast<double>(std::max<std::int64_t>(run.iterations, 1)));
    }
  }
  if (runs.empty()) result.wrong = "it was not run";
  result.requests = mean(runs, "requests");
  result.bytes_up = mean(runs, "bytes_up");
  result.bytes_down = mean(runs, "bytes_down");
  result.signatures = mean(runs, "signatures");
  return result;
}

/// One run of Google Benchmark.
class Session {
 public:
  Session(Grounds& first, Grounds* second, const ProtocolOptions& options) : stands_(first), options_(options) {
    if (second != nullptr) others_.emplace(*second);
  }

  ProtocolReport run() {
    const auto began = std::chrono::steady_clock::now();
    ProtocolReport report;
    const auto present = prepare(report);
    runs_ = present.size() * static_cast<std::size_t>(options_.repetitions) * (others_ ? 2 : 1);
    configure(options_, absent_text(report.absent));
    const std::string first = others_ ? "A/" : "";
    for (const auto& cell : present) {
      add(first, stands_, cell);
      if (others_) add("B/", *others_, cell);
    }
    Collector collector;
    if (!present.empty()) ::benchmark::RunSpecifiedBenchmarks(&collector, ".*");
    ::benchmark::ClearRegisteredBenchmarks();
    for (const auto& cell : present) {
      report.cells.push_back(result_of(cell, collector.runs(first + cell.name())));
      if (others_) report.others.push_back(result_of(cell, collector.runs("B/" + cell.name())));
    }
    report.json = collector.text(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    report.interrupted = stopped();
    return report;
  }

 private:
  [[nodiscard]] bool stopped() const { return options_.interrupted && options_.interrupted(); }

  void add(const std::string& prefix, Stands& stands, const Cell& cell) {
    ::benchmark::RegisterBenchmark((prefix + cell.name()).c_str(),
                                   [this, &stands, cell](::benchmark::State& state) { once(state, stands, cell); })
        ->UseManualTime()
        ->Unit(::benchmark::kMillisecond);
  }

  /// The content of all cells; those that the target has no place for are left out.
  std::vector<Cell> prepare(ProtocolReport& report) {
    std::vector<Cell> present;
    std::map<std::string, std::map<std::size_t, std::string>> absent;  // of a variant, with so many attachments
    std::set<std::string> supported;
    for (const auto& cell : options_.cells) {
      if (stopped()) break;
      auto stand = stands_.stand(cell);
      if (stand && others_) {
        stand = others_->stand(cell);
        if (!stand) stand.error().reason = "on the second target: " + stand.error().reason;
      }
      const bool troubled = !stand && !stand.error().unsupported;
      if (troubled && present.empty()) {
        report.trouble = stand.error().reason;
        return {};
      }
      if (stand || troubled) {
        present.push_back(cell);
        supported.insert(std::string(cell.variant->id));
      } else {
        absent[std::string(cell.variant->id)].emplace(cell.count, stand.error().reason);
      }
    }
    report.absent = absences(absent, supported);
    return present;
  }

  void once(::benchmark::State& state, Stands& stands, const Cell& cell) {
    for (auto unused : state) {
      static_cast<void>(unused);
      if (stopped()) {
        state.SkipWithError("interrupted");
        break;
      }
      // What went wrong once does not count any more. And the library (1.7) takes its statistics from the first
      // repetition, which has none if it failed: then no later one may succeed.
      const auto name = std::pair(&std::as_const(stands), cell.name());
      const auto known = wrong_.find(name);
      const auto measured = known != wrong_.end() ? tl::unexpected(known->second) : measure(stands, cell);
      if (options_.progress) options_.progress(std::min(++done_, runs_), runs_);
      if (!measured) {
        wrong_.emplace(name, measured.error());
        state.SkipWithError(writable(measured.error()).c_str());
        break;
      }
      state.SetIterationTime(measured->seconds);
      state.counters["requests"] = static_cast<double>(measured->cost.requests);
      state.counters["bytes_up"] = static_cast<double>(measured->cost.bytes_up);
      state.counters["bytes_down"] = static_cast<double>(measured->cost.bytes_down);
      state.counters["signatures"] = static_cast<double>(measured->signatures);
      state.counters["found"] = static_cast<double>(measured->found);
    }
  }

  Stands stands_;
  std::optional<Stands> others_;  ///< of the second target
  const ProtocolOptions& options_;
  std::map<std::pair<const Stands*, std::string>, std::string> wrong_;  ///< by target and name
  std::size_t runs_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

bool ProtocolReport::whole() const {
  const auto counts = [](const CellResult& result) { return result.wrong.empty(); };
  return !interrupted && trouble.empty() && std::ranges::all_of(cells, counts) && std::ranges::all_of(others, counts);
}

ProtocolReport run_protocol(Grounds& grounds, const ProtocolOptions& options) {
  return Session(grounds, nullptr, options).run();
}

ProtocolReport run_protocol(Grounds& first, Grounds& second, const ProtocolOptions& options) {
  return Session(first, &second, options).run();
}

bench::SampleFile samples_of(const std::vector<CellResult>& cells) {
  bench::SampleFile file;
  for (const auto& result : cells) {
    if (result.wrong.empty()) {
      file.samples.push_back({result.cell.name(), result.seconds});
    } else {
      file.wrong.push_back(result.cell.name());
    }
  }
  return file;
}

}  // namespace referee::suites::benchmarks
