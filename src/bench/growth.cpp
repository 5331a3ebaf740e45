#include "referee/bench/growth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <ranges>
#include <vector>

namespace referee::bench {
namespace {

constexpr std::array kLaws{Law::kConstant, Law::kLogarithmic,  Law::kRoot,
                           Law::kLinear,   Law::kLinearithmic, Law::kQuadratic};
/// A law that grows faster has to predict this much better.
constexpr double kMuchBetter = 0.8;
/// Growth that is less than this part of the cost is none: while a repository fills, a machine drifts by a fifth.
constexpr double kNoGrowth = 1.0 / 3;
constexpr std::size_t kLeastPoints = 4;

double g(Law law, double n) {
  switch (law) {
    case Law::kConstant:
      return 0;
    case Law::kLogarithmic:
      return std::log2(1 + n);
    case Law::kRoot:
      return std::sqrt(n);
    case Law::kLinear:
      return n;
    case Law::kLinearithmic:
      return n * std::log2(1 + n);
    case Law::kQuadratic:
      return n * n;
  }
  return 0;
}

struct Line {
  double base = 0;
  double factor = 0;
  [[nodiscard]] double at(Law law, double n) const { return base + (factor * g(law, n)); }
};

/// Least squares of (cost - base - factor * g) / cost, with neither below zero; `without` is left out.
Line fit(std::span<const Point> points, Law law, std::optional<std::size_t> without = {}) {
  double one = 0;
  double x = 0;
  double xx = 0;
  double y = 0;
  double xy = 0;
  for (std::size_t at = 0; at < points.size(); ++at) {
    if (at == without) continue;
    const double weight = 1 / (points[at].cost * points[at].cost);
    const double value = g(law, points[at].n);
    one += weight;
    x += weight * value;
    xx += weight * value * value;
    y += weight * points[at].cost;
    xy += weight * value * points[at].cost;
  }
  const Line flat{one > 0 ? y / one : 0, 0};
  const double determinant = (one * xx) - (x * x);
  if (law == Law::kConstant || determinant <= one * xx * 1e-12) return flat;
  const Line line{((y * xx) - (x * xy)) / determinant, ((one * xy) - (x * y)) / determinant};
  if (line.factor <= 0) return flat;
  return line.base >= 0 ? line : Line{0, xy / xx};
}

double relative_error(const Point& point, double fitted) {
  return (point.cost - fitted) / point.cost;
}

double error_left_out(std::span<const Point> points, Law law) {
  double sum = 0;
  for (std::size_t at = 0; at < points.size(); ++at) {
    const double error = relative_error(points[at], fit(points, law, at).at(law, points[at].n));
    sum += error * error;
  }
  return std::sqrt(sum / static_cast<double>(points.size()));
}

/// One point for each n: the median of its costs.
std::vector<Point> merged(std::span<const Point> points) {
  std::map<double, std::vector<double>> costs;
  for (const auto& point : points) {
    if (point.n >= 0 && point.cost > 0 && std::isfinite(point.n) && std::isfinite(point.cost)) {
      costs[point.n].push_back(point.cost);
    }
  }
  std::vector<Point> made;
  for (auto& [n, all] : costs) {
    std::ranges::sort(all);
    const auto half = all.size() / 2;
    made.push_back({n, all.size() % 2 == 1 ? all[half] : (all[half - 1] + all[half]) / 2});
  }
  return made;
}

double exponent_of(const std::vector<Point>& points) {
  const auto& last = points.back();
  for (const auto& point : std::views::reverse(points)) {
    if (point.n > 0 && point.n * 4 <= last.n) return std::log(last.cost / point.cost) / std::log(last.n / point.n);
  }
  return 0;
}

}  // namespace

std::string_view name(Law law) {
  switch (law) {
    case Law::kConstant:
      return "O(1)";
    case Law::kLogarithmic:
      return "O(log n)";
    case Law::kRoot:
      return "O(sqrt n)";
    case Law::kLinear:
      return "O(n)";
    case Law::kLinearithmic:
      return "O(n log n)";
    case Law::kQuadratic:
      return "O(n^2)";
  }
  return "";
}

Growth fit_growth(std::span<const Point> all) {
  Growth growth;
  const auto points = merged(all);
  if (points.size() < kLeastPoints) return growth;
  growth.enough = true;
  growth.exponent = exponent_of(points);
  double best = error_left_out(points, Law::kConstant);
  for (const auto law : kLaws) {
    const auto line = fit(points, law);
    const double grown = line.at(law, points.back().n) - line.at(law, points.front().n);
    if (law != Law::kConstant && grown < kNoGrowth * line.at(law, points.back().n)) continue;
    const double error = error_left_out(points, law);
    if (law != Law::kConstant && error >= best * kMuchBetter) continue;
    best = error;
    growth.law = law;
    growth.base = line.base;
    growth.factor = line.factor;
  }
  double sum = 0;
  for (const auto& point : points) {
    const double error = relative_error(point, growth.base + (growth.factor * g(growth.law, point.n)));
    sum += error * error;
  }
  growth.error = std::sqrt(sum / static_cast<double>(points.size()));
  return growth;
}

std::string growth_text(const Growth& growth) {
  if (!growth.enough) return "too few counts to tell";
  static constexpr std::array kTerms{"", " log2(1+n)", " sqrt(n)", " n", " n log2(1+n)", " n^2"};
  auto text = fmt::format("{}: {:.3g}", name(growth.law), growth.base);
  if (growth.law != Law::kConstant) {
    text += fmt::format(" + {:.3g}{}", growth.factor, kTerms[static_cast<std::size_t>(growth.law)]);
  }
  return text + fmt::format(", {:.0f} % off, exponent {:.2f}", growth.error * 100, growth.exponent);
}

}  // namespace referee::bench
