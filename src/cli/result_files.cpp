#include "result_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "benchmarks/scenario.hpp"
#include "commands.hpp"
#include "referee/certificate/certificate.hpp"
#include "referee/oci/limits.hpp"

namespace referee::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostListed = 100'000;
constexpr int kDeepestFolder = 6;

}  // namespace

tl::expected<void, std::string> readable(const std::string& folder) {
  if (::access(folder.c_str(), R_OK | X_OK) == 0) return {};
  return tl::unexpected(fmt::format("cannot read the folder {}: {}", folder, std::strerror(errno)));
}

tl::expected<NamedFile, std::string> named_file(const std::string& argument) {
  std::error_code ignored;
  const auto equals = argument.find('=');
  if (equals == std::string::npos || equals == 0 || fs::exists(argument, ignored)) return NamedFile{argument, ""};
  NamedFile named{argument.substr(equals + 1), argument.substr(0, equals)};
  if (named.path.empty()) return tl::unexpected(fmt::format("`{}`: a file or folder is missing after the =", argument));
  return named;
}

tl::expected<void, std::string> each_once(const std::vector<std::string>& paths) {
  std::map<fs::path, std::string> seen;
  for (const auto& path : paths) {
    std::error_code failure;
    auto place = fs::weakly_canonical(path, failure);
    if (failure) place = fs::path(path).lexically_normal();
    // `results/` is `results`.
    if (!place.has_filename()) place = place.parent_path();
    const auto [found, fresh] = seen.emplace(place, path);
    if (fresh) continue;
    if (found->second == path) return tl::unexpected(fmt::format("{} is given twice", path));
    return tl::unexpected(fmt::format("{} and {} are the same: it is given twice", found->second, path));
  }
  return {};
}

tl::expected<std::vector<std::string>, std::string> files_below(
    const std::string& folder, const std::function<bool(const std::string& name)>& wanted) {
  std::vector<std::string> found;
  std::error_code failure;
  std::size_t seen = 0;
  auto entry = fs::recursive_directory_iterator(folder, failure);
  for (; !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
    if (++seen > kMostListed) {
      return tl::unexpected(
          fmt::format("{} holds more than {} files: name the folders of results", folder, kMostListed));
    }
    if (entry.depth() >= kDeepestFolder) entry.disable_recursion_pending();
    std::error_code ignored;
    if (fs::is_directory(entry->symlink_status(ignored)) && entry.recursion_pending()) {
      // Results that nobody looked at would count as none.
      if (auto may = readable(entry->path().string()); !may) return tl::unexpected(may.error());
      // What was handed in is the run that it was made of.
      if (fs::exists(entry->path() / certificate::kBundleFile, ignored)) entry.disable_recursion_pending();
    }
    if (fs::is_regular_file(entry->symlink_status(ignored)) && wanted(entry->path().filename().string())) {
      found.push_back(entry->path().string());
    }
  }
  if (failure) return tl::unexpected(fmt::format("cannot read the folder {}: {}", folder, failure.message()));
  std::ranges::sort(found);
  return found;
}

std::string without_results(const std::string& folder, std::string otherwise) {
  std::error_code ignored;
  if (const auto may = readable(folder); !may) return may.error();
  if (fs::exists(fs::path(folder) / "results.json", ignored)) return otherwise;
  if (fs::exists(fs::path(folder) / "load.json", ignored)) {
    return fmt::format("{} is a folder of `referee load`, whose results `merge`, `charts` and `report` read", folder);
  }
  for (const auto& name : benchmark_names()) {
    if (!fs::exists(fs::path(folder) / name, ignored)) continue;
    return fmt::format("{} is a folder of `referee bench`, whose results `charts`, `compare` and `report` read",
                       folder);
  }
  for (const auto* name : {"recording.jsonl", "transcript.jsonl", "journal.jsonl"}) {
    if (fs::exists(fs::path(folder) / name, ignored)) {
      return fmt::format("the run in {} has written no results yet", folder);
    }
  }
  return otherwise;
}

std::vector<std::string> benchmark_names() {
  std::vector<std::string> names{"protocol.json", "growth.json"};
  for (const auto& scenario : suites::benchmarks::scenarios()) names.push_back(std::string(scenario.name) + ".json");
  return names;
}

bool is_benchmark_name(const std::string& name) {
  const auto names = benchmark_names();
  return std::ranges::find(names, name) != names.end();
}

bool is_run_name(const std::string& name) {
  return name == "results.json" || name == "rubric.json" || name == "matrix.json";
}

std::vector<std::string> without_repeats(std::vector<std::string> paths) {
  std::set<fs::path> said;
  for (const auto& path : paths) {
    const auto name = fs::path(path).filename();
    if (name == "rubric.json" || name == "matrix.json") said.insert(fs::path(path).parent_path());
  }
  std::erase_if(paths, [&](const std::string& path) {
    return fs::path(path).filename() == "results.json" && said.contains(fs::path(path).parent_path());
  });
  return paths;
}

tl::expected<reports::RunFile, std::string> read_run(const std::string& path) {
  constexpr const char* kWanted = "give a results.json, rubric.json or matrix.json, or the folder that holds it";
  const auto text = read_result(path, oci::kLargestResult, kWanted);
  if (!text) return tl::unexpected(text.error());
  auto run = reports::read_run_file(*text);
  if (!run) return tl::unexpected(fmt::format("{}: {}", path, run.error()));
  auto& found = *run;
  if (!found.has_value()) {
    return tl::unexpected(fmt::format("{} is no result of `referee check`; {}", path, kWanted));
  }
  found->path = path;
  return std::move(*found);
}

std::string run_label(const reports::RunFile& run) {
  const auto& target = run.info.target;
  const bool here = target.find("127.0.0.1") != std::string::npos || target.find("localhost") != std::string::npos ||
                    target.find("[::1]") != std::string::npos || target.empty();
  if (!here || run.path.empty()) return target;
  std::error_code failure;
  const auto folder = fs::absolute(run.path, failure).parent_path().filename().string();
  return failure || folder.empty() ? target : folder;
}

}  // namespace referee::cli
