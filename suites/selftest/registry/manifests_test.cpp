// Pulling manifests.
#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

class Manifests : public RegistryTest {};

TEST_F(Manifests, ComeByteForByteByTagAndDigest) {
  const auto package = oci::image(random_);
  ASSERT_THAT(push("a", "v1", package), HasStatus(201));
  for (const std::string& reference : {std::string("v1"), package.digest().str()}) {
    const auto reply = get("/v2/a/manifests/" + reference);
    EXPECT_THAT(reply, HasStatus(200));
    EXPECT_EQ(reply.body, package.manifest.bytes());
    EXPECT_EQ(reply.header("Content-Type"), package.manifest.media_type());
    EXPECT_EQ(reply.header("Docker-Content-Digest"), package.digest().str());
    EXPECT_EQ(reply.header("ETag"), '"' + package.digest().str() + '"');
    const auto same = head("/v2/a/manifests/" + reference);
    EXPECT_THAT(same, HasStatus(200));
    EXPECT_EQ(same.header("Content-Length"), std::to_string(package.manifest.size()));
    EXPECT_EQ(same.header("Content-Type"), package.manifest.media_type());
  }
}

TEST_F(Manifests, KeepUnusualBytes) {
  auto package = oci::ManifestBuilder().pretty().field("unknown", R"({"b":1,"a":[1.50,"\u00e9"]})").build();
  ASSERT_THAT(push("a", "v1", package), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/v1").body, package.manifest.bytes());
}

TEST_F(Manifests, ATagMoves) {
  const auto first = oci::image(random_);
  const auto second = oci::image(random_);
  ASSERT_THAT(push("a", "v1", first), HasStatus(201));
  ASSERT_THAT(push("a", "v1", second), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/v1").body, second.manifest.bytes());
  EXPECT_THAT(get("/v2/a/manifests/" + first.digest().str()), HasStatus(200));
}

TEST_F(Manifests, ATypeChangesForTheTagsToo) {
  const std::string body = R"({"any":"thing"})";
  const auto put = [&](const std::string& reference, const std::string& type) {
    return request("PUT", "/v2/a/manifests/" + reference, {{"Content-Type", type}}, body);
  };
  ASSERT_THAT(put("v1", "application/vnd.a+json"), HasStatus(201));
  ASSERT_THAT(put(digest_of(body), "application/vnd.b+json"), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/v1").header("Content-Type"), "application/vnd.b+json");
}

TEST_F(Manifests, Sha512ByDigest) {
  const auto package = oci::image(random_, 64, {"amd64", "linux", "", ""}, oci::Algorithm::kSha512);
  const auto digest = package.digest().str();
  ASSERT_THAT(push("a", digest + "?tag=v1", package), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/" + digest).body, package.manifest.bytes());
  EXPECT_EQ(get("/v2/a/manifests/v1").header("Docker-Content-Digest"), digest);
}

TEST_F(Manifests, AreNoBlobs) {
  const auto package = oci::image(random_);
  ASSERT_THAT(push("a", "v1", package), HasStatus(201));
  EXPECT_THAT(get("/v2/a/blobs/" + package.digest().str()), Fails(404, "BLOB_UNKNOWN"));
  EXPECT_THAT(get("/v2/b/manifests/v1"), Fails(404, "NAME_UNKNOWN"));
}

}  // namespace
}  // namespace referee::selftest
