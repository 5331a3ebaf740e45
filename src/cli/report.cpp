#include "referee/reports/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <vector>

#include "commands.hpp"
#include "referee/oci/limits.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/reading.hpp"
#include "result_files.hpp"

namespace referee::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFolders = 200;
/// Of all files together: a page of more is none that a browser opens.
constexpr std::size_t kMostReportBytes = std::size_t{1} << 30U;

constexpr const char* kComparison = "comparison.json";

/// What the folders hold, and where it lives until the page is written.
struct Shelf {
  std::deque<reports::ReadRun> runs;
  std::deque<reports::Rubric> rubrics;
  std::deque<conformance::Matrix> matrices;
  std::deque<reports::ResultComparison> comparisons;
  std::vector<bench::Result> results;
  std::vector<std::string> notes;
  std::size_t bytes = 0;

  [[nodiscard]] bool empty() const {
    return runs.empty() && rubrics.empty() && matrices.empty() && comparisons.empty() && results.empty();
  }
};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(fs::symlink_status(path, ignored));
}

/// The folder if it is one of results, and those below it, in the order of their paths.
tl::expected<std::vector<fs::path>, std::string> folders_of(const std::string& given) {
  std::error_code failure;
  if (!fs::is_directory(given, failure)) {
    return tl::unexpected(fmt::format("{} is no folder: name the results folder of a run", given));
  }
  const auto files = files_below(given, [](const std::string& name) {
    return is_run_name(name) || is_benchmark_name(name) || name == "load.json" || name == kComparison;
  });
  if (!files) return tl::unexpected(files.error());
  if (files->empty()) {
    return tl::unexpected(without_results(
        given,
        fmt::format(
            "{} holds no results: name a folder that `check`, `rubric`, `runtime`, `client`, `bench` or `load` wrote",
            given)));
  }
  std::set<fs::path> found;
  for (const auto& file : *files) found.insert(fs::path(file).parent_path());
  return std::vector(found.begin(), found.end());
}

