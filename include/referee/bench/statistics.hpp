#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// Comparing repeated measurements of two things without assuming how they are distributed: times are skewed, and a few
/// of them are far off.
namespace referee::bench {

/// The value below which this share (0 to 1) of the samples lies, between neighbours by their distance (type 7 of
/// Hyndman and Fan 1996, which R and NumPy use). 0 without samples.
double quantile(std::span<const double> samples, double share);
double median(std::span<const double> samples);

/// The test of Mann and Whitney (1947) for two independent samples.
struct MannWhitney {
  double u = 0;  ///< pairs in which the second is larger, ties counted half
  double p = 1;  ///< two-sided; exact for small samples without ties, else by the normal distribution, corrected for
                 ///< ties and continuity
  bool exact = false;
  /// The probability that a value of the second is larger than one of the first (Vargha and Delaney 2000): 0.5 is no
  /// difference, 0.56 a small one, 0.64 a medium one, 0.71 a large one.
  double superiority = 0.5;
};
MannWhitney mann_whitney(std::span<const double> first, std::span<const double> second);

/// How many times as large the second is, with the bounds of a 95 % confidence interval: the median of all quotients
/// (Hodges and Lehmann 1963, on logarithms) and the order statistics that the test above would not reject.
struct Ratio {
  double estimate = 1;
  double low = 1;
  double high = 1;
};
/// nullopt unless all samples are above zero and each side has at least four: with fewer, no interval has 95 %.
std::optional<Ratio> ratio(std::span<const double> first, std::span<const double> second);

/// The p values as if each were the only one, for as many comparisons (Holm 1979): to compare each with one limit keeps
/// the chance of even one false alarm below it.
std::vector<double> holm(std::span<const double> p);

/// What is said about two samples.
enum class Difference : std::uint8_t {
  kTooFew,   ///< less than kEnough on a side: nothing is said
  kNone,     ///< none that is certain
  kSmall,    ///< a certain one that stays within the threshold
  kLarger,   ///< certain, and beyond the threshold
  kSmaller,  ///< the same, in the other direction
};
std::string_view name(Difference difference);

struct Judgement {
  Difference difference = Difference::kTooFew;
  MannWhitney test;
  std::optional<Ratio> ratio;
  double adjusted_p = 1;  ///< for the number of comparisons
};

/// Samples of one measurement, before and after.
struct Pair {
  std::vector<double> first;
  std::vector<double> second;
};
inline constexpr std::size_t kEnough = 10;
/// Judges all together. `threshold` is the part by which a ratio has to differ from 1 (0.1: 10 %), `level` what an
/// adjusted p has to be below. Values that are not finite count as absent.
std::vector<Judgement> judge(std::span<const Pair> pairs, double threshold = 0.1, double level = 0.01);

}  // namespace referee::bench
