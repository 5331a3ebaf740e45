#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Delete : public RegistryTest {
 protected:
  void SetUp() override {
    start();
    ASSERT_THAT(push("a", "v1", image_), HasStatus(201));
    ASSERT_THAT(push("a", "v2", image_), HasStatus(201));
  }
  oci::Package image_ = oci::image(random_);
  std::string by_digest_ = "/v2/a/manifests/" + image_.digest().str();
};

TEST_F(Delete, ATagLeavesTheRest) {
  EXPECT_THAT(remove("/v2/a/manifests/v1"), HasStatus(202));
  EXPECT_THAT(get("/v2/a/manifests/v1"), Fails(404, "MANIFEST_UNKNOWN"));
  EXPECT_THAT(remove("/v2/a/manifests/v1"), Fails(404, "MANIFEST_UNKNOWN"));
  EXPECT_THAT(tags("a"), ElementsAre("v2"));
  EXPECT_THAT(get(by_digest_), HasStatus(200));
}

TEST_F(Delete, AManifestTakesItsTags) {
  ASSERT_THAT(push("a", "other", oci::image(random_)), HasStatus(201));
  EXPECT_THAT(remove(by_digest_), HasStatus(202));
  EXPECT_THAT(get(by_digest_), Fails(404, "MANIFEST_UNKNOWN"));
  EXPECT_THAT(get("/v2/a/manifests/v1"), Fails(404, "MANIFEST_UNKNOWN"));
  EXPECT_THAT(tags("a"), ElementsAre("other"));
  EXPECT_THAT(remove(by_digest_), Fails(404, "MANIFEST_UNKNOWN"));
  for (const auto& blob : image_.blobs) {
    EXPECT_THAT(get("/v2/a/blobs/" + blob.digest().str()), HasStatus(200)) << "blobs go on their own";
  }
  EXPECT_THAT(push("a", "v1", image_), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/v1").body, image_.manifest.bytes());
}

TEST_F(Delete, AManifestTakesTheTagsThatAreStillItsOwn) {
  const auto other = oci::image(random_);
  ASSERT_THAT(push("a", "v1", other), HasStatus(201)) << "moved away";
  EXPECT_THAT(remove("/v2/a/manifests/v2"), HasStatus(202)) << "gone on its own";
  ASSERT_THAT(push("a", "v3", other), HasStatus(201));
  ASSERT_THAT(push("a", "v3", image_), HasStatus(201)) << "moved here";
  EXPECT_THAT(remove(by_digest_), HasStatus(202));
  EXPECT_THAT(tags("a"), ElementsAre("v1"));
  EXPECT_EQ(get("/v2/a/manifests/v1").body, other.manifest.bytes());
  EXPECT_THAT(remove("/v2/a/manifests/" + other.digest().str()), HasStatus(202));
  EXPECT_THAT(tags("a"), IsEmpty());
}

TEST_F(Delete, OtherRepositoriesAreNotTouched) {
  ASSERT_THAT(push("b", "v1", image_), HasStatus(201));
  EXPECT_THAT(remove(by_digest_), HasStatus(202));
  EXPECT_EQ(get("/v2/b/manifests/v1").body, image_.manifest.bytes());
  EXPECT_THAT(remove("/v2/c/manifests/v1"), Fails(404, "NAME_UNKNOWN"));
  EXPECT_THAT(remove("/v2/c/blobs/" + image_.digest().str()), Fails(404, "NAME_UNKNOWN"));
}

TEST_F(Delete, ARepositoryStaysWhenEmpty) {
  EXPECT_THAT(remove(by_digest_), HasStatus(202));
  EXPECT_THAT(tags("a"), IsEmpty());
}

}  // namespace
}  // namespace referee::selftest
