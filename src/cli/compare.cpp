#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "commands.hpp"
#include "referee/oci/limits.hpp"
#include "referee/reports/progress.hpp"
#include "referee/reports/run_comparison.hpp"
#include "result_files.hpp"

namespace referee::cli {
namespace {

namespace fs = std::filesystem;

/// A file, or what a folder holds.
struct Side {
  std::string path;
  bool folder = false;
  std::vector<reports::RunFile> runs;
  std::vector<std::pair<std::string, bench::SampleFile>> benchmarks;  ///< by the name of the file
};

tl::expected<bench::SampleFile, std::string> read_benchmark(const std::string& path) {
  const auto text = read_result(path, oci::kLargestResult, "give a file of `referee bench`");
  if (!text) return tl::unexpected(text.error());
  auto samples = bench::read_samples(*text);
  if (!samples) return tl::unexpected(fmt::format("{}: {}", path, samples.error()));
  return samples;
}

tl::expected<void, std::string> add_file(const std::string& path, Side& side) {
  constexpr const char* kWanted = "give a results.json, rubric.json, matrix.json, or a file of `referee bench`";
  const auto text = read_result(path, oci::kLargestResult, kWanted);
  if (!text) return tl::unexpected(text.error());
  auto run = reports::read_run_file(*text);
  if (!run) return tl::unexpected(fmt::format("{}: {}", path, run.error()));
  if (auto& found = *run; found.has_value()) {
    found->path = path;
    side.runs.push_back(std::move(*found));
    return {};
  }
  auto samples = bench::read_samples(*text);
  if (!samples)
    return tl::unexpected(fmt::format("{}: {}, nor is it a result of `referee check`", path, samples.error()));
  side.benchmarks.emplace_back(fs::path(path).filename().string(), std::move(*samples));
  return {};
}

tl::expected<Side, std::string> read_side(const std::string& path) {
  Side side{path, false, {}, {}};
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    if (auto added = add_file(path, side); !added) return tl::unexpected(added.error());
    return side;
  }
  side.folder = true;
  std::vector<std::string> names{"results.json", "rubric.json", "matrix.json"};
  std::ranges::copy(benchmark_names(), std::back_inserter(names));
  std::vector<std::string> files;
  for (const auto& name : names) {
    const auto file = (fs::path(path) / name).string();
    if (fs::is_regular_file(file, ignored)) files.push_back(file);
  }
  for (const auto& file : without_repeats(files)) {
    if (auto added = add_file(file, side); !added) return tl::unexpected(added.error());
  }
  if (side.runs.empty() && side.benchmarks.empty())
    return tl::unexpected(without_results(
        path, fmt::format("{} holds no results: give the folder of a run, as --results named it", path)));
  return side;
}

void pair_runs(const Side& before, const Side& after, reports::ResultComparison& comparison) {
  const auto find = [](const Side& side, reports::RunKind kind) {
    const auto found = std::ranges::find(side.runs, kind, &reports::RunFile::kind);
    return found == side.runs.end() ? nullptr : &*found;
  };
  for (const auto kind : {reports::RunKind::kChecks, reports::RunKind::kRubric, reports::RunKind::kRuntimes,
                          reports::RunKind::kClients}) {
    const auto* first = find(before, kind);
    const auto* second = find(after, kind);
    if (first == nullptr && second == nullptr) continue;
    const auto what = fmt::format("{} ({})", reports::file_name(kind), reports::name(kind));
    if (first == nullptr || second == nullptr) {
      comparison.missing.push_back(fmt::format("{} is in the {} alone", what, first != nullptr ? "first" : "second"));
      continue;
    }
    auto compared = reports::compare_runs(*first, *second);
    if (compared.shared > 0)
      comparison.runs.push_back(std::move(compared));
    else
      comparison.missing.push_back(fmt::format("{}: the two have no check in common", what));
  }
}

void pair_benchmarks(const Side& before, const Side& after, const bench::ComparisonOptions& options, double noise,
                     reports::ResultComparison& comparison) {
  const bool one_each =
      before.benchmarks.size() == 1 && after.benchmarks.size() == 1 && !before.folder && !after.folder;
  for (const auto& [name, samples] : before.benchmarks) {
    const auto other =
        std::ranges::find_if(after.benchmarks, [&](const auto& one) { return one_each || one.first == name; });
    if (other == after.benchmarks.end()) {
      comparison.missing.push_back(name + " is in the first alone");
      continue;
    }
    auto compared = bench::compare(samples, other->second, options);
    compared.noise = noise;
    if (compared.compared.empty())
      comparison.missing.push_back(name + ": the two have no benchmark in common");
    else
      comparison.benchmarks.push_back({name, std::move(compared)});
  }
  for (const auto& [name, samples] : after.benchmarks) {
    const bool known =
        std::ranges::any_of(before.benchmarks, [&](const auto& one) { return one_each || one.first == name; });
    if (!known) comparison.missing.push_back(name + " is in the second alone");
  }
}

tl::expected<double, std::string> noise_between(const std::vector<std::string>& files) {
  const auto first = read_benchmark(files[0]);
  if (!first) return tl::unexpected(first.error());
  const auto second = read_benchmark(files[1]);
  if (!second) return tl::unexpected(second.error());
  const auto noise = bench::noise_of(*first, *second);
  if (!noise) {
    return tl::unexpected(fmt::format(
        "--noise: {} and {} have no benchmark with enough repetitions in common; give two results of the same thing",
        files[0], files[1]));
  }
  return *noise;
}

std::string shown(const reports::ResultComparison& comparison, const std::string& output, bool plain) {
  if (output == "html") return reports::result_comparison_html(comparison);
  if (plain) {
    const auto& only = comparison.benchmarks.front().comparison;
    if (output == "json") return bench::comparison_json(only);
    return output == "markdown" ? bench::comparison_markdown(only) : bench::comparison_text(only);
  }
  if (output == "json") return reports::result_comparison_json(comparison);
  if (output == "markdown") return reports::result_comparison_markdown(comparison);
  return reports::result_comparison_text(comparison,
                                         std::max<std::size_t>(reports::terminal_width(STDOUT_FILENO, 100), 60));
}

ExitCode code_of(const reports::ResultComparison& comparison) {
  if (comparison.regressed()) return ExitCode::kFailed;
  const bool whole = std::ranges::all_of(comparison.runs, [](const auto& run) { return run.after.info.complete; });
  if (comparison.undecided() || !whole) return ExitCode::kInconclusive;
  const bool judged = std::ranges::any_of(comparison.benchmarks,
                                          [](const auto& part) { return exit_code(part.comparison) == ExitCode::kOk; });
  return judged || !comparison.runs.empty() ? ExitCode::kOk : ExitCode::kInconclusive;
}

}  // namespace

