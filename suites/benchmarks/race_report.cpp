#include "race_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "referee/bench/statistics.hpp"

namespace referee::suites::benchmarks {

void RaceReport::tell(const Contender& contender, const RaceTurn& turn, const RaceCount& race) {
  const bool shares = shares_document(*contender.variant);
  const auto total = race.rounds * turn.writers;
  const auto each = [&](std::uint64_t count) {
    return fmt::format("{:.1f}", static_cast<double>(count) / static_cast<double>(total));
  };
  const std::string_view conditions = !shares ? "-" : turn.conditions ? "yes" : "no";
  const bool right = race.lost == 0 && race.failed == 0;
  const auto time = in_milliseconds(race.seconds, 0.5);
  table_.rows.push_back({contender.name, std::to_string(turn.writers), shares ? std::to_string(turn.window) : "-",
                         std::string(conditions), fmt::format("{} of {}", race.lost, total),
                         std::to_string(race.failed), each(race.retries), each(race.requests),
                         right ? time : "(" + time + ")"});
  const auto name = fmt::format("race/{}/k:{}/window:{}/conditions:{}", contender.name, turn.writers, turn.window,
                                turn.conditions ? "yes" : "no");
  const auto rounds = static_cast<double>(race.rounds);
  const auto lost = static_cast<double>(race.lost) / rounds;
  if (right) account_.sample(name, "s", race.seconds);
  account_.sample(name + "/lost", "1", {lost});
  account_.sample(name + "/requests", "1", {static_cast<double>(race.requests) / rounds});
  sum_up(contender, turn, race);
  const auto x = static_cast<double>(turn.writers);
  Account::point(lost_at(shares, turn), contender.name, x, lost);
  if (shares && turn.window != sizes_.windows.back()) return;
  if (turn.conditions) Account::point(retries_, contender.name, x, static_cast<double>(race.retries) / rounds);
  if (right && (turn.conditions || !shares)) Account::point(times_, contender.name, x, bench::median(race.seconds));
}

bench::Chart& RaceReport::lost_at(bool shares, const RaceTurn& turn) {
  const auto panel =
      !shares ? std::string("nothing is shared: no window, no condition")
              : fmt::format("{} conditional writes, window {} ms", turn.conditions ? "with" : "without", turn.window);
  auto found = std::ranges::find(lost_, panel, &bench::Chart::panel);
  if (found == lost_.end()) {
    found =
        lost_.insert(found, {"Lost attachments", "writers at once", "lost in a round, mean", true, true, {}, panel});
  }
  return *found;
}

void RaceReport::sum_up(const Contender& contender, const RaceTurn& turn, const RaceCount& race) {
  auto& sums = sums_[contender.name];
  auto& sum = turn.conditions ? sums.with : sums.without;
  sum.lost += race.lost;
  sum.total += race.rounds * turn.writers;
  sum.failed += race.failed;
  if (turn.writers == sizes_.writers.back()) sum.retries = std::max(sum.retries, race.retries / race.rounds);
}

void RaceReport::close() {
  account_.result.tables.push_back(std::move(table_));
  say_losses();
  say_costs();
  for (auto& chart : lost_) account_.result.charts.push_back(std::move(chart));
  for (auto* chart : {&retries_, &times_}) account_.result.charts.push_back(std::move(*chart));
}

void RaceReport::say_losses() {
  std::string never;
  std::string without;
  std::string with;
  std::string none_with;
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
  }
  auto& findings = account_.result.findings;
  if (!never.empty()) findings.push_back("Nothing is lost, without any conditional write: " + never + ".");
  if (!without.empty()) findings.push_back("Lost without conditional writes: " + without + ".");
  if (!with.empty()) findings.push_back("Lost in spite of conditional writes: " + with + ".");
  if (!none_with.empty()) findings.push_back("Nothing is lost with conditional writes: " + none_with + ".");
}

void RaceReport::say_costs() {
  auto& findings = account_.result.findings;
  const auto most = sizes_.writers.back();
  std::pair<std::size_t, std::string> retries{0, ""};
  for (const auto& [name, sums] : sums_) retries = std::max(retries, {sums.with.retries, name});
  if (retries.first > 0) {
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

}  // namespace referee::suites::benchmarks
