// Conditional requests on manifests and tags.
#include <atomic>
#include <thread>

#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

class Conditions : public RegistryTest {
 protected:
  void SetUp() override {
    start();
    ASSERT_THAT(push("a", "v1", first_), HasStatus(201));
    ASSERT_THAT(push("a", second_.digest().str(), second_), HasStatus(201));
  }
  static std::string tag_of(const oci::Package& package) { return '"' + package.digest().str() + '"'; }

  oci::Package first_ = oci::image(random_);
  oci::Package second_ = oci::image(random_);
};

TEST_F(Conditions, GetNotModified) {
  for (const std::string& value :
       {tag_of(first_), "W/" + tag_of(first_), "\"x\" , " + tag_of(first_), std::string("*")}) {
    const auto reply = get("/v2/a/manifests/v1", {{"If-None-Match", value}});
    EXPECT_THAT(reply, HasStatus(304)) << value;
    EXPECT_EQ(reply.header("ETag"), tag_of(first_));
    EXPECT_THAT(head("/v2/a/manifests/v1", {{"If-None-Match", value}}), HasStatus(304));
  }
  EXPECT_THAT(get("/v2/a/manifests/v1", {{"If-None-Match", tag_of(second_)}}), HasStatus(200));
  EXPECT_THAT(get("/v2/a/manifests/v1", {{"If-Match", tag_of(second_)}}), HasStatus(412));
}

TEST_F(Conditions, PutOnlyIfUnchanged) {
  EXPECT_THAT(put_manifest("a", "v1", second_.manifest, {{"If-Match", tag_of(second_)}}), Fails(412, "DENIED"));
  EXPECT_EQ(get("/v2/a/manifests/v1").body, first_.manifest.bytes());
  EXPECT_THAT(put_manifest("a", "v1", second_.manifest, {{"If-Match", tag_of(first_)}}), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/v1").body, second_.manifest.bytes());
  EXPECT_THAT(put_manifest("a", "absent", second_.manifest, {{"If-Match", "*"}}), HasStatus(412));
}

TEST_F(Conditions, PutOnlyIfNew) {
  EXPECT_THAT(put_manifest("a", "v1", second_.manifest, {{"If-None-Match", "*"}}), HasStatus(412));
  EXPECT_THAT(put_manifest("a", "v2", second_.manifest, {{"If-None-Match", "*"}}), HasStatus(201));
  EXPECT_THAT(put_manifest("a", "v2", second_.manifest, {{"If-None-Match", "*"}}), HasStatus(412));
}

TEST_F(Conditions, DeleteOnlyIfUnchanged) {
  EXPECT_THAT(remove("/v2/a/manifests/v1", {{"If-Match", tag_of(second_)}}), HasStatus(412));
  EXPECT_THAT(remove("/v2/a/manifests/v1", {{"If-Match", tag_of(first_)}}), HasStatus(202));
  EXPECT_THAT(get("/v2/a/manifests/v1"), HasStatus(404));
}

TEST_F(Conditions, ExactlyOneOfManyWins) {
  static constexpr int kRivals = 8;
  for (int round = 0; round < 5; ++round) {
    std::vector<oci::Content> manifests;
    for (int i = 0; i < kRivals; ++i) {
      manifests.push_back(oci::IndexBuilder().annotation("n", std::to_string(round * kRivals + i)).build());
    }
    const auto before = get("/v2/a/manifests/v1").header("ETag");
    std::atomic<int> won{0};
    std::atomic<int> lost{0};
    std::vector<std::thread> rivals;
    for (int i = 0; i < kRivals; ++i) {
      rivals.emplace_back([&, i] {
        RawClient client(server_->port());
        const auto& manifest = manifests[static_cast<std::size_t>(i)];
        const auto reply =
            client.request("PUT", "/v2/a/manifests/v1", {{"If-Match", before}, {"Content-Type", manifest.media_type()}},
                           manifest.bytes());
        ++(reply.status == 201 ? won : lost);
        EXPECT_TRUE(reply.status == 201 || reply.status == 412) << reply.status;
      });
    }
    for (auto& rival : rivals) rival.join();
    EXPECT_EQ(won, 1);
    EXPECT_EQ(lost, kRivals - 1);
  }
}

}  // namespace
}  // namespace referee::selftest
