#pragma once

#include <optional>
#include <string>
#include <vector>

#include "referee/bench/samples.hpp"
#include "referee/bench/statistics.hpp"

/// Two runs of the same benchmarks, compared: which times differ, by how much, and how sure that is.
namespace referee::bench {

struct ComparisonOptions {
  double threshold = 0.1;  ///< what a ratio has to differ from 1 by
  double level = 0.01;     ///< of p, corrected for the number of comparisons
};

struct Compared {
  std::string name;
  std::size_t before = 0;  ///< repetitions
  std::size_t after = 0;
  double before_median = 0;  ///< seconds
  double after_median = 0;
  Judgement judgement;
};

struct Comparison {
  ComparisonOptions options;
  std::vector<Compared> compared;  ///< in the order of the first run
  std::vector<std::string> only_before;
  std::vector<std::string> only_after;
  std::vector<std::string> warnings;  ///< machines that differ, benchmarks that do not count
  /// Of an A/A run: the largest part by which a ratio differed from 1 between two runs of the same. 0: none was given.
  double noise = 0;

  /// Something is slower, beyond the threshold.
  [[nodiscard]] bool regressed() const;
};

Comparison compare(const SampleFile& before, const SampleFile& after, const ComparisonOptions& options = {});
/// The largest part by which the ratio of medians of the two differs from 1; of those with enough repetitions. nullopt
/// if the two have none of those in common.
std::optional<double> noise_of(const SampleFile& first, const SampleFile& second);

/// A line for each, those that differ first, and a summary.
std::string comparison_text(const Comparison& comparison);
/// reports/schemas/comparison.schema.json.
std::string comparison_json(const Comparison& comparison);
/// A table for a pull request: what differs, and how many do not.
std::string comparison_markdown(const Comparison& comparison);

}  // namespace referee::bench
