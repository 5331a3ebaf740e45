#include <fmt/format.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "measured.hpp"
#include "referee/bench/statistics.hpp"

/// Writers at once, each with a client and a thread of its own. Variants that share no document have no window between
/// read and write and need no conditions: they run once. By default at most three rounds, and one where a round takes
/// seconds.
namespace referee::suites::benchmarks {
namespace {

using std::chrono::steady_clock;

/// Counts the writes that came too late.
class RaceWire : public proposals::Wire {
 public:
  using Wire::Wire;
  proposals::Outcome<http::Response> put_manifest(std::string_view reference, const oci::Content& manifest,
                                                  const Options& options, Statuses fine) override {
    auto answer = Wire::put_manifest(reference, manifest, options, fine);
    if (answer && answer->status == 412) ++refused_;
    return answer;
  }
  [[nodiscard]] std::size_t refused() const { return refused_; }

 private:
  std::size_t refused_ = 0;
};

struct RaceTurn {
  std::size_t writers = 0;
  int window = 0;  ///< milliseconds
  bool conditions = false;
};

struct RaceCount {
  std::size_t rounds = 0;
  std::size_t lost = 0;    ///< told that it was attached, and not found
  std::size_t failed = 0;  ///< told that it was not
  std::size_t retries = 0;
  std::uint64_t requests = 0;
  std::vector<double> seconds;  ///< of each round, until the last has done
};

struct RaceWriter {
  Client client;
  RaceWire* wire = nullptr;
  std::function<void()> window;
  bool told = false;
};

/// The digests of the payloads that a reader finds.
tl::expected<std::set<std::string>, std::string> found_by(Client& reader, proposals::Subject subject,
                                                          const proposals::Attachment& like) {
  if (const auto root = pull_root(*reader.wire, subject); !root) return tl::unexpected(root.error().message);
  const auto entries = reader.proposal->discover(subject, {like.artifact_type, like.label});
  if (!entries) return tl::unexpected(entries.error().message);
  std::set<std::string> found;
  for (const auto& entry : *entries) {
    const auto payload = reader.proposal->fetch(entry);
    if (!payload) return tl::unexpected(payload.error().message);
    found.insert(oci::Digest::of(*payload).str());
  }
  return found;
}

class Races {
 public:
  Races(Grounds& grounds, const ScenarioOptions& options, const RaceSizes& sizes, Account& account)
      : grounds_(grounds), options_(options), sizes_(sizes), account_(account) {}

  tl::expected<void, std::string> measure(const Contender& contender) {
    const bool shares = shares_document(*contender.variant);
    const auto windows = shares ? sizes_.windows : std::vector<int>{0};
    for (const bool conditions : {false, true}) {
      if (conditions && !shares) break;
      auto variant = *contender.variant;
      // What conditional writes save, the same registry shows that has them.
      if (conditions && grounds_.fresh() && variant.profile == "oci-1.0") variant.profile = "conditional";
      for (const int window : windows) {
        for (const std::size_t count : sizes_.writers) {
          const RaceTurn turn{count, window, conditions};
          auto race = run(variant, turn);
          if (!race) return tl::unexpected(race.error());
          if (interrupted(options_)) return {};
          tell(contender, turn, shares, *race);
        }
      }
    }
    return {};
  }

  void close() {
    account_.result.tables.push_back(std::move(table_));
    say_losses();
    for (auto* chart : {&lost_, &lost_with_, &retries_, &times_}) account_.result.charts.push_back(std::move(*chart));
  }

 private:
  tl::expected<std::vector<RaceWriter>, std::string> writers_of(const proposals::Variant& variant,
                                                                const RaceTurn& turn) {
    std::vector<RaceWriter> writers(turn.writers);
    for (auto& writer : writers) {
      auto client = grounds_.client(variant, "race");
      if (!client) return tl::unexpected(client.error());
      writer.client = std::move(*client);
      writer.window = [this, turn, first = true]() mutable {
        if (sizes_.meet) {
          if (std::exchange(first, false)) sizes_.meet(turn.writers);
        } else {
          std::this_thread::sleep_for(std::chrono::milliseconds(turn.window));
        }
      };
      auto wire = std::make_unique<RaceWire>(*writer.client.registry, writer.client.repository);
      writer.wire = wire.get();
      proposals::Settings settings;
      settings.conditions = turn.conditions;
      // In each turn one of them wins: whoever is last loses once to every other.
      settings.retries = static_cast<int>(2 * turn.writers + 8);
      if (turn.window > 0 || sizes_.meet) settings.window = &writer.window;
      if (auto done = rewire(writer.client, variant, settings, std::move(wire)); !done)
        return tl::unexpected(done.error());
    }
    return writers;
  }

