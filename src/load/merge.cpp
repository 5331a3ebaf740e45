#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "referee/load/report.hpp"

namespace referee::load {
namespace {

/// Of the shorter one's time: parts that overlap as much as this ran at once.
constexpr double kTogether = 0.8;

struct Span {
  double from = 0, to = 0;
};

Span span_of(const Report& report) {
  Span span{report.parts.front().started, 0};
  for (const auto& part : report.parts) {
    span.from = std::min(span.from, part.started);
    span.to = std::max(span.to, part.started + part.seconds);
  }
  return span;
}

bool at_once(const Report& one, const Report& other) {
  const auto a = span_of(one);
  const auto b = span_of(other);
  const auto shared = std::min(a.to, b.to) - std::max(a.from, b.from);
  return shared >= kTogether * std::min(a.to - a.from, b.to - b.from);
}

std::string mix_text(const Report& report) {
  std::string text;
  for (const auto& [kind, weight] : report.mix) text += fmt::format("{}{}={}", text.empty() ? "" : ",", kind, weight);
  return text;
}

/// What keeps them apart; empty if nothing does.
std::string difference(const Report& one, const Report& other) {
  const auto differ = [](std::string_view what, const auto& a, const auto& b) {
    return a == b ? std::string() : fmt::format("{} differs: {} and {}", what, a, b);
  };
  for (const auto& found :
       {differ("the version of Referee", one.tool_version, other.tool_version),
        differ("the target", one.target, other.target), differ("the mix", mix_text(one), mix_text(other)),
        differ("the duration", one.duration, other.duration), differ("the warm-up", one.warm_up, other.warm_up),
        differ("the time limit", one.time_limit, other.time_limit),
        differ("the size of blobs", one.blob_size, other.blob_size)}) {
    if (!found.empty()) return found;
  }
  if ((one.rate > 0) != (other.rate > 0)) return "one has a rate, the other was as fast as possible";
  for (const auto& part : one.parts) {
    if (std::ranges::any_of(other.parts, [&](const Part& same) { return same.id == part.id; })) {
      return fmt::format("the run {} is in both", part.id);
    }
  }
  return "";
}

}  // namespace

tl::expected<Report, std::string> merge(const Report& one, const Report& other) {
  if (one.parts.empty() || other.parts.empty()) return tl::unexpected(std::string("a report without a run"));
  if (auto why = difference(one, other); !why.empty()) return tl::unexpected(std::move(why));
  Report all = one;
  const bool together = at_once(one, other);
  if (together) {
    all.rate += other.rate;
    all.connections += other.connections;
    all.threads += other.threads;
    all.seconds = std::max(one.seconds, other.seconds);
  } else {
    all.seconds += other.seconds;
    all.rate = (one.rate * one.seconds + other.rate * other.seconds) / all.seconds;
    all.connections = std::max(one.connections, other.connections);
    all.threads = std::max(one.threads, other.threads);
  }
  for (std::size_t kind = 0; kind < all.kinds.size(); ++kind) all.kinds[kind].merge(other.kinds[kind]);
  all.lag.merge(other.lag);
  all.waited += other.waited;
  all.reconnects += other.reconnects;
  all.cpu_seconds += other.cpu_seconds;
  all.thread_seconds += other.thread_seconds;
  if (one.calibration && other.calibration && together) {
    const auto sum = one.calibration->requests_per_second + other.calibration->requests_per_second;
    const auto cpu = (one.calibration->cpu_seconds_per_request * one.calibration->requests_per_second) +
                     (other.calibration->cpu_seconds_per_request * other.calibration->requests_per_second);
    all.calibration = Calibration{sum, sum > 0 ? cpu / sum : 0};
  } else if (!one.calibration || !other.calibration) {
    all.calibration.reset();
  }
  for (const auto& limit : other.limits) {
    if (std::ranges::find(all.limits, limit) == all.limits.end()) all.limits.push_back(limit);
  }
  all.parts.insert(all.parts.end(), other.parts.begin(), other.parts.end());
  // Whatever the order in which they were given, the file is the same.
  std::ranges::sort(all.parts, {}, [](const Part& part) { return std::pair(part.started, part.id); });
  std::ranges::sort(all.limits);
  all.knee.reset();
  return all;
}

}  // namespace referee::load
