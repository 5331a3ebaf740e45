#include "referee/bench/histogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace referee::bench {
namespace {

/// Values below this have a bucket each; above, as many buckets as half of it for each power of two.
constexpr std::uint64_t kExact = 2048;
constexpr std::uint64_t kHalf = kExact / 2;
constexpr int kExactBits = 11;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

constexpr std::size_t bucket_of(std::uint64_t value) {
  if (value < kExact) return static_cast<std::size_t>(value);
  const auto shift = static_cast<std::uint64_t>(std::bit_width(value) - kExactBits);
  return static_cast<std::size_t>((shift * kHalf) + (value >> shift));
}

/// The largest value of a bucket.
constexpr std::uint64_t top_of(std::size_t bucket) {
  if (bucket < kExact) return bucket;
  const std::uint64_t shift = (bucket / kHalf) - 1;
  return ((bucket - (shift * kHalf) + 1) << shift) - 1;
}

/// The smallest one.
constexpr std::uint64_t bottom_of(std::size_t bucket) {
  return bucket == 0 ? 0 : top_of(bucket - 1) + 1;
}

constexpr std::size_t kBuckets = bucket_of(Histogram::kLongest) + 1;
static_assert(top_of(kBuckets - 1) == Histogram::kLongest);
static_assert(top_of(bucket_of(kExact)) == kExact + 1 && bucket_of(kExact + 2) == bucket_of(kExact) + 1);

std::uint64_t plus(std::uint64_t one, std::uint64_t other) {
  return one > kMost - other ? kMost : one + other;
}
std::uint64_t times(std::uint64_t one, std::uint64_t other) {
  return other != 0 && one > kMost / other ? kMost : one * other;
}

}  // namespace

Histogram::Histogram() : buckets_(kBuckets, 0) {}

void Histogram::record(std::uint64_t nanoseconds, std::uint64_t times_seen) {
  if (times_seen == 0) return;
  if (nanoseconds > kLongest) saturated_ += times_seen;
  const auto value = std::min(nanoseconds, kLongest);
  buckets_[bucket_of(value)] += times_seen;
  count_ += times_seen;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ = plus(sum_, times(value, times_seen));
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t at = 0; at < buckets_.size(); ++at) buckets_[at] += other.buckets_[at];
  count_ += other.count_;
  saturated_ += other.saturated_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ = plus(sum_, other.sum_);
}

double Histogram::mean() const {
  return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

std::uint64_t Histogram::quantile(double share) const {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_)));
  const auto rank = std::clamp<std::uint64_t>(wanted, 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t at = 0; at < buckets_.size(); ++at) {
    seen += buckets_[at];
    if (seen >= rank) return std::clamp(top_of(at), min_, max_);
  }
  return max_;
}

std::uint64_t Histogram::count_up_to(std::uint64_t nanoseconds) const {
  const auto last = bucket_of(std::min(nanoseconds, kLongest));
  std::uint64_t seen = 0;
  for (std::size_t at = 0; at <= last; ++at) seen += buckets_[at];
  return seen;
}

std::string Histogram::to_json() const {
  nlohmann::ordered_json counts = nlohmann::ordered_json::array();
  for (std::size_t at = 0; at < buckets_.size(); ++at) {
    if (buckets_[at] != 0) counts.push_back({top_of(at), buckets_[at]});
  }
  const nlohmann::ordered_json document{{"layout", "log-linear-1024"},
                                        {"unit", "ns"},
                                        {"count", count_},
                                        {"saturated", saturated_},
                                        {"min", min()},
                                        {"max", max_},
                                        {"sum", sum_},
                                        {"counts", counts}};
  return document.dump();
}

tl::expected<Histogram, std::string> Histogram::from_json(std::string_view json) {
  const auto broken = [](std::string_view why) { return tl::unexpected(fmt::format("no histogram of ours: {}", why)); };
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object()) return broken("not a JSON object");
  if (document.value("layout", nlohmann::json()) != "log-linear-1024") return broken("another layout");
  if (document.value("unit", nlohmann::json()) != "ns") return broken("another unit");
  const auto number = [&](const char* key) -> std::optional<std::uint64_t> {
    const auto found = document.find(key);
    if (found == document.end() || !found->is_number_unsigned()) return {};
    return found->get<std::uint64_t>();
  };
  const auto count = number("count");
  const auto saturated = number("saturated");
  const auto min = number("min");
  const auto max = number("max");
  const auto sum = number("sum");
  const auto counts = document.find("counts");
  if (!count || !saturated || !min || !max || !sum || counts == document.end() || !counts->is_array()) {
    return broken("a field is missing or of another kind");
  }
  Histogram made;
  std::uint64_t before = 0;
  std::uint64_t least_sum = 0;
  std::uint64_t most_sum = 0;
  for (const auto& entry : *counts) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_unsigned() || !entry[1].is_number_unsigned()) {
      return broken("a count is not a pair of numbers");
    }
    const auto top = entry[0].get<std::uint64_t>();
    const auto times_seen = entry[1].get<std::uint64_t>();
    if (top > kLongest || top_of(bucket_of(top)) != top || times_seen == 0) return broken("a count of no bucket");
    if (made.count_ != 0 && top <= before) return broken("counts out of order");
    if (times_seen > *count - made.count_) return broken("the counts are more than their sum");
    before = top;
    made.buckets_[bucket_of(top)] = times_seen;
    least_sum = plus(least_sum, times(bottom_of(bucket_of(top)), times_seen));
    most_sum = plus(most_sum, times(top, times_seen));
    made.count_ += times_seen;
  }
  if (made.count_ != *count) return broken("the counts are less than their sum");
  if (*saturated > *count || *min > *max || *max > kLongest) return broken("limits that cannot be");
  if (*sum < least_sum || *sum > most_sum) return broken("a sum that does not fit the counts");
  if (made.count_ == 0) {
    if (*max != 0) return broken("an empty one with values");
    return made;
  }
  // The first and last bucket hold the smallest and the largest value.
  const auto& first = counts->front()[0];
  const auto& last = counts->back()[0];
  if (top_of(bucket_of(*min)) != first.get<std::uint64_t>() || top_of(bucket_of(*max)) != last.get<std::uint64_t>()) {
    return broken("limits that are not those of the counts");
  }
  made.saturated_ = *saturated;
  made.min_ = *min;
  made.max_ = *max;
  made.sum_ = *sum;
  return made;
}

}  // namespace referee::bench