  tl::expected<RaceCount, std::string> run(const proposals::Variant& variant, const RaceTurn& turn) {
    RaceCount race;
    const bool slow = static_cast<int>(turn.writers) * turn.window > 1000;
    const int rounds = options_.full ? options_.repetitions : std::min(options_.repetitions, slow ? 1 : 3);
    for (int round = 0; round < rounds && !interrupted(options_); ++round) {
      const auto label = fmt::format("k{}-w{}-{}-{}", turn.writers, turn.window, turn.conditions ? "if" : "no", round);
      if (auto done = one_round(variant, turn, label, race); !done) return tl::unexpected(done.error());
    }
    return race;
  }

  tl::expected<void, std::string> one_round(const proposals::Variant& variant, const RaceTurn& turn,
                                            const std::string& label, RaceCount& race) {
    auto writers = writers_of(variant, turn);
    if (!writers) return tl::unexpected(writers.error());
    auto& reader = writers->front().client;
    const auto image = image_of(grounds_.options().seed, "race " + label, label);
    if (auto pushed = push(reader, image); !pushed) return pushed;
    const auto given = signatures(grounds_.options().seed, image.subject.descriptor.digest, turn.writers);
    std::barrier start(static_cast<std::ptrdiff_t>(turn.writers + 1));
    std::vector<std::uint64_t> before;
    for (auto& writer : *writers) before.push_back(writer.client.wire->cost().requests);
    steady_clock::time_point begun;
    {
      std::vector<std::jthread> threads;
      for (std::size_t at = 0; at < turn.writers; ++at) {
        threads.emplace_back([&, at] {
          auto subject = image.subject;
          auto& writer = (*writers)[at];
          start.arrive_and_wait();
          writer.told = writer.client.proposal->attach(subject, std::span(given).subspan(at, 1)).has_value();
        });
      }
      begun = steady_clock::now();
      start.arrive_and_wait();
    }
    race.seconds.push_back(std::chrono::duration<double>(steady_clock::now() - begun).count());
    for (std::size_t at = 0; at < turn.writers; ++at) {
      race.requests += (*writers)[at].client.wire->cost().requests - before[at];
      race.retries += (*writers)[at].wire->refused();
    }
    ++race.rounds;
    return judge(reader, image, given, *writers, race);
  }

  static tl::expected<void, std::string> judge(Client& reader, const Image& image,
                                               const std::vector<proposals::Attachment>& given,
                                               const std::vector<RaceWriter>& writers, RaceCount& race) {
    auto found = found_by(reader, image.subject, given.front());
    if (!found) return tl::unexpected(found.error());
    for (std::size_t at = 0; at < writers.size(); ++at) {
      const bool there = found->erase(given[at].payload.digest().str()) > 0;
      if (writers[at].told && !there) ++race.lost;
      if (!writers[at].told) ++race.failed;
    }
    if (!found->empty()) return tl::unexpected(std::string("the list has what nobody attached"));
    return {};
  }

  void tell(const Contender& contender, const RaceTurn& turn, bool shares, const RaceCount& race) {
    const auto total = race.rounds * turn.writers;
    const auto each = [&](std::uint64_t count) {
      return fmt::format("{:.1f}", static_cast<double>(count) / static_cast<double>(total));
    };
    table_.rows.push_back({contender.name, std::to_string(turn.writers), shares ? std::to_string(turn.window) : "-",
                           !shares           ? "-"
                           : turn.conditions ? "yes"
                                             : "no",
                           fmt::format("{} of {}", race.lost, total), std::to_string(race.failed), each(race.retries),
                           each(race.requests), in_milliseconds(race.seconds, 0.5)});
    const auto name = fmt::format("race/{}/k:{}/window:{}/conditions:{}", contender.name, turn.writers, turn.window,
                                  turn.conditions ? "yes" : "no");
    account_.sample(name, "s", race.seconds);
    const auto rounds = static_cast<double>(race.rounds);
    account_.sample(name + "/lost", "1", {static_cast<double>(race.lost) / rounds});
    account_.sample(name + "/requests", "1", {static_cast<double>(race.requests) / rounds});
    auto& sums = sums_[contender.name];
    auto& sum = turn.conditions ? sums.with : sums.without;
    sum.lost += race.lost;
    sum.total += total;
    sum.failed += race.failed;
    if (turn.writers == sizes_.writers.back()) sum.retries = std::max(sum.retries, race.retries / race.rounds);
    const bool widest = !shares || turn.window == sizes_.windows.back();
    if (!widest) return;
    const auto x = static_cast<double>(turn.writers);
    const auto lost = static_cast<double>(race.lost) / rounds;
    Account::point(turn.conditions ? lost_with_ : lost_, contender.name, x, lost);
    if (turn.conditions) Account::point(retries_, contender.name, x, static_cast<double>(race.retries) / rounds);
    if (turn.conditions || !shares) Account::point(times_, contender.name, x, bench::median(race.seconds));
  }

