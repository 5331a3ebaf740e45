#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "bench.hpp"
#include "load/ground.hpp"
#include "referee/bench/host.hpp"
#include "referee/cli/version.hpp"
#include "referee/distribution/may_write.hpp"
#include "referee/http/url.hpp"
#include "referee/load/calibrate.hpp"
#include "referee/load/knee.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/reading.hpp"

namespace referee::cli {
namespace {

constexpr std::chrono::milliseconds kCalibration{1000};
constexpr std::uint64_t kMostBuffered = std::uint64_t{1} << 30U;
/// What a body that is right may be exceeded by: error texts.
constexpr std::size_t kSpareBody = std::size_t{64} * 1024;
constexpr double kMostErrors = 0.01;

std::chrono::nanoseconds duration_of(double seconds) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

std::string fresh_id() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
}

load::Plan plan_of(const LoadCommand& command, const std::string& url, std::uint64_t seed) {
  load::Plan plan;
  const auto authority = http::authority(url);
  const auto colon = authority.rfind(':');
  const bool has_port = colon != std::string::npos && authority.find(']', colon) == std::string::npos;
  plan.host = authority.substr(0, has_port ? colon : std::string::npos);
  if (plan.host.starts_with('[')) plan.host = plan.host.substr(1, plan.host.size() - 2);
  plan.port = static_cast<std::uint16_t>(has_port ? std::strtol(authority.c_str() + colon + 1, nullptr, 10) : 80);
  plan.rate = command.rate;
  plan.warm_up = duration_of(command.warm_up);
  plan.duration = duration_of(command.duration);
  plan.time_limit = std::chrono::duration_cast<std::chrono::milliseconds>(duration_of(command.time_limit));
  plan.threads = static_cast<unsigned>(command.threads);
  plan.connections = std::max(static_cast<unsigned>(command.connections), plan.threads);
  plan.seed = seed;
  return plan;
}

/// A run, from the kinds that are ready to a report.
class Loading {
 public:
  Loading(load::Plan plan, const std::vector<std::unique_ptr<load::Kind>>& kinds, load::Report form)
      : plan_(std::move(plan)), kinds_(kinds), form_(std::move(form)) {}

  tl::expected<load::Report, std::string> once(double rate) {
    auto plan = plan_;
    plan.rate = rate;
    auto outcome = load::run(plan, kinds_, [] { return interrupted(); });
    if (!outcome) return tl::unexpected(outcome.error());
    auto report = form_;
    report.parts.front().started = outcome->started;
    report.parts.front().seconds = outcome->seconds;
    load::take(report, plan, std::move(*outcome));
    report.limits = load::client_limits(report);
    return report;
  }

  tl::expected<load::Report, std::string> knee(double first, double p99_ms) {
    load::KneeOptions options;
    options.first = first > 0 ? first : options.first;
    options.p99_ms = p99_ms;
    std::optional<load::Report> best;
    std::optional<load::Report> beyond;
    constexpr int kMostFailures = 3;
    int failures = 0;
    const auto measure = [&](double rate) -> tl::expected<load::KneeStep, std::string> {
      if (interrupted()) return tl::unexpected(std::string("interrupted"));
      auto report = once(rate);
      if (!report && (interrupted() || (!best && !beyond))) return tl::unexpected(report.error());
      if (!report) {
        // Too much for it, or gone: whether it comes back the next rates will tell.
        if (++failures == kMostFailures) {
          return tl::unexpected(
              fmt::format("{}, {} times in a row: is it still running? No knee is known", report.error(), failures));
        }
        say(stderr, "{:.6g}/s: {}\n", rate, report.error());
        return load::KneeStep{};
      }
      failures = 0;
      const auto all = report->total();
      load::KneeStep step;
      step.achieved = static_cast<double>(all.finished) / report->seconds;
      step.p99_ms = static_cast<double>(all.corrected.quantile(0.99)) / 1e6;
      step.errors = all.wrong();
      say(stderr, "{:.6g}/s: {:.6g}/s achieved, p99 {:.2f} ms, {}\n", rate, step.achieved, step.p99_ms,
          oci::counted(step.errors, "error"));
      const bool held = load::held(step, rate, options);
      auto& kept = held ? best : beyond;
      if (!kept || (held ? rate > kept->rate : rate < kept->rate)) kept = std::move(*report);
      return step;
    };
    auto found = load::find_knee(options, measure);
    if (!found) return tl::unexpected(found.error());
    if (!best) {
      best.swap(beyond);
    } else if (beyond) {
      // Where the target seems to give up it may be the client that did.
      for (const auto& limit : beyond->limits) {
        best->limits.push_back(fmt::format("at {:.6g}/s {}", beyond->rate, limit));
      }
    }
    if (!best) return tl::unexpected(std::string("no rate could be measured"));
    best->knee = std::move(*found);
    return std::move(*best);
  }

