// The histogram against distributions whose quantiles are known, and against damaged copies of itself.
#include "referee/bench/histogram.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

namespace referee::bench {
namespace {

using testing::HasSubstr;

/// A bucket is at most this part of its values wide.
constexpr double kWidth = 1.0 / 1024;
constexpr int kMany = 100'000;

/// Values at evenly spaced quantiles: they have the distribution without any chance.
std::vector<std::uint64_t> spread(const std::function<double(double)>& inverse) {
  std::vector<std::uint64_t> values;
  for (int at = 0; at < kMany; ++at) values.push_back(static_cast<std::uint64_t>(inverse((at + 0.5) / kMany)));
  return values;
}

Histogram of(const std::vector<std::uint64_t>& values) {
  Histogram made;
  for (const auto value : values) made.record(value);
  return made;
}

struct Distribution {
  const char* name;
  std::function<double(double)> inverse;
};
const std::vector<Distribution> kDistributions{
    {"uniform from 1 to 9 ms", [](double u) { return 1e6 + (8e6 * u); }},
    {"exponential, mean 2 ms", [](double u) { return -2e6 * std::log(1 - u); }},
    {"Pareto, from 0.1 ms, index 1.5", [](double u) { return 1e5 * std::pow(1 - u, -1 / 1.5); }},
    {"two humps", [](double u) { return u < 0.9 ? 5e5 + (1e5 * u) : 2e9 + (1e8 * u); }},
    {"few nanoseconds", [](double u) { return 3000 * u; }},
};

TEST(Histogram, HasTheQuantilesOfKnownDistributions) {
  for (const auto& [name, inverse] : kDistributions) {
    auto values = spread(inverse);
    const auto histogram = of(values);
    std::ranges::sort(values);
    for (const double share : {0.0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
      const auto rank = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(share * kMany)));
      const auto exact = static_cast<double>(values[rank - 1]);
      const auto told = static_cast<double>(histogram.quantile(share));
      EXPECT_GE(told, exact) << name << " at " << share;
      EXPECT_LE(told, exact * (1 + kWidth)) << name << " at " << share;
    }
    EXPECT_EQ(histogram.count(), kMany);
    EXPECT_EQ(histogram.min(), values.front());
    EXPECT_EQ(histogram.max(), values.back());
    EXPECT_EQ(histogram.quantile(1), values.back());
  }
}

TEST(Histogram, KnowsTheMeanExactly) {
  const auto values = spread(kDistributions[1].inverse);
  double sum = 0;
  for (const auto value : values) sum += static_cast<double>(value);
  EXPECT_DOUBLE_EQ(of(values).mean(), sum / kMany);
  EXPECT_EQ(Histogram().mean(), 0);
}

TEST(Histogram, CountsEachValueInABucketNearIt) {
  for (std::uint64_t value = 1; value < Histogram::kLongest; value += 1 + (value / 3)) {
    for (const auto near : {value - 1, value, value + 1}) {
      Histogram one;
      one.record(near);
      one.record(Histogram::kLongest);
      EXPECT_EQ(one.count_up_to(near), 1) << near;
      EXPECT_EQ(near == 0 ? 0 : one.count_up_to(near - (near / 512) - 1), 0) << near;
      EXPECT_LE(static_cast<double>(one.quantile(0.5)), static_cast<double>(near) * (1 + kWidth)) << near;
    }
  }
}

TEST(Histogram, MergesAsIfEverythingHadBeenRecordedInOne) {
  std::mt19937_64 random(7);  // NOLINT(cert-msc51-cpp): the same each time
  Histogram whole;
  std::vector<Histogram> parts(5);
  for (int at = 0; at < 20'000; ++at) {
    const auto value = random() >> (random() % 64);
    whole.record(value, 1 + (random() % 3));
  }
  // Again, spread over the parts.
  random.seed(7);  // NOLINT(cert-msc51-cpp)
  for (int at = 0; at < 20'000; ++at) {
    const auto value = random() >> (random() % 64);
    parts[static_cast<std::size_t>(at % 5)].record(value, 1 + (random() % 3));
  }
  Histogram merged;
  for (const auto& part : parts) merged.merge(part);
  EXPECT_EQ(merged, whole);
  EXPECT_GT(merged.saturated(), 0);
  merged.merge(Histogram());
  EXPECT_EQ(merged, whole);
}

TEST(Histogram, SaysWhatWasTooLong) {
  Histogram one;
  one.record(Histogram::kLongest);
  one.record(Histogram::kLongest + 1, 2);
  EXPECT_EQ(one.count(), 3);
  EXPECT_EQ(one.saturated(), 2);
  EXPECT_EQ(one.max(), Histogram::kLongest);
  one.record(5, 0);
  EXPECT_EQ(one.count(), 3);
}

TEST(Histogram, IsReadAsItWasWritten) {
  for (const auto& one : kDistributions) {
    const auto histogram = of(spread(one.inverse));
    const auto read = Histogram::from_json(histogram.to_json());
    ASSERT_TRUE(read) << one.name << ": " << read.error();
    EXPECT_EQ(*read, histogram) << one.name;
    EXPECT_EQ(read->to_json(), histogram.to_json());
  }
  const auto empty = Histogram::from_json(Histogram().to_json());
  ASSERT_TRUE(empty) << empty.error();
  EXPECT_EQ(*empty, Histogram());
}

TEST(Histogram, IsNotReadWhenItWasChanged) {
  Histogram sound;
  for (const std::uint64_t value : {10U, 10U, 5000U, 1'000'000U}) sound.record(value);
  const auto damaged = [&](const std::string& pointer, const nlohmann::json& value) {
    auto document = nlohmann::json::parse(sound.to_json());
    document[nlohmann::json::json_pointer(pointer)] = value;
    const auto read = Histogram::from_json(document.dump());
    return read ? std::string("read") : read.error();
  };
  EXPECT_THAT(damaged("/layout", "log-linear-2048"), HasSubstr("another layout"));
  EXPECT_THAT(damaged("/unit", "ms"), HasSubstr("another unit"));
  EXPECT_THAT(damaged("/count", 5), HasSubstr("less than their sum"));
  EXPECT_THAT(damaged("/count", 3), HasSubstr("more than their sum"));
  EXPECT_THAT(damaged("/count", -1), HasSubstr("missing or of another kind"));
  EXPECT_THAT(damaged("/counts/0/0", 5001), HasSubstr("no bucket"));
  EXPECT_THAT(damaged("/counts/0/0", 1 << 20), HasSubstr("no bucket"));
  EXPECT_THAT(damaged("/counts/0/1", 0), HasSubstr("no bucket"));
  EXPECT_THAT(damaged("/counts/2", {10, 1}), HasSubstr("out of order"));
  EXPECT_THAT(damaged("/counts/0", "ten"), HasSubstr("not a pair"));
  EXPECT_THAT(damaged("/sum", 1), HasSubstr("sum that does not fit"));
  EXPECT_THAT(damaged("/min", 9), HasSubstr("limits that are not those"));
  EXPECT_THAT(damaged("/max", 2'000'000), HasSubstr("limits that are not those"));
  EXPECT_THAT(damaged("/saturated", 9), HasSubstr("limits that cannot be"));
  EXPECT_THAT(Histogram::from_json("[]").error(), HasSubstr("not a JSON object"));
  EXPECT_THAT(Histogram::from_json(std::string(100'000, '[')).error(), HasSubstr("not a JSON object"));
}

}  // namespace
}  // namespace referee::bench
