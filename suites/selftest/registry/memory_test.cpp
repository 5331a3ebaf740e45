// The cap of the in-memory store.
#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

class Memory : public RegistryTest {
 protected:
  void SetUp() override {
    registry::ServerOptions options;
    options.memory = 10'000;
    start(options);
  }
};

TEST_F(Memory, IsGivenBackOnDelete) {
  const auto bytes = random_.bytes(9'000);
  ASSERT_THAT(push_blob("a", bytes), HasStatus(201));
  const auto more = random_.bytes(2'000);
  EXPECT_THAT(push_blob("a", more), Fails(507, "DENIED"));
  EXPECT_THAT(put_manifest("a", "v1", oci::IndexBuilder().pad_to(2'000).build()), Fails(507, "DENIED"));
  ASSERT_THAT(remove("/v2/a/blobs/" + digest_of(bytes)), HasStatus(202));
  EXPECT_THAT(push_blob("a", more), HasStatus(201));
}

TEST_F(Memory, HoldsTheCapExactly) {
  EXPECT_THAT(push_blob("a", random_.bytes(10'001)), HasStatus(507));
  EXPECT_THAT(push_blob("a", random_.bytes(10'000)), HasStatus(201));
  EXPECT_THAT(push_blob("a", "x"), HasStatus(507));
  EXPECT_THAT(push_blob("a", ""), HasStatus(201));
}

TEST_F(Memory, CountsUnfinishedUploads) {
  const auto location = open_upload("a");
  ASSERT_THAT(request("PATCH", location, {}, random_.bytes(9'000)), HasStatus(202));
  EXPECT_THAT(push_blob("b", random_.bytes(2'000)), HasStatus(507));
  EXPECT_THAT(request("PATCH", location, {}, random_.bytes(2'000)), HasStatus(507));
  EXPECT_EQ(get(location).header("Range"), "0-8999") << "the chunk that did not fit is taken back";
  ASSERT_THAT(remove(location), HasStatus(204));
  EXPECT_THAT(push_blob("b", random_.bytes(10'000)), HasStatus(201));
}

TEST_F(Memory, CountsOneContentOnce) {
  const auto bytes = random_.bytes(4'000);
  for (int i = 0; i < 10; ++i) ASSERT_THAT(push_blob("r" + std::to_string(i), bytes), HasStatus(201));
  for (int i = 0; i < 10; ++i) {
    ASSERT_THAT(remove("/v2/r" + std::to_string(i) + "/blobs/" + digest_of(bytes)), HasStatus(202));
  }
  EXPECT_THAT(push_blob("a", random_.bytes(10'000)), HasStatus(201));
}

TEST_F(Memory, AFailedUploadCostsNothing) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(request("POST", "/v2/a/blobs/uploads/?digest=" + digest_of("x"), {}, random_.bytes(9'000)),
                Fails(400, "DIGEST_INVALID"));
  }
  EXPECT_THAT(push_blob("a", random_.bytes(10'000)), HasStatus(201));
}

}  // namespace
}  // namespace referee::selftest
