#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "commands.hpp"
#include "referee/bench/result.hpp"
#include "referee/oci/limits.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/bench.hpp"
#include "referee/reports/writers.hpp"
#include "result_files.hpp"

namespace referee::cli {
namespace {

namespace fs = std::filesystem;
using Files = tl::expected<std::vector<NamedFile>, std::string>;

constexpr std::size_t kMostFiles = 500;
/// Of all files together: a page of more is none that a browser opens.
constexpr std::uintmax_t kMostBytes = std::uintmax_t{1} << 30U;

Files files_of(const std::vector<std::string>& arguments) {
  std::vector<NamedFile> files;
  for (const auto& argument : arguments) {
    const auto given = named_file(argument);
    if (!given) return tl::unexpected(given.error());
    std::error_code ignored;
    if (fs::is_directory(given->path, ignored)) {
      const auto found = files_below(given->path, is_benchmark_name);
      if (!found) return tl::unexpected(found.error());
      for (const auto& path : *found) files.push_back({path, given->name});
    } else {
      files.push_back(*given);
    }
  }
  if (files.empty()) return tl::unexpected(fmt::format("{} holds no result of `referee bench`", arguments.front()));
  if (files.size() > kMostFiles)
    return tl::unexpected(fmt::format("{} files are more than {}", files.size(), kMostFiles));
  return files;
}

tl::expected<std::vector<bench::Result>, std::string> read_file(const std::string& path, std::uintmax_t& bytes) {
  std::error_code failure;
  // A pipe would be waited for, and a device has no end.
  if (!fs::is_regular_file(path, failure)) return tl::unexpected(fmt::format("cannot read {}: it is no file", path));
  const auto size = fs::file_size(path, failure);
  std::ifstream file(path, std::ios::binary);
  if (failure || !file) return tl::unexpected(fmt::format("cannot read {}", path));
  bytes += size;
  if (size > oci::kLargestResult) {
    return tl::unexpected(fmt::format("{} is larger than {} bytes", path, oci::kLargestResult));
  }
  if (bytes > kMostBytes) return tl::unexpected(fmt::format("together the files are larger than {} bytes", kMostBytes));
  std::string text(static_cast<std::size_t>(size), '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file) return tl::unexpected(fmt::format("cannot read {}", path));
  auto results = bench::read_results(text);
  if (!results) return tl::unexpected(fmt::format("{}: {}", path, results.error()));
  return results;
}

tl::expected<std::string, std::string> write_pages(const ChartsCommand& command,
                                                   const std::vector<bench::Result>& results) {
  std::error_code failure;
  fs::create_directories(command.results, failure);
  if (failure) {
    return tl::unexpected(fmt::format("cannot create the folder {}: {}", command.results, failure.message()));
  }
  std::string names;
  for (const bool html : {true, false}) {
    if (!command.output.empty() && (command.output == "html") != html) continue;
    const std::string name = html ? "bench.html" : "bench.md";
    const auto written = reports::replace_file(command.results + "/" + name,
                                               html ? reports::bench_html(results) : reports::bench_markdown(results));
    if (!written) return tl::unexpected(written.error());
    names += (names.empty() ? "" : " and ") + name;
  }
  return names;
}

}  // namespace

ExitCode run_charts(const ChartsCommand& command) {
  const auto files = files_of(command.paths);
  if (!files) return refuse(ExitCode::kUsage, files.error());
  std::vector<bench::Result> results;
  std::uintmax_t bytes = 0;
  for (const auto& file : *files) {
    auto found = read_file(file.path, bytes);
    if (!found) return refuse(ExitCode::kUsage, found.error());
    // Of two targets in one file one name would make one.
    if (!file.name.empty() && found->size() == 1) found->front().target = file.name;
    std::ranges::move(*found, std::back_inserter(results));
  }
  if (command.results.empty()) {
    write_text(stdout, command.output == "markdown" ? reports::bench_markdown(results) : reports::bench_html(results));
    return ExitCode::kOk;
  }
  const auto written = write_pages(command, results);
  if (!written) return refuse(ExitCode::kUsage, written.error());
  say(stdout, "{} in {}: {}\n", oci::counted(results.size(), "result"), command.results, *written);
  return ExitCode::kOk;
}

}  // namespace referee::cli