 private:
  load::Plan plan_;
  const std::vector<std::unique_ptr<load::Kind>>& kinds_;
  load::Report form_;
};

ExitCode verdict(const load::Report& report) {
  const auto all = report.total();
  if (all.errors.at(static_cast<std::size_t>(load::Cause::kBody)) > 0) return ExitCode::kFailed;
  const bool many = static_cast<double>(all.wrong()) > kMostErrors * static_cast<double>(all.planned);
  return many || all.right == 0 || !report.limits.empty() ? ExitCode::kInconclusive : ExitCode::kOk;
}

/// Each connection is a descriptor, and the calibration has both ends of them: who runs out of them would be told that
/// the target refuses connections.
bool allow_descriptors(rlim_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  if (limit.rlim_cur >= wanted) return true;
  if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < wanted) return false;
  limit.rlim_cur = wanted;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

std::string refused_scheme(const std::string& url) {
  if (url.empty() || url.starts_with("http://")) return "";
  return fmt::format(
      "{}: a load is plain HTTP: give --plain-http if it speaks that, or put the load on a port without TLS", url);
}

}  // namespace

ExitCode run_load(const LoadCommand& command) {
  const auto target = conformance::parse_target(command.target, command.connection.plain_http);
  if (!target) return refuse(ExitCode::kUsage, target.error());
  if (const auto wrong = refused_scheme(target->url); !wrong.empty()) return refuse(ExitCode::kUsage, wrong);
  if (command.blob_size * static_cast<std::uint64_t>(command.connections) > kMostBuffered) {
    return refuse(ExitCode::kUsage, "--connections times --blob-size is more than 1 GiB");
  }
  constexpr rlim_t kOthers = 100;
  if (!allow_descriptors((2 * static_cast<rlim_t>(command.connections)) + kOthers)) {
    return refuse(ExitCode::kUsage,
                  "so many --connections are more file descriptors than the system allows: see `ulimit -Hn`");
  }
  const auto reached = reach(*target, command.connection);
  if (!reached) return refuse(reached.error().code, reached.error().text);
  BenchCommand place_of;
  place_of.target = command.target;
  place_of.results = command.results;
  place_of.keep = command.keep || !command.get.empty();
  const auto place = bench_place(place_of);
  if (!place) return refuse(place.error().code, place.error().text);

  watch_interrupts();
  // Before its own work makes a load.
  const auto host = bench::this_host();
  const auto seed = command.seed.value_or(fresh_seed());
  distribution::Registry registry(client_of(reached->connection, [] { return interrupted(); }), reached->connection.url,
                                  place->journal.get());
  suites::load::GroundOptions ground;
  ground.repository = fmt::format("{}/load-{:08x}", command.name_space, seed);
  ground.seed = seed;
  ground.images = command.images;
  ground.referrers = command.referrers;
  ground.blob_size = command.blob_size;
  ground.journal = place->journal.get();
  std::vector<suites::load::Share> mix{{"get", 1}};
  if (command.get.empty()) mix = suites::load::parse_mix(command.mix).value_or(mix);
  if (command.get.empty()) {
    if (const auto may = distribution::may_write(registry, ground.repository); !may && !interrupted()) {
      return come_to_nothing(*place, fmt::format("{}: {}", command.target, may.error().message));
    }
  }
  const auto kinds = command.get.empty() ? suites::load::prepare(registry, ground, mix)
                                         : suites::load::prepare_get(registry, command.get);
  const auto failed = [&](const std::string& why) {
    const auto ended = end_bench(place_of, *place, {&*reached}, true);
    return ended == ExitCode::kInterrupted ? ended
                                           : come_to_nothing(*place, fmt::format("{}: {}", command.target, why));
  };
  if (!kinds) return failed(kinds.error());

  auto plan = plan_of(command, reached->connection.url, seed);
  load::Report form;
  form.tool_version = kVersion;
  form.target = command.target;
  form.blob_size = command.get.empty() ? command.blob_size : 0;
  for (const auto& share : mix) form.mix.emplace_back(share.kind, share.weight);
  for (const auto& share : mix) plan.weights.push_back(share.weight);
  plan.largest_body = kSpareBody;
  for (const auto& kind : *kinds) plan.largest_body = std::max(plan.largest_body, kind->largest_body() + kSpareBody);
  form.parts.push_back({fresh_id(), 0, 0, seed, fmt::format("{} x {}", host.cpus, host.cpu), host});
  if (!command.no_calibration) {
    const auto calibration = load::calibrate(plan, kCalibration, [] { return interrupted(); });
    if (!calibration && !interrupted()) return failed(calibration.error());
    if (calibration) form.calibration = *calibration;
  }

  Loading loading(std::move(plan), *kinds, std::move(form));
  const auto report = command.find_knee ? loading.knee(command.rate, command.p99_ms) : loading.once(command.rate);
  if (!report || interrupted()) return failed(report ? "" : report.error());
  const auto json = load::report_json(*report);
  if (const auto written = reports::replace_file(place->folder + "/load.json", json); !written) {
    return refuse(ExitCode::kUsage, written.error());
  }
  if (const auto read = reports::read_load(json)) {
    if (const auto written = write_charts(*place, std::span(&*read, 1)); !written) {
      return refuse(ExitCode::kUsage, written.error());
    }
  }
  write_text(stdout, command.json ? json : load::report_text(*report));
  if (!command.json)
    say(stdout, "seed {}; in {}: report.html has charts, load.json every histogram\n", seed, place->folder);
  const auto ended = end_bench(place_of, *place, {&*reached}, true);
  return ended == ExitCode::kOk ? verdict(*report) : ended;
}

}  // namespace referee::cli
