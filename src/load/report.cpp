#include "referee/load/report.hpp"

#include <fmt/format.h>

#include "quantiles.hpp"

namespace referee::load {
namespace {

constexpr double kMostShare = 0.8;
/// Sent later than this, though a connection was free: the operation did not meet the plan.
constexpr double kLateMs = 1;

}  // namespace

Tally Report::total() const {
  Tally all;
  for (const auto& kind : kinds) all.merge(kind);
  return all;
}

void take(Report& report, const Plan& plan, Outcome outcome) {
  report.rate = plan.rate;
  report.duration = std::chrono::duration<double>(plan.duration).count();
  report.warm_up = std::chrono::duration<double>(plan.warm_up).count();
  report.time_limit = std::chrono::duration<double>(plan.time_limit).count();
  report.connections = plan.connections;
  report.threads = plan.threads;
  report.seconds = outcome.seconds;
  report.kinds = std::move(outcome.kinds);
  report.lag = std::move(outcome.lag);
  report.waited = outcome.waited;
  report.reconnects = outcome.reconnects;
  report.cpu_seconds = outcome.cpu_seconds;
  report.thread_seconds = outcome.seconds * plan.threads;
}

std::vector<std::string> client_limits(const Report& report) {
  std::vector<std::string> limits;
  const auto all = report.total();
  if (report.thread_seconds > 0 && report.cpu_seconds > kMostShare * report.thread_seconds) {
    limits.push_back(fmt::format("its {} used {:.0f} % of {} time", report.threads == 1 ? "thread" : "threads",
                                 100 * report.cpu_seconds / report.thread_seconds,
                                 report.threads == 1 ? "its" : "their"));
  }
  const double requests = report.seconds > 0 ? static_cast<double>(all.requests) / report.seconds : 0;
  if (report.calibration && requests > kMostShare * report.calibration->requests_per_second) {
    limits.push_back(fmt::format("it sent {:.0f} requests/s and can send {:.0f}", requests,
                                 report.calibration->requests_per_second));
  }
  const auto late = in_ms(report.lag.quantile(0.99));
  const auto p99 = in_ms(all.corrected.quantile(0.99));
  if (late > kLateMs && late > p99 / 10) {
    limits.push_back(fmt::format(
        "1 % of the operations were sent at least {:.1f} ms late though a connection was free: is the machine busy?",
        late));
  }
  return limits;
}

}  // namespace referee::load
