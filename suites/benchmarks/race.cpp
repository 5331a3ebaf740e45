#include <fmt/format.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <set>
#include <thread>

#include "race_report.hpp"
#include "sizes.hpp"

/// Writers at once, each with a client and a thread of its own. Variants that share no document have no window between
/// read and write and need no conditions: they run once. Unless more are asked for at most three rounds, and one where
/// a round takes seconds.
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
  Races(Grounds& grounds, const ScenarioOptions& options, const RaceSizes& sizes, RaceReport& report)
      : grounds_(grounds), options_(options), sizes_(sizes), report_(report) {}

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
          report_.tell(contender, turn, *race);
        }
      }
    }
    return {};
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
    const bool all = options_.full || options_.repetitions_asked;
    const int rounds = all ? options_.repetitions : std::min(options_.repetitions, slow ? 1 : 3);
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

  Grounds& grounds_;
  const ScenarioOptions& options_;
  const RaceSizes& sizes_;
  RaceReport& report_;
};

}  // namespace

Found run_race(Grounds& grounds, const ScenarioOptions& options, const RaceSizes& sizes) {
  Account account("race", "What is lost, and what it costs to lose nothing, when several clients attach at once.");
  RaceReport report(account, sizes);
  Races races(grounds, options, sizes, report);
  measure_each(grounds, options, account, false,
               [&](const Contender& contender, Client&) { return races.measure(contender); });
  report.close();
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
