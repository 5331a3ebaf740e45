#include <fmt/format.h>

#include <array>

#include "quantiles.hpp"
#include "referee/load/report.hpp"
#include "referee/oci/words.hpp"

namespace referee::load {
namespace {

std::string shown_ms(double ms) {
  return ms >= 100 ? fmt::format("{:.0f}", ms) : ms >= 10 ? fmt::format("{:.1f}", ms) : fmt::format("{:.2f}", ms);
}

std::string shown_rate(double rate) {
  return rate >= 100 || rate == 0 ? fmt::format("{:.0f}", rate) : fmt::format("{:.1f}", rate);
}

std::string line(std::string_view kind, std::string_view from, double planned, const Tally& tally, double seconds,
                 const bench::Histogram& times) {
  std::string text = fmt::format("{:<14}  {:<7}", kind, from);
  if (from == "planned") {
    text += fmt::format("  {:>9}  {:>10}  {:>7}", planned > 0 ? shown_rate(planned) : "max",
                        shown_rate(seconds > 0 ? static_cast<double>(tally.finished) / seconds : 0), tally.wrong());
  } else {
    text += fmt::format("  {:>9}  {:>10}  {:>7}", "", "", "");
  }
  for (const auto& [name, share] : kQuantiles) text += fmt::format("  {:>7}", shown_ms(in_ms(times.quantile(share))));
  return text + fmt::format("  {:>7}\n", shown_ms(in_ms(times.max())));
}

std::string errors_text(std::string_view kind, const Tally& tally) {
  std::string text;
  for (std::size_t at = 0; at < kCauses; ++at) {
    const auto cause = static_cast<Cause>(at);
    if (tally.errors.at(at) == 0 || cause == Cause::kStatus) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", tally.errors.at(at), name(cause));
  }
  for (const auto& [status, count] : tally.statuses) {
    text += fmt::format("{}{} with status {}", text.empty() ? "" : ", ", count, status);
  }
  return text.empty() ? "" : fmt::format("errors of {}: {}\n", kind, text);
}

std::string knee_text(const Knee& knee) {
  std::string text = fmt::format("{:>9}  {:>10}  {:>7}  {:>7}\n", "planned/s", "achieved/s", "p99 ms", "errors");
  for (const auto& step : knee.steps) {
    text += fmt::format("{:>9}  {:>10}  {:>7}  {:>7}  {}\n", shown_rate(step.rate), shown_rate(step.achieved),
                        shown_ms(step.p99_ms), step.errors, step.held ? "held" : step.why);
  }
  if (knee.rate == 0) return text + "no rate was held\n\n";
  text += fmt::format("the knee: {} operations/s are held", shown_rate(knee.rate));
  return text + (knee.beyond > 0 ? fmt::format(", {} are not\n\n", shown_rate(knee.beyond)) : ", and more may be\n\n");
}

std::string client_text(const Report& report, const Tally& all) {
  std::string text = fmt::format("client: {:.0f} % of {}",
                                 report.thread_seconds > 0 ? 100 * report.cpu_seconds / report.thread_seconds : 0,
                                 oci::counted(report.threads, "thread"));
  if (all.requests > 0) {
    text += fmt::format(", {:.0f} us of CPU a request", report.cpu_seconds * 1e6 / static_cast<double>(all.requests));
  }
  if (report.calibration) {
    text += fmt::format("; against a null server {:.0f} requests/s and {:.0f} us",
                        report.calibration->requests_per_second, report.calibration->cpu_seconds_per_request * 1e6);
  }
  text += "\n";
  if (report.limits.empty()) text += "the client was not the limit\n";
  for (const auto& limit : report.limits) text += fmt::format("the client was the limit: {}\n", limit);
  return text;
}

}  // namespace

std::string report_text(const Report& report) {
  const auto all = report.total();
  double weights = 0;
  for (const auto& [kind, weight] : report.mix) weights += weight;
  std::string mix;
  for (const auto& [kind, weight] : report.mix) {
    mix += fmt::format("{}{:.3g} % {}", mix.empty() ? "" : ", ", 100 * weight / weights, kind);
  }
  std::string text;
  if (report.knee) text += knee_text(*report.knee);
  text += fmt::format("{}: {} for {:g} s on {}{}\n", report.target, mix, report.seconds,
                      oci::counted(report.connections, "connection"),
                      report.parts.size() > 1 ? fmt::format(", {} runs", report.parts.size()) : "");
  text +=
      fmt::format("{:<14}  {:<7}  {:>9}  {:>10}  {:>7}", "milliseconds", "from", "planned/s", "achieved/s", "errors");
  for (const auto& [name, share] : kQuantiles) text += fmt::format("  {:>7}", name);
  text += fmt::format("  {:>7}\n", "max");
  for (std::size_t at = 0; at < report.kinds.size(); ++at) {
    const auto& [kind, weight] = report.mix[at];
    const auto& tally = report.kinds[at];
    text += line(kind, "planned", report.rate * weight / weights, tally, report.seconds, tally.corrected);
    text += line("", "sent", 0, tally, report.seconds, tally.uncorrected);
  }
  if (report.kinds.size() > 1) {
    text += line("all", "planned", report.rate, all, report.seconds, all.corrected);
    text += line("", "sent", 0, all, report.seconds, all.uncorrected);
  }
  text += "\n";
  for (std::size_t at = 0; at < report.kinds.size(); ++at) text += errors_text(report.mix[at].first, report.kinds[at]);
  if (report.rate <= 0) {
    text +=
        "as fast as possible: an operation is sent when the one before is answered, so that both times are the same\n";
  } else if (all.planned > 0) {
    text += fmt::format("{:.3g} % of the operations waited for a free connection\n",
                        100.0 * static_cast<double>(report.waited) / static_cast<double>(all.planned));
  }
  if (report.reconnects > 0) {
    text += fmt::format("{} sent again on a new connection\n",
                        oci::counted(report.reconnects, "request was", "requests were"));
  }
  return text + client_text(report, all);
}

}  // namespace referee::load
