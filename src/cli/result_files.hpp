#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/reports/run_file.hpp"

/// Files and folders of results that the command line names.
namespace referee::cli {

/// A file, and what it is to be called; empty: as the file says.
struct NamedFile {
  std::string path;
  std::string name;
};
/// `NAME=PATH` gives a name, unless there is a file that is called so. Fails with one line if there is no path.
tl::expected<NamedFile, std::string> named_file(const std::string& argument);

/// Fails with one line that says which, if two of the paths lead to one file or folder.
tl::expected<void, std::string> each_once(const std::vector<std::string>& paths);

/// Files in the folder and below whose name is wanted, by path. Links are not followed. Fails with one line if there
/// is too much in it to be a folder of results, or one in it cannot be read.
tl::expected<std::vector<std::string>, std::string> files_below(
    const std::string& folder, const std::function<bool(const std::string& name)>& wanted);

/// Fails with one line if what is in the folder cannot be listed and opened.
tl::expected<void, std::string> readable(const std::string& folder);

/// `otherwise`, which says that the folder holds no results, unless a run in it has only begun: then that, in one line.
std::string without_results(const std::string& folder, std::string otherwise);

/// What `referee bench` calls its files: protocol.json, growth.json, those of the scenarios.
std::vector<std::string> benchmark_names();
bool is_benchmark_name(const std::string& name);
/// results.json, rubric.json, matrix.json.
bool is_run_name(const std::string& name);
/// Without each results.json that repeats the rubric.json or matrix.json beside it.
std::vector<std::string> without_repeats(std::vector<std::string> paths);

/// A file of `check`, `rubric`, `runtime` or `client`. Its path is set.
tl::expected<reports::RunFile, std::string> read_run(const std::string& path);

/// What a column of this run is called: its target, or where that is on this machine and says nothing, its folder.
std::string run_label(const reports::RunFile& run);

}  // namespace referee::cli
