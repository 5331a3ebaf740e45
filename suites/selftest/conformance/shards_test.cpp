#include "shards.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "sample.hpp"

namespace referee::conformance {
namespace {

/// Two roots with twenty dependents each, and ten checks alone.
Catalogue wide() {
  Catalogue catalogue;
  for (const char* root : {"s/one", "s/two"}) {
    catalogue.add(sample::check(root, "t.must"));
    for (int index = 0; index < 20; ++index) {
      catalogue.add(sample::check(fmt::format("{}/{}", root, index), "t.must", {root}));
    }
  }
  for (int index = 0; index < 10; ++index) catalogue.add(sample::check(fmt::format("s/alone/{}", index), "t.must"));
  return catalogue;
}

TEST(Shards, HoldEveryCheckAfterItsPrerequisites) {
  const Catalogue catalogue = wide();
  const auto all = catalogue.with_prerequisites(sample::ids(catalogue));
  for (const int jobs : {1, 2, 3, 4, 16, 200}) {
    const Shards shards = make_shards(catalogue, all, jobs);
    EXPECT_LE(shards.ids.size(), static_cast<std::size_t>(std::min(jobs, 64)));
    std::map<std::string, int> runs;
    for (const auto& list : shards.ids) {
      std::set<std::string> seen;
      for (const auto& id : list) {
        for (const auto& before : catalogue.find(id)->after) EXPECT_TRUE(seen.contains(before)) << id;
        EXPECT_TRUE(seen.insert(id).second) << id;
        ++runs[id];
      }
    }
    EXPECT_EQ(runs.size(), all.size());
    EXPECT_EQ(shards.owner.size(), all.size());
    for (const auto& [id, count] : runs) {
      if (id != "s/one" && id != "s/two") {
        EXPECT_EQ(count, 1) << id;
      }
    }
  }
}

TEST(Shards, AreBalancedAndAlwaysTheSame) {
  const Catalogue catalogue = wide();
  const auto all = catalogue.with_prerequisites(sample::ids(catalogue));
  const Shards shards = make_shards(catalogue, all, 4);
  ASSERT_EQ(shards.ids.size(), 4U);
  for (const auto& list : shards.ids) EXPECT_LE(list.size(), 18U);
  EXPECT_EQ(make_shards(catalogue, all, 4).ids, shards.ids);
}

TEST(Shards, OfNothingAreNone) {
  EXPECT_TRUE(make_shards(wide(), {}, 4).ids.empty());
}

}  // namespace
}  // namespace referee::conformance
