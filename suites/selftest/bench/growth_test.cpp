// Laws of growth from costs that follow one, with noise.
#include "referee/bench/growth.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace referee::bench {
namespace {

using testing::AnyOf;
using testing::DoubleNear;
using testing::HasSubstr;

const std::vector<double> kCounts{10, 32, 100, 316, 1000, 3162, 10'000};

std::vector<Point> measured(const std::function<double(double)>& cost, double noise, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<Point> points;
  for (const double n : kCounts) {
    for (int repetition = 0; repetition < 5; ++repetition) {
      const double uniform = static_cast<double>(random() >> 11U) / 9007199254740992.0;
      points.push_back({n, cost(n) * (1 + (noise * ((2 * uniform) - 1)))});
    }
  }
  return points;
}

struct Truth {
  Law law;
  std::function<double(double)> cost;
};
const std::vector<Truth> kTruths{
    {Law::kConstant, [](double /*n*/) { return 0.3; }},
    {Law::kLogarithmic, [](double n) { return 0.2 + (0.05 * std::log2(1 + n)); }},
    {Law::kRoot, [](double n) { return 0.2 + (0.02 * std::sqrt(n)); }},
    {Law::kLinear, [](double n) { return 0.2 + (0.001 * n); }},
    {Law::kLinear, [](double n) { return 0.01 * n; }},
    {Law::kLinearithmic, [](double n) { return 0.001 * n * std::log2(1 + n); }},
    {Law::kQuadratic, [](double n) { return 0.2 + (1e-6 * n * n); }},
};

TEST(GrowthFit, FindsTheLawBehindTheCosts) {
  for (const auto& truth : kTruths) {
    const auto growth = fit_growth(measured(truth.cost, 0, 1));
    EXPECT_EQ(growth.law, truth.law) << growth_text(growth);
    EXPECT_LT(growth.error, 1e-6) << growth_text(growth);
    EXPECT_TRUE(growth.enough);
  }
}

TEST(GrowthFit, IsNotMisledByNoise) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    for (const auto& truth : kTruths) {
      const auto growth = fit_growth(measured(truth.cost, 0.05, seed));
      EXPECT_EQ(growth.worse_than_logarithmic(), truth.law > Law::kLogarithmic)
          << name(truth.law) << ", seed " << seed << ": " << growth_text(growth);
      // A factor of log n over a linear cost is easily lost in noise.
      if (truth.law == Law::kLinearithmic) {
        EXPECT_THAT(growth.law, AnyOf(Law::kLinear, Law::kLinearithmic)) << seed;
      } else {
        EXPECT_EQ(growth.law, truth.law) << seed << ": " << growth_text(growth);
      }
    }
  }
}

TEST(GrowthFit, GivesFactorsAndTheExponentOfTheEnd) {
  const auto linear = fit_growth(measured([](double n) { return 0.5 + (0.25 * n); }, 0, 1));
  EXPECT_THAT(linear.base, DoubleNear(0.5, 1e-6));
  EXPECT_THAT(linear.factor, DoubleNear(0.25, 1e-9));
  EXPECT_THAT(linear.exponent, DoubleNear(1, 0.01));
  EXPECT_EQ(growth_text(linear), "O(n): 0.5 + 0.25 n, 0 % off, exponent 1.00");
  const auto flat = fit_growth(measured([](double /*n*/) { return 3; }, 0, 1));
  EXPECT_EQ(growth_text(flat), "O(1): 3, 0 % off, exponent 0.00");
}

TEST(GrowthFit, TakesShrinkingCostsForConstant) {
  const auto growth = fit_growth(measured([](double n) { return 5 / (1 + (0.001 * n)); }, 0, 1));
  EXPECT_EQ(growth.law, Law::kConstant);
  EXPECT_LT(growth.exponent, 0);
}

TEST(GrowthFit, TakesTheDriftOfAMachineForConstant) {
  // HEAD of a blob as a real registry answered it: a tenth more after a hundred times as much is no law.
  const std::vector<Point> points{{10, 0.73}, {32, 0.75}, {100, 0.70}, {316, 0.75}, {1000, 0.82}};
  EXPECT_EQ(fit_growth(points).law, Law::kConstant) << growth_text(fit_growth(points));
  // A manifest by its digest: the last point alone is a fifth above the first.
  const std::vector<Point> last{{10, 0.44}, {32, 0.42}, {100, 0.38}, {316, 0.43}, {1000, 0.52}};
  EXPECT_EQ(fit_growth(last).law, Law::kConstant) << growth_text(fit_growth(last));
  // Twice as much is one, whatever it begins with.
  const std::vector<Point> twice{{10, 0.62}, {32, 0.60}, {100, 0.63}, {316, 0.76}, {1000, 1.30}};
  EXPECT_TRUE(fit_growth(twice).worse_than_logarithmic()) << growth_text(fit_growth(twice));
}

TEST(GrowthFit, SaysNothingOfTooFewCounts) {
  const std::vector<Point> points{{1, 1}, {10, 2}, {100, 3}, {100, 4}, {1000, 0}, {10'000, std::nan("")}};
  const auto growth = fit_growth(points);
  EXPECT_FALSE(growth.enough);
  EXPECT_FALSE(growth.worse_than_logarithmic());
  EXPECT_THAT(growth_text(growth), HasSubstr("too few"));
}

}  // namespace
}  // namespace referee::bench
