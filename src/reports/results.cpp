#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "referee/reports/writers.hpp"
#include "text.hpp"

namespace referee::reports {

std::string results_json(const conformance::Run& run, const Book& book) {
  nlohmann::ordered_json value;
  value["schema"] = "referee.results/1";
  auto& info = value["run"] = run_value(run.info);
  info["commit"] = clip(run.info.commit, 64);
  info["suite"] = clip(run.info.suite, 128);
  value["summary"] = summary_value(run);
  auto& checks = value["checks"] = nlohmann::ordered_json::array();
  for (const auto& check : run.checks) checks.push_back(check_value(check, book, run.info.spec));
  return dump(value, 2) + '\n';
}

}  // namespace referee::reports
