#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "run_comparison_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using nlohmann::ordered_json;

ordered_json side_json(const RunFile& file) {
  return {{"target", file.info.target},
          {"tool_version", file.info.tool_version},
          {"spec", file.kind == RunKind::kChecks ? ordered_json(std::string(conformance::name(file.info.spec)))
                                                 : ordered_json(nullptr)},
          {"strict", file.info.strict},
          {"seed", std::to_string(file.info.seed)},
          {"complete", file.info.complete},
          {"selected", file.info.selected},
          {"started", file.info.started > 0 ? iso_time(file.info.started) : std::string()}};
}

ordered_json change_json(const Change& change) {
  const auto& after = change.after;
  ordered_json differences = ordered_json::array();
  for (const auto& [key, old, now] : change.differences)
    differences.push_back({{"key", key}, {"before", old}, {"after", now}});
  ordered_json failure = nullptr;
  if (!after.failures.empty()) {
    const auto& first = after.failures.front();
    failure = {{"what", first.what}, {"expected", first.expected}, {"actual", first.actual}, {"curl", first.curl}};
  }
  return {{"kind", name(change.kind)},
          {"id", after.id},
          {"level", after.level ? ordered_json(std::string(conformance::name(*after.level))) : ordered_json(nullptr)},
          {"title", after.title},
          {"before", change.before.word},
          {"after", after.word},
          {"differences", differences},
          {"failure", failure},
          {"reason", after.reason},
          {"blocked_by", after.blocked_by},
          {"blocks", change.blocks}};
}

ordered_json only_json(const std::vector<FiledCheck>& checks) {
  ordered_json list = ordered_json::array();
  for (const auto& check : checks) list.push_back({{"id", check.id}, {"verdict", check.word}});
  return list;
}

ordered_json run_json(const RunComparison& run) {
  ordered_json changes = ordered_json::array();
  ordered_json counts = ordered_json::object();
  for (std::size_t at = 0; at < kChangeKinds; ++at) {
    const auto kind = static_cast<ChangeKind>(at);
    counts[std::string(name(kind))] = run.count(kind);
  }
  for (const auto& change : run.changes) changes.push_back(change_json(change));
  return {{"kind", name(run.after.kind)},
          {"before", side_json(run.before)},
          {"after", side_json(run.after)},
          {"limits", run.limits},
          {"shared", run.shared},
          {"counts", counts},
          {"changes", changes},
          {"only_before", only_json(run.only_before)},
          {"only_after", only_json(run.only_after)},
          {"still_failing", run.still_failing}};
}

}  // namespace

std::string result_comparison_json(const ResultComparison& comparison) {
  ordered_json runs = ordered_json::array();
  for (const auto& run : comparison.runs) runs.push_back(run_json(run));
  ordered_json benchmarks = ordered_json::array();
  for (const auto& [file, compared] : comparison.benchmarks) {
    benchmarks.push_back({{"file", valid_utf8(file)}, {"comparison", ordered_json::parse(comparison_json(compared))}});
  }
  const ordered_json document{{"schema", "referee.result-comparison/1"},
                              {"before", valid_utf8(comparison.before)},
                              {"after", valid_utf8(comparison.after)},
                              {"regressed", comparison.regressed()},
                              {"runs", runs},
                              {"benchmarks", benchmarks},
                              {"missing", comparison.missing}};
  return dump(document, 2) + "\n";
}

}  // namespace referee::reports
