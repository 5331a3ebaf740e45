#include "referee/certificate/profile.hpp"

#include <gtest/gtest.h>

#include "conformance/sample.hpp"

namespace referee::certificate {
namespace {

TEST(Profiles, AreFoundByName) {
  EXPECT_EQ(find_profile("management")->title, "Content management");
  EXPECT_EQ(find_profile("proposal-f")->suite, "proposals");
  EXPECT_EQ(find_profile("proposal-g"), nullptr);
}

TEST(Profiles, RestOnWholeSections) {
  EXPECT_TRUE(find_profile("pull")->rests_on("oci-1.1/pull-blobs/x"));
  EXPECT_FALSE(find_profile("pull")->rests_on("oci-1.1/pull-blobs-not/x"));
  EXPECT_FALSE(find_profile("pull")->rests_on("oci-1.10/pull-blobs/x"));
  EXPECT_TRUE(find_profile("management")->rests_on("oci-1.1/errors/x")) << "all parts rest on how errors are told";
}

TEST(Profiles, ARunWithoutVerdictsShowsNothing) {
  const auto made = claims({}, conformance::Run{}, conformance::sample::catalogue());
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().find("the suite oci-1.1 was not run"), std::string::npos) << made.error();
}

}  // namespace
}  // namespace referee::certificate
