#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Where values stand in a chart, and how they are written.
namespace referee::reports {

/// What a number counts, told by the label of its axis.
enum class Quantity : std::uint8_t { kNumber, kSeconds, kBytes };
Quantity quantity_of(std::string_view label);

/// `34.2 ms`, `1.05 MB`, `12,000`: three digits that count, more where they are cheap. `not a number` for what is none.
std::string value_text(double value, Quantity quantity);

/// One axis, from 0 (its low end) to 1. Logarithmic axes have a place for zero below a gap, if zero occurs.
class Axis {
 public:
  struct Tick {
    double at = 0;
    std::string text;
  };

  enum class Ends : std::uint8_t {
    kRound,  ///< at ticks
    kTight,  ///< at the values, and ticks at the values if those are few: for counts that somebody chose
  };

  /// Spans those of `values` that have a place; at least something if none has.
  Axis(const std::vector<double>& values, bool log, Quantity quantity, Ends ends = Ends::kRound);

  /// nullopt for what is not finite, or beyond what any measurement is, and on logarithmic axes for what is negative.
  [[nodiscard]] std::optional<double> place(double value) const;
  /// Rising, at most about `most`; those at chosen values as many as `columns` characters have room for.
  [[nodiscard]] std::vector<Tick> ticks(std::size_t most, double columns = 60) const;
  /// Zero stands apart from the other values.
  [[nodiscard]] bool has_gap() const { return log_ && zero_; }
  [[nodiscard]] Quantity quantity() const { return quantity_; }

  /// Where the values begin that are not zero, if zero stands apart.
  static constexpr double kGap = 0.12;

 private:
  void round_ends();
  [[nodiscard]] std::vector<Tick> log_ticks(std::size_t most) const;
  [[nodiscard]] std::vector<Tick> chosen_ticks(double columns) const;

  bool log_;
  Quantity quantity_;
  bool zero_ = false;
  double low_ = 0;  ///< of logarithmic axes the logarithm
  double high_ = 1;
  std::vector<double> chosen_;  ///< the values, if they are few and the ends are tight
};

}  // namespace referee::reports
