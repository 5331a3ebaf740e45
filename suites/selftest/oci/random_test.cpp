#include "referee/oci/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace referee::oci {
namespace {

TEST(RandomTest, SameSeedAndLabelGiveTheSameBytes) {
  EXPECT_EQ(Random(1, "a").bytes(1000), Random(1, "a").bytes(1000));
  EXPECT_NE(Random(1, "a").bytes(32), Random(2, "a").bytes(32));
  EXPECT_NE(Random(1, "a").bytes(32), Random(1, "b").bytes(32));
  EXPECT_NE(Random(1, "").next(), Random(0, "").next());
}

TEST(RandomTest, GivesExactlyAsMuchAsAsked) {
  Random random(3);
  for (const std::size_t size : {0UL, 1UL, 7UL, 8UL, 9UL, 15UL, 16UL, 17UL, 4097UL}) {
    EXPECT_EQ(random.bytes(size).size(), size);
    const std::string hex = random.hex(size);
    EXPECT_EQ(hex.size(), size);
    EXPECT_EQ(hex.find_first_not_of("0123456789abcdef"), std::string::npos);
  }
}

TEST(RandomTest, BelowStaysBelowAndReachesEveryValue) {
  Random random(4);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t value = random.below(7);
    ASSERT_LT(value, 7U);
    seen.insert(value);
  }
  EXPECT_EQ(seen.size(), 7U);
  EXPECT_EQ(random.below(1), 0U);
  const std::uint64_t huge = (1ULL << 63U) + 1;
  for (int i = 0; i < 100; ++i) EXPECT_LT(random.below(huge), huge);
}

}  // namespace
}  // namespace referee::oci