tl::expected<std::string, std::string> text_of(const fs::path& path, Shelf& shelf) {
  std::error_code failure;
  const auto size = fs::file_size(path, failure);
  std::ifstream file(path, std::ios::binary);
  if (failure || !file) return tl::unexpected(fmt::format("cannot read {}", path.string()));
  if (size > oci::kLargestResult) {
    return tl::unexpected(fmt::format("{} is larger than {} bytes", path.string(), oci::kLargestResult));
  }
  shelf.bytes += size;
  if (shelf.bytes > kMostReportBytes) {
    return tl::unexpected(
        fmt::format("together the files are larger than {} bytes: name fewer folders", kMostReportBytes));
  }
  std::string text(static_cast<std::size_t>(size), '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file) return tl::unexpected(fmt::format("cannot read {}: it is being written", path.string()));
  return text;
}

/// One damaged file of many is no reason to show nothing, and none to hide it.
void leave_out(Shelf& shelf, const std::string& why) {
  shelf.notes.push_back("Not in this report: " + why);
  say(stderr, "referee: not in the report: {}\n", why);
}

/// Reads `folder`/`name` if it is there; `take` keeps it or says what is wrong. False if it is there and not kept.
template <typename Take>
bool read_one(const fs::path& folder, const std::string& name, Shelf& shelf, Take take) {
  if (!is_there(folder / name)) return true;
  const auto text = text_of(folder / name, shelf);
  const auto wrong = text ? take(*text) : std::string();
  if (text && wrong.empty()) return true;
  leave_out(shelf, text ? fmt::format("{}: {}", (folder / name).string(), wrong) : text.error());
  return false;
}

/// Keeps what was read, or tells why it cannot be.
template <typename Value, typename Keep>
std::string kept(tl::expected<Value, std::string> read, Keep keep) {
  if (!read) return read.error();
  keep(std::move(*read));
  return {};
}

void read_checks(const fs::path& folder, Shelf& shelf) {
  std::string transcript;
  read_one(folder, "transcript.jsonl", shelf, [&](const std::string& text) {
    transcript = text;
    return std::string();
  });
  read_one(folder, "results.json", shelf, [&](const std::string& text) {
    return kept(reports::read_run(text, transcript), [&](auto read) {
      if (!read.no_transcript.empty()) {
        leave_out(shelf, fmt::format("{}: {}", (folder / "transcript.jsonl").string(), read.no_transcript));
      }
      shelf.runs.push_back(std::move(read));
    });
  });
}

void read_folder(const fs::path& folder, Shelf& shelf) {
  const auto runs = shelf.runs.size();
  const bool tabled =
      is_there(folder / "matrix.json") && read_one(folder, "matrix.json", shelf, [&](const auto& text) {
        return kept(reports::read_matrix(text), [&](auto read) { shelf.matrices.push_back(std::move(read)); });
      });
  // The cells of a matrix are its checks: they are shown once.
  if (!tabled) read_checks(folder, shelf);
  static const reports::ReadRun kNone;
  const auto& beside = shelf.runs.size() > runs ? shelf.runs.back() : kNone;
  read_one(folder, "rubric.json", shelf, [&](const std::string& text) {
    return kept(reports::read_rubric(text, beside), [&](auto read) { shelf.rubrics.push_back(std::move(read)); });
  });
  read_one(folder, kComparison, shelf, [&](const std::string& text) {
    return kept(reports::read_comparison(text), [&](auto read) { shelf.comparisons.push_back(std::move(read)); });
  });
  for (const auto& name : benchmark_names()) {
    read_one(folder, name, shelf, [&](const std::string& text) {
      return kept(bench::read_results(text),
                  [&](auto read) { std::ranges::move(read, std::back_inserter(shelf.results)); });
    });
  }
  read_one(folder, "load.json", shelf, [&](const std::string& text) {
    return kept(reports::read_load(text), [&](auto read) { shelf.results.push_back(std::move(read)); });
  });
}

reports::Report report_of(const Shelf& shelf) {
  reports::Report report;
  for (const auto& read : shelf.runs) report.runs.push_back({&read.run, {read.catalogue, read.ledger}});
  for (const auto& rubric : shelf.rubrics) report.rubrics.push_back(&rubric);
  for (const auto& matrix : shelf.matrices) report.matrices.push_back(&matrix);
  for (const auto& comparison : shelf.comparisons) report.comparisons.push_back(&comparison);
  report.results = shelf.results;
  report.notes = shelf.notes;
  return report;
}

}  // namespace

ExitCode run_report(const ReportCommand& command) {
  if (auto once = each_once(command.folders); !once) return refuse(ExitCode::kUsage, once.error());
  std::vector<fs::path> folders;
  std::vector<std::string> all;
  for (const auto& given : command.folders) {
    const auto found = folders_of(given);
    if (!found) return refuse(ExitCode::kUsage, found.error());
    for (const auto& folder : *found) {
      folders.push_back(folder);
      all.push_back(folder.string());
    }
  }
  if (auto once = each_once(all); !once) return refuse(ExitCode::kUsage, once.error());
  if (folders.size() > kMostFolders) {
    return refuse(ExitCode::kUsage, fmt::format("{} folders are more than {}", folders.size(), kMostFolders));
  }
  Shelf shelf;
  for (const auto& folder : folders) read_folder(folder, shelf);
  if (shelf.empty()) return refuse(ExitCode::kUsage, "nothing could be read: see the lines above");
  const auto report = report_of(shelf);
  const auto written = reports::replace_file(command.output, reports::report_html(report));
  if (!written) return refuse(ExitCode::kUsage, written.error());
  std::error_code failure;
  const auto place = fs::absolute(command.output, failure).lexically_normal();
  say(stdout, "{}.\n{} of {}\n", reports::verdict_of(report).text, failure ? command.output : place.string(),
      oci::counted(folders.size(), "folder"));
  return shelf.notes.empty() ? ExitCode::kOk : ExitCode::kUsage;
}

}  // namespace referee::cli
