#include "referee/bench/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <numeric>

namespace referee::bench {
namespace {

/// Up to this many pairs, p is counted out.
constexpr std::size_t kMostCounted = 400;
constexpr double kTwoSided95 = 1.959963984540054;

double sorted_quantile(std::span<const double> sorted, double share) {
  if (sorted.empty()) return 0;
  const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + ((at - static_cast<double>(below)) * (sorted[above] - sorted[below]));
}

/// How many of the orders of n and m values give each U, as a share of all: counts of partitions of U into at most n
/// parts of at most m, by their recurrence.
std::vector<double> distribution_of_u(std::size_t n, std::size_t m) {
  const std::size_t most = n * m;
  // The Gaussian binomial coefficient: product over i of (1 - q^(m+i)) / (1 - q^i).
  std::vector<double> counts(most + 1, 0);
  counts[0] = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t at = most; at >= m + i; --at) counts[at] -= counts[at - m - i];
    for (std::size_t at = i; at <= most; ++at) counts[at] += counts[at - i];
  }
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  for (auto& one : counts) one /= all;
  return counts;
}

struct Ranked {
  double u = 0;     ///< of the second
  double ties = 0;  ///< sum of t^3 - t over groups of equal values
};

Ranked rank(std::span<const double> first, std::span<const double> second) {
  struct Value {
    double value;
    bool second;
  };
  std::vector<Value> all;
  all.reserve(first.size() + second.size());
  for (const double value : first) all.push_back({value, false});
  for (const double value : second) all.push_back({value, true});
  std::ranges::sort(all, {}, &Value::value);
  Ranked ranked;
  double ranks = 0;
  for (std::size_t at = 0; at < all.size();) {
    std::size_t end = at;
    double seconds = 0;
    for (; end < all.size() && all[end].value == all[at].value; ++end) seconds += all[end].second ? 1 : 0;
    const auto equal = static_cast<double>(end - at);
    ranks += seconds * (static_cast<double>(at) + ((equal + 1) / 2));
    ranked.ties += (equal * equal * equal) - equal;
    at = end;
  }
  const auto m = static_cast<double>(second.size());
  ranked.u = ranks - (m * (m + 1) / 2);
  return ranked;
}

std::vector<double> finite(std::span<const double> samples) {
  std::vector<double> kept;
  std::ranges::copy_if(samples, std::back_inserter(kept), [](double value) { return std::isfinite(value); });
  return kept;
}

Difference difference_of(const Judgement& judgement, double threshold, double level) {
  if (judgement.adjusted_p >= level) return Difference::kNone;
  // Where something is zero there is no ratio: what is certain then is beyond any.
  if (!judgement.ratio) return judgement.test.superiority > 0.5 ? Difference::kLarger : Difference::kSmaller;
  const double by = judgement.ratio->estimate;
  if (by > 1 + threshold) return Difference::kLarger;
  // A ratio and its inverse are the same difference.
  return by < 1 / (1 + threshold) ? Difference::kSmaller : Difference::kSmall;
}

}  // namespace

double quantile(std::span<const double> samples, double share) {
  std::vector<double> sorted(samples.begin(), samples.end());
  std::ranges::sort(sorted);
  return sorted_quantile(sorted, share);
}

double median(std::span<const double> samples) {
  return quantile(samples, 0.5);
}

MannWhitney mann_whitney(std::span<const double> first, std::span<const double> second) {
  MannWhitney test;
  if (first.empty() || second.empty()) return test;
  const auto n = static_cast<double>(first.size());
  const auto m = static_cast<double>(second.size());
  const auto ranked = rank(first, second);
  test.u = ranked.u;
  test.superiority = ranked.u / (n * m);
  const double distance = std::abs(ranked.u - (n * m / 2));
  if (ranked.ties == 0 && first.size() * second.size() <= kMostCounted) {
    test.exact = true;
    const auto shares = distribution_of_u(first.size(), second.size());
    double tail = 0;
    for (std::size_t at = 0; at < shares.size(); ++at) {
      if (std::abs(static_cast<double>(at) - (n * m / 2)) >= distance - 1e-9) tail += shares[at];
    }
    test.p = std::min(1.0, tail);
    return test;
  }
  const double all = n + m;
  const double variance = n * m / 12 * ((all + 1) - (ranked.ties / (all * (all - 1))));
  if (variance <= 0) return test;  // all values are equal
  const double z = std::max(0.0, distance - 0.5) / std::sqrt(variance);
  test.p = std::min(1.0, std::erfc(z / std::numbers::sqrt2));
  return test;
}

std::optional<Ratio> ratio(std::span<const double> first, std::span<const double> second) {
  const auto positive = [](double value) { return value > 0 && std::isfinite(value); };
  if (std::min(first.size(), second.size()) < 4) return {};
  if (!std::ranges::all_of(first, positive) || !std::ranges::all_of(second, positive)) return {};
  std::vector<double> quotients;
  quotients.reserve(first.size() * second.size());
  for (const double one : first) {
    for (const double other : second) quotients.push_back(std::log(other) - std::log(one));
  }
  std::ranges::sort(quotients);
  const auto n = static_cast<double>(first.size());
  const auto m = static_cast<double>(second.size());
  // The smallest and largest shift that the test does not reject lie this many quotients from both ends.
  double cut = 0;
  if (first.size() * second.size() <= kMostCounted) {
    const auto shares = distribution_of_u(first.size(), second.size());
    double below = 0;
    std::size_t at = 0;
    for (; at < shares.size() && below + shares[at] <= 0.025; ++at) below += shares[at];
    cut = static_cast<double>(at);
  } else {
    cut = std::floor((n * m / 2) - (kTwoSided95 * std::sqrt(n * m * (n + m + 1) / 12)));
  }
  if (cut < 1) return {};
  const auto at = static_cast<std::size_t>(cut) - 1;
  return Ratio{std::exp(sorted_quantile(quotients, 0.5)), std::exp(quotients[at]),
               std::exp(quotients[quotients.size() - 1 - at])};
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t at) { return p[at]; });
  std::vector<double> adjusted(p.size(), 1);
  double largest = 0;
  for (std::size_t at = 0; at < order.size(); ++at) {
    largest = std::max(largest, std::min(1.0, p[order[at]] * static_cast<double>(p.size() - at)));
    adjusted[order[at]] = largest;
  }
  return adjusted;
}

std::string_view name(Difference difference) {
  switch (difference) {
    case Difference::kTooFew:
      return "too few repetitions";
    case Difference::kNone:
      return "no difference";
    case Difference::kSmall:
      return "within the threshold";
    case Difference::kLarger:
      return "larger";
    case Difference::kSmaller:
      return "smaller";
  }
  return "";
}

std::vector<Judgement> judge(std::span<const Pair> pairs, double threshold, double level) {
  std::vector<Judgement> judgements(pairs.size());
  std::vector<std::size_t> judged;
  std::vector<double> p;
  for (std::size_t at = 0; at < pairs.size(); ++at) {
    const auto first = finite(pairs[at].first);
    const auto second = finite(pairs[at].second);
    if (std::min(first.size(), second.size()) < kEnough) continue;
    judgements[at].test = mann_whitney(first, second);
    judgements[at].ratio = ratio(first, second);
    judged.push_back(at);
    p.push_back(judgements[at].test.p);
  }
  const auto adjusted = holm(p);
  for (std::size_t at = 0; at < judged.size(); ++at) {
    auto& judgement = judgements[judged[at]];
    judgement.adjusted_p = adjusted[at];
    judgement.difference = difference_of(judgement, threshold, level);
  }
  return judgements;
}

}  // namespace referee::bench