  void say_losses() {
    std::string never;
    std::string without;
    std::string with;
    std::string none_with;
    std::pair<std::size_t, std::string> retries{0, ""};
    for (const auto& [name, sums] : sums_) {
      const auto add = [&](std::string& list, const std::string& text) { list += (list.empty() ? "" : ", ") + text; };
      const bool shared = sums.with.total > 0;
      if (sums.without.lost > 0)
        add(without, fmt::format("{} {} of {}", name, sums.without.lost, sums.without.total));
      else if (!shared && sums.without.failed == 0)
        add(never, fmt::format("{} ({} attached)", name, sums.without.total));
      if (shared && sums.with.lost > 0) add(with, fmt::format("{} {} of {}", name, sums.with.lost, sums.with.total));
      if (shared && sums.with.lost == 0)
        add(none_with,
            fmt::format("{} ({} attached, {} failed)", name, sums.with.total - sums.with.failed, sums.with.failed));
      retries = std::max(retries, {sums.with.retries, name});
    }
    auto& findings = account_.result.findings;
    if (!never.empty()) findings.push_back("Nothing is lost, without any conditional write: " + never + ".");
    if (!without.empty()) findings.push_back("Lost without conditional writes: " + without + ".");
    if (!with.empty()) findings.push_back("Lost in spite of conditional writes: " + with + ".");
    if (!none_with.empty()) findings.push_back("Nothing is lost with conditional writes: " + none_with + ".");
    const auto most = sizes_.writers.back();
    if (!none_with.empty()) {
      findings.push_back(fmt::format(
          "With {} writers a round of conditional writes is tried again {} times at most ({}); if one wins in "
          "each turn it is K(K-1)/2 = {}, for each document.",
          most, retries.first, retries.second, most * (most - 1) / 2));
    }
    const auto time = extremes(times_, static_cast<double>(most));
    if (time.low != time.high) {
      findings.push_back(
          fmt::format("Until {} writers have attached and nothing is lost takes {} ms with {} and {} ms "
                      "with {}, medians; the widest window is {} ms.",
                      most, in_milliseconds(time.low_value), time.low, in_milliseconds(time.high_value), time.high,
                      sizes_.windows.back()));
    }
  }

  struct Sum {
    std::size_t lost = 0;
    std::size_t total = 0;
    std::size_t failed = 0;
    std::size_t retries = 0;  ///< of a round with the most writers, in the worst case
  };
  struct Sums {
    Sum without;
    Sum with;
  };

  Grounds& grounds_;
  const ScenarioOptions& options_;
  const RaceSizes& sizes_;
  Account& account_;
  std::map<std::string, Sums> sums_;
  bench::Table table_{
      "Writers at once; the window lies between reading and writing what is shared, ms; time of a round "
      "until all have done, median, ms",
      {"variant", "writers", "window", "conditions", "lost", "failed", "retries each", "requests each", "time"},
      {}};
  bench::Chart lost_{"Lost without conditional writes, widest window", "writers", "lost in a round", true, false, {}};
  bench::Chart lost_with_{"Lost with conditional writes, widest window", "writers", "lost in a round", true, false, {}};
  bench::Chart retries_{"Retries of conditional writes, widest window", "writers", "in a round", true, true, {}};
  bench::Chart times_{"Time until all are attached and none is lost", "writers", "median, seconds", true, true, {}};
};

}  // namespace

Found run_race(Grounds& grounds, const ScenarioOptions& options, const RaceSizes& sizes) {
  Account account("race", "What is lost, and what it costs to lose nothing, when several clients attach at once.");
  Races races(grounds, options, sizes, account);
  measure_each(grounds, options, account, false,
               [&](const Contender& contender, Client&) { return races.measure(contender); });
  races.close();
  return account.finish();
}

Found race(Grounds& grounds, const ScenarioOptions& options) {
  RaceSizes sizes;
  if (options.full) {
    sizes.writers = {2, 4, 8, 16, 32, 64, 128};
    sizes.windows = {0, 50, 500};
  }
  return run_race(grounds, options, sizes);
}

}  // namespace referee::suites::benchmarks
