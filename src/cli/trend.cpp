#include "referee/reports/trend.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

#include "commands.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/progress.hpp"
#include "result_files.hpp"

namespace referee::cli {
namespace {

constexpr std::size_t kMostNamed = 5;

/// Of a check what a trend needs: results of years are not held in memory.
void trim(reports::RunFile& run) {
  for (auto& check : run.checks) {
    check.failures.clear();
    check.observations.clear();
    check.reason.clear();
    if (check.requirements.size() > 1) check.requirements.resize(1);
    for (auto& requirement : check.requirements) requirement.text.clear();
  }
}

/// A file, and whether the command line itself has it.
struct TrendFile {
  NamedFile file;  ///< its name is that of its target
  bool given = false;
};

tl::expected<std::vector<TrendFile>, std::string> trend_files(const std::vector<std::string>& arguments) {
  std::vector<NamedFile> named;
  std::vector<std::string> paths;
  for (const auto& argument : arguments) {
    auto file = named_file(argument);
    if (!file) return tl::unexpected(file.error());
    paths.push_back(file->path);
    named.push_back(std::move(*file));
  }
  if (auto once = each_once(paths); !once) return tl::unexpected(once.error());
  std::vector<TrendFile> files;
  for (const auto& [path, name] : named) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) {
      files.push_back({{path, name}, true});
      continue;
    }
    const auto found = files_below(path, is_run_name);
    if (!found) return tl::unexpected(found.error());
    for (const auto& file : without_repeats(*found)) {
      if (file.ends_with("results.json")) files.push_back({{file, name}, false});
    }
  }
  if (files.empty()) {
    return tl::unexpected(
        without_results(paths.front(), fmt::format("{} holds no results.json of `referee check`", paths.front())));
  }
  if (files.size() > reports::kMostTrendRuns) {
    return tl::unexpected(fmt::format("{} results are more than the {} that a trend takes: name fewer folders",
                                      files.size(), reports::kMostTrendRuns));
  }
  std::vector<std::string> all;
  for (const auto& [file, given] : files) all.push_back(file.path);
  return each_once(all).map([&] { return files; });
}

tl::expected<reports::RunFile, std::string> read_trend_run(const std::string& path) {
  auto run = read_run(path);
  if (run && run->kind != reports::RunKind::kChecks) {
    return tl::unexpected(fmt::format("{} is no results.json of `referee check`", path));
  }
  return run;
}

/// What was joined under a name: whoever reads the trend may take it for one address.
/// The first of them by name.
std::string some_of(const std::set<std::string>& targets) {
  std::vector<std::string> named(targets.begin(), targets.end());
  if (named.size() > kMostNamed) named.resize(kMostNamed);
  return fmt::format("{}{}", fmt::join(named, ", "), targets.size() > kMostNamed ? ", ..." : "");
}

std::string joined_note(const std::string& name, const std::set<std::string>& targets) {
  return fmt::format("{} is what the command line calls {}: {}", name, oci::counted(targets.size(), "target"),
                     some_of(targets));
}

/// One registry is one target, whether its URL or host:port was given.
std::string without_scheme(const std::string& target) {
  std::string_view name = target;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (name.starts_with(scheme)) name.remove_prefix(scheme.size());
  }
  while (name.ends_with('/')) name.remove_suffix(1);
  return std::string(name);
}

/// By time. A file below a folder that is no result is a note: it may be of a run that was cut, years ago.
tl::expected<std::vector<reports::RunFile>, std::string> runs_of(const TrendCommand& command,
                                                                 std::vector<std::string>& notes) {
  const auto files = trend_files(command.paths);
  if (!files) return tl::unexpected(files.error());
  std::vector<reports::RunFile> runs;
  std::set<std::string> targets;
  std::map<std::string, std::set<std::string>> joined;
  for (const auto& [file, given] : *files) {
    auto run = read_trend_run(file.path);
    if (!run && given) return tl::unexpected(run.error());
    if (!run) {
      say(stderr, "referee: not in the trend: {}\n", run.error());
      notes.push_back("Not in this trend: " + run.error());
      continue;
    }
    if (!file.name.empty()) {
      joined[file.name].insert(run->info.target);
      run->info.target = file.name;
    } else {
      run->info.target = without_scheme(run->info.target);
    }
    targets.insert(run->info.target);
    if (!command.target.empty() && run->info.target != command.target &&
        run->info.target != without_scheme(command.target)) {
      continue;
    }
    trim(*run);
    runs.push_back(std::move(*run));
  }
  if (targets.empty()) return tl::unexpected(std::string("nothing could be read: see the lines above"));
  if (runs.empty())
    return tl::unexpected(fmt::format("no result is of {}; there are {}", command.target, some_of(targets)));
  if (command.target.empty() && targets.size() > 1) {
    return tl::unexpected(
        fmt::format("these are results of {} targets: choose one with --target, or call them one with "
                    "NAME=DIR: {}",
                    targets.size(), some_of(targets)));
  }
  if (const auto found = joined.find(runs.front().info.target);
      found != joined.end() && found->second != std::set<std::string>{found->first}) {
    notes.insert(notes.begin(), joined_note(found->first, found->second));
  }
  std::ranges::stable_sort(runs, {}, [](const reports::RunFile& run) { return run.info.started; });
  return runs;
}

}  // namespace

ExitCode run_trend(const TrendCommand& command) {
  std::vector<std::string> notes;
  const auto runs = runs_of(command, notes);
  if (!runs) return refuse(ExitCode::kUsage, runs.error());
  reports::TrendMaker maker;
  for (const auto& run : *runs) maker.add(run);
  auto trend = maker.finish();
  trend.notes = std::move(notes);
  if (command.output == "json") {
    write_text(stdout, reports::trend_json(trend));
  } else if (command.output == "html") {
    write_text(stdout, reports::trend_html(trend));
  } else if (command.output == "markdown") {
    write_text(stdout, reports::trend_markdown(trend));
  } else {
    write_text(stdout,
               reports::trend_text(trend, std::max<std::size_t>(reports::terminal_width(STDOUT_FILENO, 100), 60)));
  }
  return ExitCode::kOk;
}

}  // namespace referee::cli
