#include <fmt/format.h>

#include <algorithm>

#include "commands.hpp"
#include "referee/load/report.hpp"
#include "referee/oci/limits.hpp"

namespace referee::cli {
namespace {

tl::expected<load::Report, std::string> read_load(const std::string& path) {
  const auto text = read_result(path, oci::kLargestResult, "give a load.json of `referee load`");
  if (!text) return tl::unexpected(text.error());
  auto report = load::read_report(*text);
  if (!report) return tl::unexpected(fmt::format("{}: {}", path, report.error()));
  return report;
}

/// Percentiles of two rates are those of neither.
std::string note_of_rates(const std::vector<std::pair<std::string, load::Report>>& reports) {
  const auto rate = [](const auto& one) { return one.second.rate; };
  const auto& least = *std::ranges::min_element(reports, {}, rate);
  const auto& most = *std::ranges::max_element(reports, {}, rate);
  if (most.second.rate <= least.second.rate * 1.01) return "";
  return fmt::format(
      "referee: note: the rates differ, {:g}/s in {} and {:g}/s in {}: unless they ran at once, the percentiles mix "
      "different loads\n",
      least.second.rate, least.first, most.second.rate, most.first);
}

}  // namespace

ExitCode run_merge(const MergeCommand& command) {
  std::vector<std::pair<std::string, load::Report>> reports;
  for (const auto& path : command.files) {
    auto report = read_load(path);
    if (!report) return refuse(ExitCode::kUsage, report.error());
    reports.emplace_back(path, std::move(*report));
  }
  // Runs that were at once stand together, in whatever order they were named.
  std::ranges::stable_sort(reports, {}, [](const auto& one) { return one.second.parts.front().started; });
  const auto note = note_of_rates(reports);
  auto all = std::move(reports.front().second);
  for (std::size_t at = 1; at < reports.size(); ++at) {
    auto merged = load::merge(all, reports[at].second);
    if (!merged)
      return refuse(ExitCode::kUsage, fmt::format("{} cannot be merged: {}", reports[at].first, merged.error()));
    all = std::move(*merged);
  }
  write_text(stderr, note);
  write_text(stdout, command.json ? load::report_json(all) : load::report_text(all));
  return ExitCode::kOk;
}

}  // namespace referee::cli