ExitCode exit_code(const bench::Comparison& comparison) {
  if (comparison.regressed()) return ExitCode::kFailed;
  const bool judged = std::ranges::any_of(comparison.compared, [](const bench::Compared& one) {
    return one.judgement.difference != bench::Difference::kTooFew;
  });
  return judged ? ExitCode::kOk : ExitCode::kInconclusive;
}

ExitCode run_compare(const CompareCommand& command) {
  const auto before = read_side(command.before);
  if (!before) return refuse(ExitCode::kUsage, before.error());
  const auto after = read_side(command.after);
  if (!after) return refuse(ExitCode::kUsage, after.error());
  bench::ComparisonOptions options{command.threshold / 100, command.level};
  double noise = 0;
  if (command.noise.size() == 2) {
    const auto measured = noise_between(command.noise);
    if (!measured) return refuse(ExitCode::kUsage, measured.error());
    noise = *measured;
    options.threshold = std::max(options.threshold, noise);
  }
  reports::ResultComparison comparison;
  comparison.before = command.before;
  comparison.after = command.after;
  pair_runs(*before, *after, comparison);
  pair_benchmarks(*before, *after, options, noise, comparison);
  if (comparison.runs.empty() && comparison.benchmarks.empty()) {
    return refuse(ExitCode::kUsage, fmt::format("{} and {} have nothing in common: {}", command.before, command.after,
                                                comparison.missing.front()));
  }
  if (!command.noise.empty() && comparison.benchmarks.empty())
    return refuse(ExitCode::kUsage, "--noise is of benchmarks: it has no effect on these results");
  const bool plain = !before->folder && !after->folder && comparison.runs.empty();
  write_text(stdout, shown(comparison, command.output, plain));
  return code_of(comparison);
}

}  // namespace referee::cli
