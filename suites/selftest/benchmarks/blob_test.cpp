// Pulls that are checked while they come.
#include "benchmarks/scenario_run.hpp"

namespace referee::suites::benchmarks {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kSize = (std::uint64_t{17} << 20U) + 5;

bench::Result pulled() {
  auto grounds = fresh_grounds();
  return taken(run_blob(grounds, quick({}), {{1000, kSize}, 2}));
}

TEST(BlobScenario, MeasuresThePullAndItsParts) {
  const auto result = pulled();
  EXPECT_EQ(result.incomplete, "");
  for (const auto* part : {"pull", "sha256", "verified"}) {
    EXPECT_GT(value_of(result, "blob/17825797/" + std::string(part)), 0);
  }
  EXPECT_GT(value_of(result, "blob/17825797/memory"), 1 << 20U);
  EXPECT_NE(cell(result, {"17 MiB"}, "of the slower"), "");
  EXPECT_THAT(findings(result), HasSubstr("17 MiB: a pull that is checked runs at"));
  // More than all of it is noise, which is not told as a number.
  EXPECT_THAT(findings(result), testing::Not(testing::ContainsRegex(" [1-9][0-9.]* of the slower")));
}

TEST(BlobScenario, WhatIsNotTheBlobIsNoNumber) {
  auto grounds = fresh_grounds({"r.blob.corrupt-get"});
  const auto result = run_blob(grounds, quick({}), {{1000}, 2});
  ASSERT_FALSE(result) << "one byte of each pull is wrong";
  EXPECT_THAT(result.error(), HasSubstr("the bytes are those of"));
}

}  // namespace
}  // namespace referee::suites::benchmarks
