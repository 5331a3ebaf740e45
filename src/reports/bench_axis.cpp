#include "bench_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <set>

namespace referee::reports {
namespace {

/// No measurement is larger or, unless it is zero, smaller.
constexpr double kMost = 1e18;
constexpr double kLeast = 1e-12;

bool has_place(double value, bool log) {
  if (!std::isfinite(value) || std::abs(value) > kMost) return false;
  return !log || value == 0 || value >= kLeast;
}

/// Three digits that count, without zeros at the end.
std::string short_number(double value) {
  const double size = std::abs(value);
  auto text = fmt::format("{:.{}f}", value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
  if (size > 0 && size < 0.01) text = fmt::format("{:.2g}", value);
  if (text.find('e') == std::string::npos && text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string with_commas(double value) {
  auto text = fmt::format("{:.0f}", value);
  const std::size_t first = text.front() == '-' ? 1 : 0;
  for (auto at = text.size(); at > first + 3;) text.insert(at -= 3, ",");
  return text;
}

struct Unit {
  double size;
  const char* name;
};

std::string in_units(double value, const Unit* units, std::size_t count) {
  std::size_t at = 0;
  // 999.6 of the smaller unit would be written as 1000.
  while (at + 1 < count && std::abs(value) >= units[at + 1].size * 0.9995) ++at;
  return fmt::format("{} {}", short_number(value / units[at].size), units[at].name);
}

constexpr std::array<Unit, 4> kTimes{{{1e-9, "ns"}, {1e-6, "µs"}, {1e-3, "ms"}, {1, "s"}}};
constexpr std::array<Unit, 5> kSizes{{{1, "B"}, {1e3, "kB"}, {1e6, "MB"}, {1e9, "GB"}, {1e12, "TB"}}};

/// 1, 2 or 5 times a power of ten, not below the value.
double nice_step(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= value * 0.999999) return factor * power;
  }
  return 10 * power;
}

/// The nearest of 1, 2 and 5 times a power of ten that is not above, or not below, as a logarithm.
double nice_log(double log, bool up) {
  const double decade = std::floor(log);
  constexpr std::array kSteps{0.0, 0.30103, 0.69897, 1.0};
  constexpr double kClose = 1e-4;
  double best = up ? decade + 1 : decade;
  for (const double step : kSteps) {
    const double at = decade + step;
    if (up && at >= log - kClose) return at;
    if (!up && at <= log + kClose) best = at;
  }
  return best;
}

}  // namespace

Quantity quantity_of(std::string_view label) {
  if (label.ends_with("seconds")) return Quantity::kSeconds;
  return label.starts_with("bytes") ? Quantity::kBytes : Quantity::kNumber;
}

std::string value_text(double value, Quantity quantity) {
  if (!std::isfinite(value)) return "not a number";
  if (std::abs(value) > kMost) return fmt::format("{:.3g}", value);
  if (value == 0) return "0";
  if (quantity == Quantity::kSeconds) return in_units(value, kTimes.data(), kTimes.size());
  if (quantity == Quantity::kBytes) return in_units(value, kSizes.data(), kSizes.size());
  return std::abs(value) >= 1000 ? with_commas(value) : short_number(value);
}

Axis::Axis(const std::vector<double>& values, bool log, Quantity quantity, Ends ends) : log_(log), quantity_(quantity) {
  constexpr std::size_t kFew = 12;
  std::set<double> distinct;
  bool any = false;
  for (const double value : values) {
    if (!has_place(value, log_)) continue;
    if (distinct.size() <= kFew) distinct.insert(value);
    if (log_ && value == 0) {
      zero_ = true;
      continue;
    }
    const double at = log_ ? std::log10(value) : value;
    low_ = any ? std::min(low_, at) : at;
    high_ = any ? std::max(high_, at) : at;
    any = true;
  }
  if (!any) {
    low_ = 0;
    high_ = 1;
  }
  if (ends == Ends::kRound) {
    round_ends();
    return;
  }
  if (distinct.size() <= kFew) chosen_.assign(distinct.begin(), distinct.end());
  if (high_ > low_) return;
  // One value alone stands in the middle, or, beside zero, at the end.
  const double half = log_ ? 0.5 : std::max(std::abs(high_), 1.0);
  low_ -= half;
  if (!has_gap()) high_ += half;
}

void Axis::round_ends() {
  if (log_) {
    low_ = nice_log(low_, false);
    high_ = nice_log(high_, true);
    if (high_ - low_ < 0.5) {
      low_ = nice_log(low_ - 0.15, false);
      high_ = nice_log(high_ + 0.15, true);
    }
    return;
  }
  // Lengths from zero can be compared.
  low_ = std::min(low_, 0.0);
  high_ = std::max(high_, 0.0);
  if (high_ == low_) high_ = low_ + 1;
  const double step = nice_step((high_ - low_) / 5);
  low_ = std::floor(low_ / step + 1e-9) * step;
  high_ = std::ceil(high_ / step - 1e-9) * step;
}

std::optional<double> Axis::place(double value) const {
  if (!has_place(value, log_)) return std::nullopt;
  if (!log_) return std::clamp((value - low_) / (high_ - low_), 0.0, 1.0);
  if (value == 0) return 0;
  const double start = has_gap() ? kGap : 0;
  return start + std::clamp((std::log10(value) - low_) / (high_ - low_), 0.0, 1.0) * (1 - start);
}

std::vector<Axis::Tick> Axis::ticks(std::size_t most, double columns) const {
  if (!chosen_.empty()) return chosen_ticks(columns);
  if (log_) return log_ticks(most);
  std::vector<Tick> all;
  const double step = nice_step((high_ - low_) / static_cast<double>(std::max<std::size_t>(most, 1)));
  const auto count = static_cast<int>(std::floor((high_ - low_) / step + 1e-6));
  for (int number = 0; number <= count; ++number) {
    // A sum would drift.
    double value = (std::ceil(low_ / step - 1e-9) + number) * step;
    if (std::abs(value) < step * 1e-9) value = 0;
    if (value > high_ + step * 1e-6) break;
    all.push_back({place(value).value_or(0), value_text(value, quantity_)});
  }
  return all;
}

/// The last one always, the others where there is room.
std::vector<Axis::Tick> Axis::chosen_ticks(double columns) const {
  const auto touch = [&](const Tick& a, const Tick& b) {
    const double half = static_cast<double>(a.text.size() + b.text.size()) / 2;
    return std::abs(b.at - a.at) * columns < half + 1;
  };
  const auto tick = [&](double value) { return Tick{place(value).value_or(0), value_text(value, quantity_)}; };
  const auto last = tick(chosen_.back());
  std::vector<Tick> all;
  for (const double value : chosen_) {
    auto made = tick(value);
    if (value != chosen_.back() && ((!all.empty() && touch(all.back(), made)) || touch(made, last))) continue;
    all.push_back(std::move(made));
  }
  return all;
}

std::vector<Axis::Tick> Axis::log_ticks(std::size_t most) const {
  const auto first = static_cast<int>(std::floor(low_ + 1e-4));
  const auto last = static_cast<int>(std::floor(high_ + 1e-4));
  const auto made = [&](std::initializer_list<double> factors, int stride) {
    std::vector<Tick> all;
    if (has_gap()) all.push_back({0, "0"});
    for (int exponent = first; exponent <= last; exponent += stride) {
      for (const double factor : factors) {
        const double log = exponent + std::log10(factor);
        if (log < low_ - 1e-4 || log > high_ + 1e-4) continue;
        const double value = factor * std::pow(10, exponent);
        all.push_back({place(value).value_or(0), value_text(value, quantity_)});
      }
    }
    return all;
  };
  for (const auto factors : {std::initializer_list<double>{1, 2, 5}, std::initializer_list<double>{1, 3}}) {
    if (auto all = made(factors, 1); all.size() <= most + 1) return all;
  }
  const auto decades = static_cast<std::size_t>(std::max(last - first, 1));
  return made({1}, static_cast<int>((decades + most - 1) / std::max<std::size_t>(most, 1)));
}

}  // namespace referee::reports
