#include "sample.hpp"

#include <fmt/format.h>

#include "referee/oci/random.hpp"

namespace referee::selftest {

load::Report sample_report(int salt) {
  load::Report report;
  report.tool_version = "0.1.0";
  report.target = "registry.example:5000";
  report.mix = {{"pull", 70}, {"push", 30}};
  report.rate = 500;
  report.duration = 10;
  report.warm_up = 2;
  report.time_limit = 5;
  report.blob_size = 65536;
  report.connections = 32;
  report.threads = 1;
  report.seconds = 10;
  report.parts = {{fmt::format("{:032x}", 4096 + salt), 1'790'000'000.0 + salt, 10, 18446744073709551615U, "2 x CPU"}};
  oci::Random random(7, fmt::format("load report {}", salt));
  for (int kind = 0; kind < 2; ++kind) {
    load::Tally tally;
    tally.right = kind == 0 ? 3490 : 1500;
    for (std::uint64_t i = 0; i < tally.right; ++i) {
      const auto waited = 200'000 + random.below(3'000'000);
      tally.uncorrected.record(waited);
      tally.corrected.record(waited + random.below(50'000'000));
    }
    if (kind == 0) {
      tally.errors[static_cast<std::size_t>(load::Cause::kTimeout)] = 3;
      tally.errors[static_cast<std::size_t>(load::Cause::kUnsent)] = 1;
      tally.errors[static_cast<std::size_t>(load::Cause::kStatus)] = 5;
      tally.errors[static_cast<std::size_t>(load::Cause::kBody)] = 1;
      tally.statuses = {{429, 1}, {503, 4}};
      tally.corrected.record(5'200'000'000, 4);
      tally.uncorrected.record(5'000'000'000, 3);
    }
    tally.planned = tally.right + tally.wrong();
    tally.finished = tally.right - 2;
    tally.requests = tally.right * 3;
    tally.bytes_received = tally.right * 70'000;
    tally.bytes_sent = tally.right * 300;
    report.kinds.push_back(std::move(tally));
  }
  report.lag.record(55'000, 4000);
  report.lag.record(300'000, 40);
  report.waited = 960;
  report.reconnects = 2;
  report.cpu_seconds = 0.51;
  report.thread_seconds = 10;
  report.calibration = load::Calibration{48'000, 7e-6};
  return report;
}

}  // namespace referee::selftest
