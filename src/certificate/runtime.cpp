#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "referee/certificate/runtime_run.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/matrix.hpp"
#include "strict.hpp"

namespace referee::certificate {
namespace {

using nlohmann::json;

constexpr int kDeepestMatrix = 8;

std::string text_of(const json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

/// Cell by cell, if both have as many; else the first thing that differs. Empty: they are the same but for the writing.
std::vector<std::string> matrix_differences(const std::string& given, const std::string& shown) {
  if (oci::is_deeper_than(given, kDeepestMatrix)) return {};
  const auto before = json::parse(given, nullptr, false);
  const auto after = json::parse(shown);
  const auto& cells = after.at("cells");
  std::vector<std::string> lines;
  if (before.is_object() && before.contains("cells") && before["cells"].is_array() &&
      before["cells"].size() == cells.size()) {
    for (std::size_t at = 0; at < cells.size(); ++at) {
      const auto wrong = contradiction(before["cells"][at], cells[at]);
      if (wrong.empty()) continue;
      lines.push_back(
          fmt::format("matrix.json, {} with {}: {}", text_of(cells[at], "row"), text_of(cells[at], "column"), wrong));
    }
  }
  if (!lines.empty() || !before.is_object()) return lines;
  if (const auto wrong = contradiction(before, after); !wrong.empty()) lines.push_back("matrix.json: " + wrong);
  return lines;
}

}  // namespace

bool has_pulls(const std::string& folder) {
  std::error_code ignored;
  const std::filesystem::path path(folder);
  return std::filesystem::exists(path / kPullsFile, ignored) &&
         !std::filesystem::exists(path / "recording.jsonl", ignored);
}

std::map<std::string, std::string> runtime_reports(const conformance::Matrix& matrix,
                                                   const conformance::Ledger& ledger) {
  const auto as_run = reports::run_of(matrix);
  const reports::Book book{as_run.catalogue, ledger};
  return {{"matrix.json", reports::matrix_json(matrix)},
          {"matrix.md", reports::matrix_markdown(matrix)},
          {"report.html", reports::matrix_html(matrix, ledger)},
          {"results.json", reports::results_json(as_run.run, book)},
          {"junit.xml", reports::junit_xml(as_run.run, book)}};
}

std::vector<std::string> runtime_differences(const std::map<std::string, std::string>& given, const RuntimeRun& run,
                                             const conformance::Ledger& ledger) {
  std::vector<std::string> in_matrix;
  std::vector<std::string> in_others;
  for (const auto& [name, text] : runtime_reports(run.matrix, ledger)) {
    const auto found = given.find(name);
    if (found != given.end() && found->second == text) continue;
    if (name == "matrix.json" && found != given.end()) in_matrix = matrix_differences(found->second, text);
    if (name != "matrix.json" || in_matrix.empty()) {
      in_others.push_back(fmt::format("{} is not what follows from {}", name, kPullsFile));
    }
  }
  in_matrix.insert(in_matrix.end(), in_others.begin(), in_others.end());
  return in_matrix;
}

Claim runtime_claim(const RuntimeRun& run) {
  Claim made;
  made.profile = "runtime";
  const auto& columns = run.matrix.columns;
  if (columns.size() != 1) {
    made.missing = fmt::format("it is of {} runtimes: judge one of them, into a folder of its own", columns.size());
  } else if (!columns.front().absent.empty()) {
    made.missing = columns.front().absent;
  } else if (!run.left_out.empty()) {
    made.missing = fmt::format("the run left out {}, {} for instance", oci::counted(run.left_out.size(), "content"),
                               run.left_out.front());
  }
  // A cell's verdict has the level of what was broken in it already.
  for (const auto& cell : run.matrix.cells) made.add(cell.row, cell.verdict, true);
  return made;
}

}  // namespace referee::certificate
