#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace referee::bench {

/// Counts durations in buckets whose width is at most 1/1024 of the values in them, as HdrHistogram does: the whole
/// range from a nanosecond to 73 minutes in 270 kB, each recording a few instructions. Not thread-safe: a thread has
/// its own, and those are merged, which loses nothing.
class Histogram {
 public:
  /// Nanoseconds; longer ones are counted as this much, and told by saturated().
  static constexpr std::uint64_t kLongest = (std::uint64_t{1} << 42U) - 1;

  Histogram();

  void record(std::uint64_t nanoseconds, std::uint64_t times = 1);
  /// The values of `other` join these, exactly as if they had been recorded here.
  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t saturated() const { return saturated_; }
  /// Exact; 0 of an empty one.
  [[nodiscard]] std::uint64_t min() const { return count_ == 0 ? 0 : min_; }
  [[nodiscard]] std::uint64_t max() const { return max_; }
  [[nodiscard]] double mean() const;
  /// The smallest recorded value that at least this share (0 to 1) of all values does not exceed, as the largest value
  /// of its bucket but never above max(). 0 of an empty one.
  [[nodiscard]] std::uint64_t quantile(double share) const;
  /// How many values lie in buckets up to the one of `nanoseconds`.
  [[nodiscard]] std::uint64_t count_up_to(std::uint64_t nanoseconds) const;

  /// One line of JSON that keeps everything, for `from_json`.
  [[nodiscard]] std::string to_json() const;
  /// Fails with one line on anything that to_json() does not write: other layouts, sums that do not fit the counts.
  static tl::expected<Histogram, std::string> from_json(std::string_view json);

  friend bool operator==(const Histogram&, const Histogram&) = default;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t saturated_ = 0;
  std::uint64_t min_ = kLongest;
  std::uint64_t max_ = 0;
  std::uint64_t sum_ = 0;  ///< stays at its largest value once it is reached
};

}  // namespace referee::bench
