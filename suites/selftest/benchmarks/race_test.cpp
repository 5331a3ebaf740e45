// Writers at once: all have read before anyone writes, so that what is lost is no chance.
#include <barrier>

#include "benchmarks/scenario_run.hpp"

namespace referee::suites::benchmarks {
namespace {

using testing::HasSubstr;

bench::Result raced(const std::vector<std::string>& variants, std::vector<std::string> deviations = {},
                    std::size_t writers = 4) {
  auto grounds = fresh_grounds(std::move(deviations));
  RaceSizes sizes;
  sizes.writers = {writers};
  sizes.windows = {0};
  std::barrier all(static_cast<std::ptrdiff_t>(writers));
  sizes.meet = [&](std::size_t) { all.arrive_and_wait(); };
  return taken(run_race(grounds, quick(variants), sizes));
}

bool timed(const bench::Result& result, const std::string& name) {
  return std::ranges::find(result.samples, name, &bench::Measurement::name) != result.samples.end();
}

const std::vector<std::string> kShared{"D/index",    "D/wrap",           "E/tag",     "F/reference-index",
                                       "F/enhanced", "oci-1.1/fallback", "cosign/tag"};

TEST(RaceScenario, OneWriterIsLeftWithoutConditionsAndAllWithThem) {
  const auto result = raced(kShared);
  EXPECT_EQ(result.incomplete, "");
  for (const auto& variant : kShared) {
    const auto name = "race/" + variant + "/k:4/window:0/conditions:";
    EXPECT_EQ(value_of(result, name + "no/lost"), 3) << variant;
    EXPECT_EQ(value_of(result, name + "yes/lost"), 0) << variant;
    EXPECT_EQ(cell(result, {variant, "4", "0", "no"}, "lost"), "3 of 4") << variant;
    EXPECT_EQ(cell(result, {variant, "4", "0", "yes"}, "failed"), "0") << variant;
    // To lose is faster.
    EXPECT_FALSE(timed(result, name + "no")) << variant;
    EXPECT_TRUE(timed(result, name + "yes")) << variant;
  }
  EXPECT_THAT(findings(result), HasSubstr("Lost without conditional writes: D/index 3 of 4"));
}

TEST(RaceScenario, NothingIsLostWhereNothingIsShared) {
  const std::vector<std::string> detached{"A", "B", "C", "D/digest-tag", "E/api", "oci-1.1/api"};
  const auto result = raced(detached);
  EXPECT_EQ(result.incomplete, "");
  for (const auto& variant : detached) {
    EXPECT_EQ(cell(result, {variant, "4", "-", "-"}, "lost"), "0 of 4") << variant;
    // Two for the payload, one for the artifact.
    EXPECT_EQ(value_of(result, "race/" + variant + "/k:4/window:0/conditions:no/requests"), 12) << variant;
  }
}

TEST(RaceScenario, RegistriesThatIgnoreConditionsLoseAsWithoutThem) {
  const auto result = raced({"D/index", "oci-1.1/fallback"}, {"r.put.ignore-if-match", "r.put.ignore-if-none-match"});
  EXPECT_EQ(value_of(result, "race/D/index/k:4/window:0/conditions:yes/lost"), 3);
  EXPECT_EQ(value_of(result, "race/oci-1.1/fallback/k:4/window:0/conditions:yes/lost"), 3);
  EXPECT_THAT(findings(result), HasSubstr("Lost in spite of conditional writes"));
}

TEST(RaceScenario, RegistriesThatLoseUpdatesAreFound) {
  // The registry holds what it read for 20 ms: of eight writers some come together.
  const auto result = raced({"oci-1.1/api"}, {"r.ref.lost-concurrent"}, 8);
  EXPECT_GT(value_of(result, "race/oci-1.1/api/k:8/window:0/conditions:no/lost"), 0);
  EXPECT_THAT(findings(result), HasSubstr("Lost without conditional writes: oci-1.1/api"));
}

}  // namespace
}  // namespace referee::suites::benchmarks
