#include "referee/bench/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "referee/oci/random.hpp"

namespace referee::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// Times around `median`, a few of them far off, as they are.
std::vector<double> times(oci::Random& random, double median, std::size_t count = 12) {
  std::vector<double> made;
  for (std::size_t at = 0; at < count; ++at) {
    const double jitter = static_cast<double>(random.below(1000)) / 1000;
    made.push_back(median * (1 + 0.03 * jitter + (random.below(15) == 0 ? 0.5 : 0)));
  }
  return made;
}

struct Runs {
  SampleFile before;
  SampleFile after;
};

Runs runs() {
  oci::Random random(5, "comparison");
  Runs made;
  const auto add = [&](const std::string& name, double first, double second, std::size_t count = 12) {
    made.before.samples.push_back({name, times(random, first, count)});
    made.after.samples.push_back({name, times(random, second, count)});
  };
  add("same", 0.002, 0.002);
  add("slower", 0.002, 0.0026);
  add("faster", 1.5, 1.1);
  add("a little", 0.002, 0.00215);
  add("few", 0.00005, 0.00009, 5);
  made.before.samples.push_back({"gone", {1, 2}});
  made.after.samples.push_back({"new", {1, 2}});
  return made;
}

Difference of(const Comparison& comparison, const std::string& name) {
  for (const auto& one : comparison.compared) {
    if (one.name == name) return one.judgement.difference;
  }
  ADD_FAILURE() << name;
  return Difference::kTooFew;
}

TEST(Comparisons, SayWhatDiffers) {
  const auto made = runs();
  const auto comparison = compare(made.before, made.after);
  EXPECT_EQ(of(comparison, "same"), Difference::kNone);
  EXPECT_EQ(of(comparison, "slower"), Difference::kLarger);
  EXPECT_EQ(of(comparison, "faster"), Difference::kSmaller);
  EXPECT_EQ(of(comparison, "a little"), Difference::kSmall);
  EXPECT_EQ(of(comparison, "few"), Difference::kTooFew);
  EXPECT_THAT(comparison.only_before, ElementsAre("gone"));
  EXPECT_THAT(comparison.only_after, ElementsAre("new"));
  EXPECT_TRUE(comparison.regressed());
  EXPECT_FALSE(compare(made.before, made.before).regressed());
  EXPECT_TRUE(compare(made.before, made.after, {0.05, 0.01}).regressed());
  EXPECT_FALSE(compare(made.before, made.after, {0.5, 0.01}).regressed()) << "beyond no such threshold";
}

TEST(Comparisons, PutWhatDiffersFirst) {
  const auto made = runs();
  const auto text = comparison_text(compare(made.before, made.after));
  EXPECT_THAT(text, testing::StartsWith("slower"));
  EXPECT_LT(text.find("\nfaster"), text.find("\na little"));
  EXPECT_THAT(text, HasSubstr("only in the first: gone\nonly in the second: new\n"));
  EXPECT_THAT(text, HasSubstr("5 compared: 1 slower, 1 faster, 1 within the threshold of 10 %, 1 without a difference, "
                              "1 with fewer than 10 repetitions (Mann-Whitney U, p < 0.01 after Holm's correction)"));
  EXPECT_THAT(text, HasSubstr("no difference"));
  EXPECT_THAT(text, HasSubstr("too few repetitions"));
}

TEST(Comparisons, WarnOfOtherMachinesAndOfWhatDoesNotCount) {
  auto made = runs();
  made.before.context = {{"num_cpus", "2"}, {"cpu", "A"}, {"date", "1"}};
  made.after.context = {{"num_cpus", "4"}, {"cpu", "A"}, {"date", "2"}};
  made.after.wrong = {"broken"};
  const auto comparison = compare(made.before, made.after);
  EXPECT_THAT(comparison.warnings, ElementsAre("num_cpus differs: 2 and 4", "does not count in the second: broken"));
}

TEST(Comparisons, KnowTheNoise) {
  oci::Random random(6, "noise");
  SampleFile first;
  SampleFile second;
  first.samples = {{"a", times(random, 1)}, {"b", times(random, 2)}, {"few", {1, 2, 3}}};
  second.samples = {{"a", times(random, 1)}, {"b", times(random, 2.3)}, {"few", {9, 9, 9}}};
  EXPECT_NEAR(noise_of(first, second).value_or(0), 0.15, 0.02);
  EXPECT_EQ(noise_of(first, first), 0);
  EXPECT_EQ(noise_of(first, SampleFile{}), std::nullopt) << "two runs of nothing say nothing of noise";
}

TEST(Comparisons, AreMarkdownForAPullRequest) {
  auto made = runs();
  made.before.samples[1].name = made.after.samples[1].name = "slow|er <b>";
  const auto text = comparison_markdown(compare(made.before, made.after));
  EXPECT_THAT(text, HasSubstr("| slow\\|er \\<b> |"));
  EXPECT_THAT(text, Not(HasSubstr("| same |")));
  EXPECT_THAT(comparison_markdown(compare(made.before, made.before)), Not(HasSubstr("| benchmark |")));
}

TEST(Comparisons, AreJson) {
  const auto made = runs();
  const auto json = nlohmann::json::parse(comparison_json(compare(made.before, made.after)));
  EXPECT_EQ(json["schema"], "referee.comparison/1");
  EXPECT_EQ(json["regressed"], true);
  ASSERT_EQ(json["compared"].size(), 5);
  EXPECT_EQ(json["compared"][1]["difference"], "slower");
  EXPECT_NEAR(json["compared"][1]["ratio"]["estimate"].get<double>(), 1.3, 0.02);
  EXPECT_EQ(json["compared"][4]["difference"], "too few repetitions");
}

}  // namespace
}  // namespace referee::bench
