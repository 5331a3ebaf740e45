#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "commands.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/result_table.hpp"
#include "referee/reports/writers.hpp"
#include "result_files.hpp"

namespace referee::cli {
namespace {

namespace fs = std::filesystem;

tl::expected<std::vector<NamedFile>, std::string> run_files(const std::vector<std::string>& arguments) {
  std::vector<NamedFile> files;
  std::set<std::string> names;
  std::vector<std::string> paths;
  std::vector<NamedFile> named;
  for (const auto& argument : arguments) {
    auto given = named_file(argument);
    if (!given) return tl::unexpected(given.error());
    paths.push_back(given->path);
    named.push_back(std::move(*given));
  }
  if (auto once = each_once(paths); !once) return tl::unexpected(once.error());
  for (const auto& given : named) {
    if (!given.name.empty() && !names.insert(given.name).second) {
      return tl::unexpected(
          fmt::format("the name {} is given twice: no column could be told from the other", given.name));
    }
    std::error_code ignored;
    if (!fs::is_directory(given.path, ignored)) {
      files.push_back(given);
      continue;
    }
    const auto found = files_below(given.path, is_run_name);
    if (!found) return tl::unexpected(found.error());
    if (found->empty())
      return tl::unexpected(
          without_results(given.path, fmt::format("{} holds no results.json, rubric.json or matrix.json", given.path)));
    for (const auto& path : without_repeats(*found)) files.push_back({path, given.name});
  }
  paths.clear();
  for (const auto& file : files) paths.push_back(file.path);
  return each_once(paths).map([&] { return files; });
}

std::string written(const std::vector<reports::ResultTable>& tables, const std::string& format) {
  if (format == "json") return reports::result_tables_json(tables);
  return format == "html" ? reports::result_tables_html(tables) : reports::result_tables_markdown(tables);
}

ExitCode write_folder(const MatrixCommand& command, const std::vector<reports::ResultTable>& tables) {
  std::error_code failure;
  fs::create_directories(command.results, failure);
  if (failure)
    return refuse(ExitCode::kUsage, fmt::format("cannot create the folder {}: {}", command.results, failure.message()));
  std::string names;
  for (const auto& [format, name] :
       {std::pair("html", "tables.html"), std::pair("markdown", "tables.md"), std::pair("json", "tables.json")}) {
    if (!command.output.empty() && command.output != format) continue;
    const auto done = reports::replace_file(command.results + "/" + name, written(tables, format));
    if (!done) return refuse(ExitCode::kUsage, done.error());
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  say(stdout, "{} in {}: {}\n", oci::counted(tables.size(), "table"), command.results, names);
  return ExitCode::kOk;
}

}  // namespace

ExitCode run_matrix(const MatrixCommand& command) {
  const auto files = run_files(command.paths);
  if (!files) return refuse(ExitCode::kUsage, files.error());
  std::map<reports::RunKind, std::vector<reports::NamedRun>> kinds;
  for (const auto& file : *files) {
    auto run = read_run(file.path);
    if (!run) return refuse(ExitCode::kUsage, run.error());
    auto& runs = kinds[run->kind];
    // Before they fill the memory.
    if (runs.size() == reports::kMostTableRuns) {
      return refuse(ExitCode::kUsage, fmt::format("these are more than the {} results that a table takes: name fewer",
                                                  reports::kMostTableRuns));
    }
    auto name = file.name.empty() ? run_label(*run) : file.name;
    runs.push_back({std::move(name), std::move(*run)});
  }
  std::vector<reports::ResultTable> tables;
  for (const auto& [kind, runs] : kinds) {
    auto table = reports::table_of(runs);
    if (!table) return refuse(ExitCode::kUsage, table.error());
    tables.push_back(std::move(*table));
  }
  if (!command.results.empty()) return write_folder(command, tables);
  write_text(stdout, written(tables, command.output));
  return ExitCode::kOk;
}

}  // namespace referee::cli
