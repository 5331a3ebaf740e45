#include <cmath>
#include <nlohmann/json.hpp>

#include "quantiles.hpp"
#include "referee/load/report.hpp"

namespace referee::load {
namespace {

using Document = nlohmann::ordered_json;

/// JSON has no other numbers.
double finite(double value) {
  return std::isfinite(value) ? value : 0;
}

Document times_json(const bench::Histogram& histogram, bool whole) {
  Document json = Document::object();
  for (const auto& [name, share] : kQuantiles) json[std::string(name) + "_ms"] = in_ms(histogram.quantile(share));
  json["max_ms"] = in_ms(histogram.max());
  json["mean_ms"] = finite(histogram.mean() / 1e6);
  if (whole) json["histogram"] = Document::parse(histogram.to_json());
  return json;
}

Document tally_json(const Tally& tally, double planned_rate, double seconds, bool whole) {
  Document errors = Document::object();
  for (std::size_t cause = 0; cause < kCauses; ++cause) {
    errors[std::string(name(static_cast<Cause>(cause)))] = tally.errors.at(cause);
  }
  Document statuses = Document::object();
  for (const auto& [status, count] : tally.statuses) statuses[std::to_string(status)] = count;
  return {{"planned", tally.planned},
          {"right", tally.right},
          {"finished", tally.finished},
          {"errors", errors},
          {"statuses", statuses},
          {"requests", tally.requests},
          {"bytes_received", tally.bytes_received},
          {"bytes_sent", tally.bytes_sent},
          {"planned_rate", finite(planned_rate)},
          {"achieved_rate", seconds > 0 ? finite(static_cast<double>(tally.finished) / seconds) : 0},
          {"corrected", times_json(tally.corrected, whole)},
          {"uncorrected", times_json(tally.uncorrected, whole)}};
}

Document knee_json(const std::optional<Knee>& knee) {
  if (!knee) return nullptr;
  Document steps = Document::array();
  for (const auto& step : knee->steps) {
    steps.push_back({{"rate", step.rate},
                     {"achieved", finite(step.achieved)},
                     {"p99_ms", step.p99_ms},
                     {"errors", step.errors},
                     {"held", step.held},
                     {"why", step.why}});
  }
  return {{"rate", knee->rate}, {"beyond", knee->beyond}, {"steps", steps}};
}

Document parts_json(const std::vector<Part>& parts) {
  Document list = Document::array();
  for (const auto& part : parts) {
    Document one{{"id", part.id},
                 {"started", part.started},
                 {"seconds", part.seconds},
                 {"seed", std::to_string(part.seed)},
                 {"host", part.host}};
    if (const auto& machine = part.machine; machine.cpus > 0) {
      one["machine"] = {{"cpus", machine.cpus},         {"cpu", machine.cpu},
                        {"governor", machine.governor}, {"virtualized", machine.virtualized},
                        {"kernel", machine.kernel},     {"load", finite(machine.load)}};
    }
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace

std::string report_json(const Report& report) {
  double weights = 0;
  Document mix = Document::array();
  for (const auto& [kind, weight] : report.mix) {
    weights += weight;
    mix.push_back({{"kind", kind}, {"weight", weight}});
  }
  Document operations = Document::array();
  for (std::size_t at = 0; at < report.kinds.size(); ++at) {
    Document one{{"kind", report.mix[at].first}};
    one.update(tally_json(report.kinds[at], report.rate * report.mix[at].second / weights, report.seconds, true));
    operations.push_back(std::move(one));
  }
  Document calibration = nullptr;
  if (report.calibration) {
    calibration = {{"requests_per_second", finite(report.calibration->requests_per_second)},
                   {"cpu_seconds_per_request", finite(report.calibration->cpu_seconds_per_request)}};
  }
  const Document document{{"schema", "referee.load/1"},
                          {"tool_version", report.tool_version},
                          {"target", report.target},
                          {"mix", mix},
                          {"plan",
                           {{"rate", report.rate},
                            {"duration", report.duration},
                            {"warm_up", report.warm_up},
                            {"time_limit", report.time_limit},
                            {"blob_size", report.blob_size},
                            {"connections", report.connections},
                            {"threads", report.threads}}},
                          {"parts", parts_json(report.parts)},
                          {"seconds", report.seconds},
                          {"operations", operations},
                          {"all", tally_json(report.total(), report.rate, report.seconds, false)},
                          {"client",
                           {{"lag", times_json(report.lag, true)},
                            {"waited", report.waited},
                            {"reconnects", report.reconnects},
                            {"cpu_seconds", report.cpu_seconds},
                            {"thread_seconds", report.thread_seconds},
                            {"calibration", calibration},
                            {"limits", report.limits}}},
                          {"knee", knee_json(report.knee)}};
  return document.dump(-1, ' ', false, Document::error_handler_t::replace) + "\n";
}

}  // namespace referee::load
