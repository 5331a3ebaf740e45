#include "contenders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "referee/bench/statistics.hpp"

namespace referee::suites::benchmarks {
namespace {

constexpr std::array<std::string_view, 2> kInlined{"D/index", "F/reference-index"};
constexpr double kMostOff = 0.3;

std::optional<double> value_at(const bench::Series& series, double x) {
  const auto found =
      std::ranges::find_if(series.points, [&](const std::pair<double, double>& point) { return point.first == x; });
  if (found == series.points.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::vector<Contender> contenders(const ScenarioOptions& options, bool inlined) {
  std::vector<Contender> all;
  for (const auto& variant : proposals::variants()) {
    if (!options.variants.empty() && std::ranges::find(options.variants, variant.id) == options.variants.end())
      continue;
    all.push_back({&variant, false, variant.id});
    if (inlined && std::ranges::find(kInlined, variant.id) != kInlined.end())
      all.push_back({&variant, true, variant.id + " inlined"});
  }
  return all;
}

bool shares_document(const proposals::Variant& variant) {
  using Kind = proposals::Trail::Kind;
  return variant.trail.kind != Kind::kField && variant.trail.kind != Kind::kTag;
}

bool moves_tag(const proposals::Variant& variant) {
  // D's wrapping root comes under the image's tag, and under one of its own.
  return variant.in_image || variant.id == "D/wrap";
}

tl::expected<void, std::string> rewire(Client& client, const proposals::Variant& variant, proposals::Settings settings,
                                       std::unique_ptr<proposals::Wire> wire) {
  client.proposal.reset();
  client.wire = std::move(wire);
  client.proposal = variant.open(*client.wire, settings);
  auto support = client.proposal->prepare();
  if (!support) return tl::unexpected(support.error().message);
  client.support = std::move(*support);
  return {};
}

Account::Account(std::string_view scenario, std::string about) {
  result.scenario = scenario;
  result.about = std::move(about);
}

void Account::unsupported(const std::string& who, const std::string& evidence) {
  missing_.rows.push_back({who, "unsupported: " + evidence});
}

void Account::left_out(const std::string& who, const std::string& why) {
  missing_.rows.push_back({who, why});
  left_out_ += fmt::format("{}{}: {}", left_out_.empty() ? "" : "; ", who, why);
}

void Account::sample(std::string name, std::string unit, std::vector<double> values) {
  result.samples.push_back({std::move(name), std::move(unit), false, std::move(values)});
}

void Account::point(bench::Chart& chart, const std::string& series, double x, double y) {
  auto found = std::ranges::find(chart.series, series, &bench::Series::name);
  if (found == chart.series.end()) found = chart.series.insert(found, bench::Series{series, {}, ""});
  found->points.emplace_back(x, y);
}

tl::expected<bench::Result, std::string> Account::finish() {
  result.incomplete = stopped_;
  if (!left_out_.empty()) result.incomplete += (stopped_.empty() ? "" : "; ") + left_out_;
  if (result.samples.empty()) {
    return tl::unexpected(!result.incomplete.empty() ? result.incomplete
                          : missing_.rows.empty()    ? std::string("no such variant")
                                                     : missing_.rows.front()[0] + ": " + missing_.rows.front()[1]);
  }
  if (!missing_.rows.empty()) result.tables.push_back(missing_);
  std::erase_if(result.charts, [](const bench::Chart& chart) { return chart.series.empty(); });
  return std::move(result);
}

void measure_each(Grounds& grounds, const ScenarioOptions& options, Account& account, bool inlined,
                  const std::function<tl::expected<void, std::string>(const Contender&, Client&)>& measure) {
  for (const auto& contender : contenders(options, inlined)) {
    if (interrupted(options)) return account.stopped("interrupted");
    progress(options, fmt::format("{}: {}", account.result.scenario, contender.name));
    const auto purpose = account.result.scenario + (contender.inlined ? "-inlined" : "");
    auto client = grounds.client(*contender.variant, purpose, {.inlined = contender.inlined});
    if (!client) {
      account.left_out(contender.name, client.error());
    } else if (!client->support.present) {
      account.unsupported(contender.name, client->support.evidence);
    } else if (const auto done = measure(contender, *client); !done) {
      account.left_out(contender.name, done.error());
    }
  }
  if (interrupted(options)) account.stopped("interrupted");
}

bool interrupted(const ScenarioOptions& options) {
  return options.interrupted && options.interrupted();
}

void progress(const ScenarioOptions& options, const std::string& line) {
  if (options.progress) options.progress(line);
}

std::string wrong(const proposals::Outcome<Verified>& verified, Wanted wanted, std::size_t count) {
  if (!verified) return verified.error().message;
  if (is_right(*verified, wanted, count)) return "";
  return fmt::format("{} of {} signatures verified: {}", verified->decision.verified, wanted_count(wanted, count),
                     verified->decision.reason);
}

std::string in_milliseconds(double seconds) {
  return fmt::format("{:.{}f}", seconds * 1000, seconds < 0.1 ? 2 : 0);
}

std::string in_milliseconds(const std::vector<double>& seconds, double share) {
  return in_milliseconds(bench::quantile(seconds, share));
}

std::string law_of(const bench::Chart& chart, const std::string& series) {
  const auto found = std::ranges::find(chart.series, series, &bench::Series::name);
  std::vector<bench::Point> points;
  if (found != chart.series.end()) {
    for (const auto& [n, cost] : found->points) points.push_back({n, cost});
  }
  const bool grows = std::ranges::all_of(points, [](const bench::Point& point) { return point.cost > 0; });
  if (!points.empty() && !grows) return points.back().cost > 0 ? "0 at first" : "0";
  const auto growth = bench::fit_growth(points);
  if (!growth.enough) return "not enough sizes";
  // Times of a busy machine: a law that is this far off says nothing.
  if (growth.error > kMostOff)
    return fmt::format("no law fits ({:.0f} % off), exponent {:.2f}", growth.error * 100, growth.exponent);
  return bench::growth_text(growth);
}

Extremes extremes(const bench::Chart& chart, double x) {
  Extremes found;
  for (const auto& series : chart.series) {
    const auto value = value_at(series, x);
    if (!value) continue;
    if (found.low.empty() || *value < found.low_value) {
      found.low = series.name;
      found.low_value = *value;
    }
    if (found.high.empty() || *value > found.high_value) {
      found.high = series.name;
      found.high_value = *value;
    }
  }
  return found;
}

std::string those(const bench::Chart& chart, double x, const std::function<bool(double)>& condition) {
  std::string names;
  for (const auto& series : chart.series) {
    const auto value = value_at(series, x);
    if (value && condition(*value)) names += (names.empty() ? "" : ", ") + series.name;
  }
  return names;
}

}  // namespace referee::suites::benchmarks
