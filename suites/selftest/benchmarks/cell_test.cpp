#include "benchmarks/cell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace referee::suites::benchmarks {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kOne = "verify/oci-1.1/api/n:100/policy:all/by:reference/rtt:0/parallel:8";

TEST(BenchmarkGrid, NamesAreUniqueAndSayEverything) {
  std::set<std::string> names;
  for (const auto& cell : grid().cells) EXPECT_TRUE(names.insert(cell.name()).second) << cell.name();
  EXPECT_TRUE(names.contains(kOne));
  EXPECT_TRUE(names.contains("attach/D/index/n:0/by:reference/rtt:0"));
  EXPECT_TRUE(names.contains("pull/F/enhanced/n:10000/policy:none/by:inlined/rtt:100/parallel:64"));
  EXPECT_GT(names.size(), 4000U);
}

TEST(BenchmarkGrid, TheDefaultHasEveryOperationOfEveryVariant) {
  const auto chosen = chosen_cells({}, false, {});
  ASSERT_TRUE(chosen);
  EXPECT_GE(chosen->size(), 50U);
  std::set<std::pair<Operation, std::string>> covered;
  for (const auto& cell : *chosen) covered.emplace(cell.operation, cell.variant->id);
  EXPECT_EQ(covered.size(), 5 * proposals::variants().size());
}

TEST(BenchmarkGrid, PatternsChooseByName) {
  EXPECT_THAT(*chosen_cells({kOne}, false, {}), SizeIs(1));
  const auto some = chosen_cells({"verify/oci-1.1/*", "attach/oci-1.1/api/*"}, false, {});
  ASSERT_TRUE(some);
  for (const auto& cell : *some) EXPECT_THAT(cell.variant->id, HasSubstr("oci-1.1")) << cell.name();
  const auto mine = chosen_cells({}, false, {"cosign/tag"});
  ASSERT_TRUE(mine);
  for (const auto& cell : *mine) EXPECT_EQ(cell.variant->id, "cosign/tag");
  EXPECT_EQ(chosen_cells({}, true, {})->size(), grid().cells.size());
}

TEST(BenchmarkGrid, WhoNamesOneOfTheWholeGridGetsIt) {
  const std::string far = "verify/oci-1.1/api/n:10000/policy:all/by:reference/rtt:100/parallel:64";
  EXPECT_THAT(*chosen_cells({far}, false, {}), SizeIs(1));
  EXPECT_THAT(chosen_cells({"verify/*/n:10000/*/rtt:100/*"}, false, {}).error(),
              HasSubstr("only benchmarks of --full"));
  EXPECT_THAT(chosen_cells({"nonsense"}, false, {}).error(), HasSubstr("no benchmark matches 'nonsense'"));
  EXPECT_THAT(chosen_cells({}, false, {"nobody"}).error(), HasSubstr("there is no variant 'nobody'"));
}

}  // namespace
}  // namespace referee::suites::benchmarks
