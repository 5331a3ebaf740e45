#pragma once

#include <string>
#include <utility>
#include <vector>

#include "referee/reports/run_file.hpp"

namespace referee::selftest {

/// A check as a file has it: `shared/group/leaf`, its requirement, what it noted.
inline reports::FiledCheck filed(std::string id, conformance::Verdict verdict,
                                 std::vector<conformance::Observation> observations = {}) {
  reports::FiledCheck check;
  check.id = std::move(id);
  check.verdict = verdict;
  check.word = std::string(conformance::name(verdict));
  check.level = conformance::Level::kMust;
  if (verdict == conformance::Verdict::kWarn) check.level = conformance::Level::kShould;
  if (verdict == conformance::Verdict::kObserved) check.level = conformance::Level::kMay;
  check.title = "What must hold of " + check.id;
  check.requirements = {{"req." + check.id, check.level, "A section", "The text of " + check.id + ".",
                         "https://example.org/spec.md#" + check.id}};
  check.observations = std::move(observations);
  if (verdict == conformance::Verdict::kFail || verdict == conformance::Verdict::kWarn)
    check.failures = {{"status", "200", "404", "curl -i 'http://127.0.0.1:5000/v2/'"}};
  return check;
}

inline reports::FiledCheck blocked(std::string id, std::string by) {
  auto check = filed(std::move(id), conformance::Verdict::kBlocked);
  check.blocked_by = std::move(by);
  return check;
}

inline reports::RunFile filed_run(std::vector<reports::FiledCheck> checks, double started = 1764007200.125) {
  reports::RunFile run;
  run.info.tool_version = "1.2.3";
  run.info.target = "registry.example";
  run.info.seed = 1;
  run.info.started = started;
  run.info.complete = true;
  run.info.selected = checks.size();
  run.checks = std::move(checks);
  return run;
}

}  // namespace referee::selftest
