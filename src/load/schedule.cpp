#include "referee/load/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "referee/oci/random.hpp"

namespace referee::load {

Schedule::Schedule(const Plan& plan) {
  unsigned common = 0;
  for (const auto weight : plan.weights) common = std::gcd(common, weight);
  for (std::size_t kind = 0; kind < plan.weights.size() && common > 0; ++kind) {
    deck_.insert(deck_.end(), plan.weights[kind] / common, kind);
  }
  if (deck_.empty()) deck_.push_back(0);
  oci::Random random(plan.seed, "deck");
  for (auto left = deck_.size(); left > 1; --left) std::swap(deck_[left - 1], deck_[random.below(left)]);
  if (plan.rate <= 0) return;
  period_ = 1e9 / plan.rate;
  const auto whole = std::chrono::duration<double>(plan.warm_up + plan.duration).count();
  count_ = static_cast<std::uint64_t>(std::llround(plan.rate * whole));
}

std::chrono::nanoseconds Schedule::due(std::uint64_t number) const {
  return std::chrono::nanoseconds(std::llround(period_ * static_cast<double>(number)));
}

}  // namespace referee::load
