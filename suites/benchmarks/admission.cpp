#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "referee/bench/statistics.hpp"
#include "sizes.hpp"

/// What an admission controller asks: may this tag run? From the tag to the decision, with the resolution of the tag.
/// Each count has an image of its own, to which all is attached in bulk.
namespace referee::suites::benchmarks {
namespace {

using std::chrono::steady_clock;

constexpr std::array kPolicies{Wanted::kAll, Wanted::kOne, Wanted::kNone};
/// Of all decisions, those that are faster; the median first.
constexpr std::array kShares{0.5, 0.95, 0.99};

struct Decisions {
  std::vector<double> seconds;
  proposals::Cost cost;  ///< of the last
  std::string wrong;
};

class Admission {
 public:
  Admission(Grounds& grounds, const ScenarioOptions& options, const AdmissionSizes& sizes, Account& account)
      : grounds_(grounds), options_(options), sizes_(sizes), account_(account) {
    for (const auto share : kShares) {
      for (const auto wanted : kPolicies) {
        charts_.push_back({"Time to a decision",
                           "attachments",
                           "seconds",
                           true,
                           true,
                           {},
                           fmt::format("policy {}, p{:.0f}", name(wanted), share * 100)});
      }
    }
  }

  tl::expected<void, std::string> measure(const Contender& contender, Client& client) {
    for (const std::size_t count : sizes_.counts) {
      if (interrupted(options_)) return {};
      auto image = image_of(seed(), fmt::format("admission {}", count), fmt::format("n-{}", count));
      if (auto pushed = push(client, image); !pushed) return pushed;
      const auto given = signatures(seed(), image.subject.descriptor.digest, count);
      if (count > 0) {
        if (const auto done = client.proposal->attach(image.subject, given); !done) {
          account_.left_out(fmt::format("{} from {} on", contender.name, count), done.error().message);
          return {};
        }
      }
      for (const auto wanted : kPolicies) tell(contender, wanted, count, decide_often(client, image, wanted, count));
    }
    return {};
  }

  void close() {
    account_.result.tables.push_back(std::move(table_));
    const auto most = static_cast<double>(sizes_.counts.back());
    for (std::size_t at = 0; at < kPolicies.size(); ++at) {
      const auto found = extremes(charts_[at], most);
      if (found.low != found.high) {
        account_.result.findings.push_back(
            fmt::format("Policy {}, {} attachments: a decision takes {} ms with {} and {} ms with {} ({:.1f} times as "
                        "long), medians.",
                        name(kPolicies[at]), most, in_milliseconds(found.low_value), found.low,
                        in_milliseconds(found.high_value), found.high, found.high_value / found.low_value));
      }
      for (const auto& series : charts_[at].series) {
        laws_.rows.push_back({series.name, std::string(name(kPolicies[at])), law_of(charts_[at], series.name)});
      }
    }
    const auto& undecided = charts_[kPolicies.size() - 1];
    const auto none = extremes(undecided, most);
    if (!none.low.empty()) {
      const double limit = 2 * none.low_value;
      const auto slow = those(undecided, most, [&](double value) { return value > limit; });
      if (!slow.empty()) {
        account_.result.findings.push_back(
            fmt::format("That none of {} attachments matches takes more than twice the time of {} with: {}.", most,
                        none.low, slow));
      }
    }
    account_.result.tables.push_back(std::move(laws_));
    for (auto& chart : charts_) account_.result.charts.push_back(std::move(chart));
  }

 private:
  [[nodiscard]] std::uint64_t seed() const { return grounds_.options().seed; }

  Decisions decide_often(Client& client, const Image& image, Wanted wanted, std::size_t count) const {
    Decisions made;
    const auto policy = policy_for(seed(), wanted, count);
    // The first warms up.
    for (std::size_t turn = 0; turn <= sizes_.decisions && !interrupted(options_); ++turn) {
      const auto before = client.wire->cost();
      const auto begun = steady_clock::now();
      auto subject = image.subject;
      const auto root = pull_root(*client.wire, subject);
      const auto verified = root ? verify(client, subject, policy, options_.parallel)
                                 : proposals::Outcome<Verified>(tl::unexpected(root.error()));
      const double seconds = std::chrono::duration<double>(steady_clock::now() - begun).count();
      made.wrong = wrong(verified, wanted, count);
      if (!made.wrong.empty()) return made;
      if (turn > 0) made.seconds.push_back(seconds);
      made.cost = client.wire->cost() - before;
    }
    return made;
  }

  void tell(const Contender& contender, Wanted wanted, std::size_t count, Decisions made) {
    const auto what = fmt::format("{}, {} attachments, policy {}", contender.name, count, name(wanted));
    if (!made.wrong.empty()) {
      account_.left_out(what, made.wrong);
      table_.rows.push_back({contender.name, std::to_string(count), std::string(name(wanted)), "", "", "", "", "",
                             "not right: " + made.wrong});
      return;
    }
    if (made.seconds.empty()) return;
    table_.rows.push_back(
        {contender.name, std::to_string(count), std::string(name(wanted)), std::to_string(made.cost.requests),
         std::to_string(made.cost.bytes_down), in_milliseconds(made.seconds, 0.5), in_milliseconds(made.seconds, 0.95),
         in_milliseconds(made.seconds, 0.99), wanted_count(wanted, count) > 0 ? "allowed" : "denied"});
    for (std::size_t at = 0; at < kShares.size(); ++at) {
      Account::point(charts_[at * kPolicies.size() + static_cast<std::size_t>(wanted)], contender.name,
                     static_cast<double>(count), bench::quantile(made.seconds, kShares[at]));
    }
    account_.sample(fmt::format("admission/{}/n:{}/policy:{}", contender.name, count, name(wanted)), "s",
                    std::move(made.seconds));
  }

  Grounds& grounds_;
  const ScenarioOptions& options_;
  const AdmissionSizes& sizes_;
  Account& account_;
  std::vector<bench::Chart> charts_;  ///< of each share, in the order of the policies
  bench::Table table_{"Time from the tag to the decision, ms",
                      {"variant", "attachments", "policy", "requests", "bytes", "p50", "p95", "p99", "decision"},
                      {}};
  bench::Table laws_{"Growth of the median with the number of attachments, seconds", {"variant", "policy", "law"}, {}};
};

}  // namespace

Found run_admission(Grounds& grounds, const ScenarioOptions& options, const AdmissionSizes& sizes) {
  Account account("admission", "How long a decision under a policy takes, by the number of attachments.");
  Admission admission(grounds, options, sizes, account);
  measure_each(grounds, options, account, true,
               [&](const Contender& contender, Client& client) { return admission.measure(contender, client); });
  admission.close();
  return account.finish();
}

Found admission(Grounds& grounds, const ScenarioOptions& options) {
  const auto repeated = static_cast<std::size_t>(std::max(options.repetitions, 1));
  if (options.full) return run_admission(grounds, options, {{0, 1, 10, 100, 1000, 10'000}, 2 * repeated});
  return run_admission(grounds, options, {{0, 1, 10, 100}, 2 * repeated});
}

}  // namespace referee::suites::benchmarks
