#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "distribution/fake_server.hpp"
#include "referee/distribution/registry.hpp"
#include "referee/registry/server.hpp"

namespace referee::distribution {
namespace {

class PushTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = registry::Server::start({});
    ASSERT_TRUE(started) << started.error();
    server_ = std::move(*started);
    registry_ = std::make_unique<Registry>(test_client(), server_->url());
  }

  static int status(const Result& result) {
    EXPECT_TRUE(result) << result.error().message;
    return result ? result->status : 0;
  }

  std::unique_ptr<registry::Server> server_;
  std::unique_ptr<Registry> registry_;
};

TEST_F(PushTest, AnImageComesBackByteForByte) {
  for (const oci::Algorithm algorithm : {oci::Algorithm::kSha256, oci::Algorithm::kSha512}) {
    oci::Random random(1);
    const oci::Package image = oci::image(random, 5000, {"amd64", "linux", "", ""}, algorithm);
    ASSERT_EQ(status(push_package(*registry_, "team/app", image)), 201);
    const Result manifest = registry_->get_manifest("team/app", image.digest().str());
    ASSERT_EQ(status(manifest), 200);
    EXPECT_EQ(manifest->body, image.manifest.bytes());
    EXPECT_EQ(manifest->header("Content-Type"), image.manifest.media_type());
    for (const oci::Content& blob : image.blobs) {
      const Result got = registry_->get_blob("team/app", blob.digest().str());
      ASSERT_EQ(status(got), 200);
      EXPECT_EQ(got->body, blob.bytes());
      EXPECT_EQ(status(registry_->head_blob("team/app", blob.digest().str())), 200);
    }
  }
}

TEST_F(PushTest, TagsListAndVanish) {
  oci::Random random(1);
  ASSERT_EQ(status(push_package(*registry_, "r", oci::image(random), "v1")), 201);
  const Result listed = registry_->list_tags("r");
  ASSERT_EQ(status(listed), 200);
  EXPECT_EQ(nlohmann::json::parse(listed->body).at("tags"), nlohmann::json({"v1"}));
  EXPECT_EQ(status(registry_->head_manifest("r", "v1")), 200);
  EXPECT_EQ(status(registry_->delete_manifest("r", "v1")), 202);
  EXPECT_EQ(status(registry_->head_manifest("r", "v1")), 404);
}

TEST_F(PushTest, ChunksStatusCancelMountAndSinglePost) {
  const oci::Content blob("application/octet-stream", "0123456789");
  const std::string digest = blob.digest().str();
  const Result started = registry_->start_upload("r");
  ASSERT_EQ(status(started), 202);
  const Result patched = registry_->patch_upload(*started->header("Location"), "01234", "0-4");
  ASSERT_EQ(status(patched), 202);
  const Result asked = registry_->upload_status(*patched->header("Location"));
  EXPECT_EQ(status(asked), 204);
  EXPECT_EQ(asked->header("Range"), "0-4");
  EXPECT_EQ(status(registry_->finish_upload("r", *patched->header("Location"), digest, "56789", "5-9")), 201);

  EXPECT_EQ(status(registry_->mount_blob("other", digest, "r")), 201);
  EXPECT_EQ(registry_->get_blob("other", digest)->body, blob.bytes());
  EXPECT_EQ(status(registry_->post_blob("third", digest, blob.bytes())), 201);

  const Result open = registry_->start_upload("r");
  EXPECT_EQ(status(registry_->cancel_upload(*open->header("Location"))), 204);
  EXPECT_EQ(status(registry_->upload_status(*open->header("Location"))), 404);
}

TEST_F(PushTest, ReferrersAreListed) {
  oci::Random random(1);
  const oci::Package image = oci::image(random);
  const oci::Package signature = oci::referrer(random, image.descriptor(), "application/vnd.example");
  ASSERT_EQ(status(push_package(*registry_, "r", image)), 201);
  const Result pushed = push_package(*registry_, "r", signature);
  ASSERT_EQ(status(pushed), 201);
  EXPECT_EQ(pushed->header("OCI-Subject"), image.digest().str());
  const Result listed = registry_->referrers("r", image.digest().str());
  ASSERT_EQ(status(listed), 200);
  EXPECT_EQ(nlohmann::json::parse(listed->body).at("manifests").at(0).at("digest"), signature.digest().str());
}

TEST(PushAnswerTest, TheFirstAnswerThatIsNotTheExpectedOneComesBack) {
  FakeServer refuses([](const FakeRequest&) { return FakeResponse{403, {}, ""}; });
  Registry first(test_client(), refuses.url());
  oci::Random random(1);
  EXPECT_EQ(push_package(first, "r", oci::image(random))->status, 403);
  EXPECT_EQ(refuses.requests().size(), 1U);

  FakeServer no_location([](const FakeRequest&) { return FakeResponse{202, {}, ""}; });
  Registry second(test_client(), no_location.url());
  EXPECT_EQ(push_package(second, "r", oci::image(random))->status, 202);
  EXPECT_EQ(no_location.requests().size(), 1U);
}

TEST(PushAnswerTest, ASha512BlobNamesItsAlgorithmWhenTheSessionStarts) {
  FakeServer server([](const FakeRequest&) { return FakeResponse{400, {}, ""}; });
  Registry registry(test_client(), server.url());
  ASSERT_TRUE(push_blob(registry, "r", {"x/y", "z", oci::Algorithm::kSha512}));
  EXPECT_EQ(server.requests().at(0).target, "/v2/r/blobs/uploads/?digest-algorithm=sha512");
}

}  // namespace
}  // namespace referee::distribution
