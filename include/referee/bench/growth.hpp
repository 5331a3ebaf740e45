#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// How a cost grows with a count: which law fits best what was measured.
namespace referee::bench {

struct Point {
  double n = 0;     ///< the count, at least 0
  double cost = 0;  ///< above 0
};

/// In the order of growth. Each is `base + factor * g(n)` with neither below zero.
enum class Law : std::uint8_t {
  kConstant,      ///< g = 0
  kLogarithmic,   ///< g = log2(1 + n)
  kRoot,          ///< g = sqrt(n)
  kLinear,        ///< g = n
  kLinearithmic,  ///< g = n * log2(1 + n)
  kQuadratic,     ///< g = n * n
};
/// `O(1)`, `O(log n)`, ...
std::string_view name(Law law);

struct Growth {
  bool enough = false;  ///< at least four different n; without, nothing else is said
  Law law = Law::kConstant;
  double base = 0;
  double factor = 0;
  /// The root of the mean square of (measured - fitted) / measured.
  double error = 0;
  /// Slope between the two largest n that are a factor of four or more apart, on logarithms: 1 where doubling n doubles
  /// the cost. Nothing is fitted here; costs that do not depend on n hide the law at small ones only.
  double exponent = 0;

  [[nodiscard]] bool worse_than_logarithmic() const { return enough && law > Law::kLogarithmic; }
};

/// Fits every law by least squares of relative errors and takes the one that predicts points left out best; a law that
/// grows faster has to be better by a fifth, and its growth over the range has to be above a third of the cost.
Growth fit_growth(std::span<const Point> points);

/// `O(n): 0.8 + 0.0021 n, 2 % off, exponent 0.94`
std::string growth_text(const Growth& growth);

}  // namespace referee::bench
