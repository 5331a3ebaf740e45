#include "referee/bench/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace referee::bench {
namespace {

std::map<std::string, const Samples*> by_name(const SampleFile& file) {
  std::map<std::string, const Samples*> found;
  for (const auto& samples : file.samples) found.emplace(samples.name, &samples);
  return found;
}

void warn_of_machines(const SampleFile& before, const SampleFile& after, std::vector<std::string>& warnings) {
  for (const char* key : {"num_cpus", "mhz_per_cpu", "cpu", "governor", "virtualized", "kernel", "target"}) {
    const auto first = before.context.find(key);
    const auto second = after.context.find(key);
    if (first == before.context.end() || second == after.context.end() || first->second == second->second) continue;
    warnings.push_back(fmt::format("{} differs: {} and {}", key, first->second, second->second));
  }
}

}  // namespace

bool Comparison::regressed() const {
  return std::ranges::any_of(compared,
                             [](const Compared& one) { return one.judgement.difference == Difference::kLarger; });
}

Comparison compare(const SampleFile& before, const SampleFile& after, const ComparisonOptions& options) {
  Comparison comparison;
  comparison.options = options;
  const auto later = by_name(after);
  const auto earlier = by_name(before);
  std::vector<Pair> pairs;
  for (const auto& samples : before.samples) {
    const auto other = later.find(samples.name);
    if (other == later.end()) {
      comparison.only_before.push_back(samples.name);
      continue;
    }
    pairs.push_back({samples.seconds, other->second->seconds});
    comparison.compared.push_back({samples.name,
                                   samples.seconds.size(),
                                   other->second->seconds.size(),
                                   median(samples.seconds),
                                   median(other->second->seconds),
                                   {}});
  }
  for (const auto& samples : after.samples) {
    if (!earlier.contains(samples.name)) comparison.only_after.push_back(samples.name);
  }
  const auto judgements = judge(pairs, options.threshold, options.level);
  for (std::size_t at = 0; at < judgements.size(); ++at) comparison.compared[at].judgement = judgements[at];
  warn_of_machines(before, after, comparison.warnings);
  for (const auto& name : before.wrong) comparison.warnings.push_back("does not count in the first: " + name);
  for (const auto& name : after.wrong) comparison.warnings.push_back("does not count in the second: " + name);
  return comparison;
}

std::optional<double> noise_of(const SampleFile& first, const SampleFile& second) {
  std::optional<double> noise;
  const auto other = by_name(second);
  for (const auto& samples : first.samples) {
    const auto found = other.find(samples.name);
    if (found == other.end() || std::min(samples.seconds.size(), found->second->seconds.size()) < kEnough) continue;
    if (const auto quotient = ratio(samples.seconds, found->second->seconds)) {
      noise = std::max(noise.value_or(0), std::abs(quotient->estimate - 1));
    }
  }
  return noise;
}

}  // namespace referee::bench
