#pragma once

#include <vector>

#include "referee/bench/result.hpp"

namespace referee::selftest {

/// Results of two targets: lines on logarithmic axes with a zero on either, values at one count, a table, a finding, a
/// run that was cut, a busy virtual machine.
inline std::vector<bench::Result> sample_results() {
  bench::Result race;
  race.scenario = "race";
  race.about = "What is lost when several clients attach at once.";
  race.target = "embedded:all";
  race.tool_version = "0.0.0";
  race.seed = 7;
  race.started = 1'795'000'000;
  race.seconds = 75.25;
  race.host = {"Some CPU", "", "yes", "6.1.0", 2, 1.75};
  race.findings = {"Nothing is lost with: A (84 attached).", "Lost without conditional writes: D/index 51 of 84."};
  race.tables = {
      {"Writers at once", {"variant", "writers", "lost"}, {{"A", "2", "0 of 6"}, {"D/index", "2", "3 of 6"}}}};
  const auto lost = [](const char* panel, double most) {
    return bench::Chart{"Lost attachments",
                        "writers at once",
                        "lost in a round, mean",
                        true,
                        true,
                        {{"A", {{2, 0}, {8, 0}, {32, 0}}, ""}, {"D/index", {{2, 1}, {8, 7}, {32, most}}, ""}},
                        panel};
  };
  race.charts = {lost("without conditional writes, window 50 ms", 31), lost("with conditional writes, window 50 ms", 0),
                 bench::Chart{"Time until all are attached",
                              "writers at once",
                              "median, seconds",
                              true,
                              true,
                              {{"A", {{2, 0.0015}, {32, 0.021}}, ""}, {"D/index", {{2, 0.11}, {32, 1.9}}, ""}},
                              ""}};
  auto other = race;
  other.target = "127.0.0.1:5000";
  other.host.virtualized = "";
  other.host.load = 0.1;
  other.incomplete = "interrupted";
  other.charts.pop_back();

  bench::Result grid;
  grid.scenario = "protocol";
  grid.about = "What the operations of each proposal cost.";
  grid.target = "embedded:all";
  grid.tool_version = "0.0.0";
  grid.seed = 18446744073709551615U;
  grid.charts = {bench::Chart{"verify: time",
                              "attachments",
                              "median, seconds",
                              true,
                              true,
                              {{"oci-1.1/api", {{0, 0.0004}, {10, 0.005}, {100, 0.05}}, "n^1.00"},
                               {"cosign/tag", {{0, 0.0002}, {10, 0.0007}, {100, 0.004}}, ""}},
                              "policy all"},
                 bench::Chart{"verify: time",
                              "attachments",
                              "median, seconds",
                              true,
                              true,
                              {{"oci-1.1/api", {{100, 0.002}}, ""}, {"cosign/tag", {{100, 0.004}}, ""}},
                              "policy one"}};
  return {race, other, grid};
}

}  // namespace referee::selftest
