#include "referee/distribution/capabilities.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace referee::distribution {
namespace {

TEST(CapabilitiesTest, EveryNameIsUnique) {
  std::set<std::string_view> names;
  for (const Capability capability : all_capabilities()) names.insert(name(capability));
  for (const Capability capability : proposal_capabilities()) names.insert(name(capability));
  names.insert(name(Capability::kControl));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Capability::kControl) + 1);
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(CapabilitiesTest, JsonRoundTrips) {
  Capabilities capabilities;
  capabilities[Capability::kMount] = {false, "POST answered 202", {3, 4}};
  capabilities[Capability::kRange] = {true, "", {}};
  const auto read = capabilities_from_json(nlohmann::json::parse(to_json(capabilities).dump()));
  ASSERT_EQ(read.size(), 2U);
  EXPECT_FALSE(read.at(Capability::kMount).present);
  EXPECT_EQ(read.at(Capability::kMount).evidence, "POST answered 202");
  EXPECT_EQ(read.at(Capability::kMount).exchanges, (std::vector<std::size_t>{3, 4}));
}

}  // namespace
}  // namespace referee::distribution
