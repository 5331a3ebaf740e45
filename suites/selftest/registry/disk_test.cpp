// The store on disk: an image layout that outlives the server.
#include <filesystem>
#include <fstream>

#include "disk_fixture.hpp"

namespace referee::selftest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Disk : public DiskTest {};

TEST_F(Disk, SurvivesARestart) {
  const auto image = oci::image(random_);
  const auto signature = oci::referrer(random_, image.descriptor(), "application/vnd.a", {{"k", "v"}});
  const auto gone = oci::image(random_);
  ASSERT_THAT(push("a/b", "v1", image), HasStatus(201));
  ASSERT_THAT(push("a/b", "v2", image), HasStatus(201));
  ASSERT_THAT(push("a/b", signature.digest().str(), signature), HasStatus(201));
  ASSERT_THAT(push("c", "v1", gone), HasStatus(201));
  ASSERT_THAT(remove("/v2/c/manifests/" + gone.digest().str()), HasStatus(202));
  ASSERT_THAT(remove("/v2/a/b/manifests/v2"), HasStatus(202));
  const auto list = get("/v2/a/b/referrers/" + image.digest().str()).body;
  for (int i = 0; i < 2; ++i) {
    restart();
    EXPECT_EQ(get("/v2/a/b/manifests/v1").body, image.manifest.bytes());
    EXPECT_EQ(get("/v2/a/b/manifests/v1").header("Content-Type"), image.manifest.media_type());
    EXPECT_THAT(tags("a/b"), ElementsAre("v1"));
    EXPECT_EQ(get("/v2/a/b/referrers/" + image.digest().str()).body, list);
    EXPECT_THAT(tags("c"), IsEmpty());
    EXPECT_THAT(get("/v2/c/manifests/" + gone.digest().str()), Fails(404, "MANIFEST_UNKNOWN"));
    EXPECT_EQ(get("/v2/c/blobs/" + gone.blobs[0].digest().str()).body, gone.blobs[0].bytes());
    EXPECT_THAT(get("/v2/c/blobs/" + signature.blobs.back().digest().str()), Fails(404, "BLOB_UNKNOWN"));
  }
}

TEST_F(Disk, IsAnImageLayout) {
  const auto image = oci::image(random_);
  ASSERT_THAT(push("a/b", "v1", image), HasStatus(201));
  server_->stop();
  EXPECT_EQ(read_json("oci-layout")["imageLayoutVersion"], "1.0.0");
  const auto index = read_json("index.json");
  ASSERT_EQ(index["manifests"].size(), 1U);
  EXPECT_EQ(index["manifests"][0]["digest"], image.digest().str());
  EXPECT_EQ(index["manifests"][0]["size"], image.manifest.size());
  EXPECT_EQ(index["manifests"][0]["annotations"]["org.opencontainers.image.ref.name"], "a/b:v1");
  std::ifstream blob(folder_ / "blobs" / "sha256" / image.digest().encoded(), std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(blob), {}), image.manifest.bytes());
}

TEST_F(Disk, DeletesFilesThatNobodyNeeds) {
  ASSERT_THAT(push_blob("a", "shared"), HasStatus(201));
  ASSERT_THAT(push_blob("b", "shared"), HasStatus(201));
  ASSERT_THAT(remove("/v2/a/blobs/" + digest_of("shared")), HasStatus(202));
  EXPECT_EQ(files_in("blobs/sha256"), 1U);
  ASSERT_THAT(remove("/v2/b/blobs/" + digest_of("shared")), HasStatus(202));
  EXPECT_EQ(files_in("blobs/sha256"), 0U);
}

TEST_F(Disk, LeavesNoUnfinishedFiles) {
  const auto location = open_upload("a");
  ASSERT_THAT(request("PATCH", location, {}, "half"), HasStatus(202));
  EXPECT_EQ(files_in("referee/uploads"), 1U);
  ASSERT_THAT(remove(location), HasStatus(204));
  EXPECT_EQ(files_in("referee/uploads"), 0U);
  EXPECT_THAT(request("POST", "/v2/a/blobs/uploads/?digest=" + digest_of("x"), {}, "y"), HasStatus(400));
  EXPECT_EQ(files_in("referee/uploads"), 0U);
  std::ofstream(folder_ / "referee" / "uploads" / "leftover") << "of a killed server";
  restart();
  EXPECT_EQ(files_in("referee/uploads"), 0U);
}

TEST_F(Disk, StreamsALargeBlob) {
  const std::string bytes = random_.bytes(20'000'000);
  const auto path = "/v2/a/blobs/" + digest_of(bytes);
  ASSERT_THAT(push_blob("a", bytes), HasStatus(201));
  EXPECT_TRUE(get(path).body == bytes);
  EXPECT_EQ(get(path, {{"Range", "bytes=-5"}}).body, bytes.substr(bytes.size() - 5));
  EXPECT_TRUE(get(path, {{"Range", "bytes=1000000-19000000"}}).body == bytes.substr(1'000'000, 18'000'001));
}

TEST_F(Disk, OutlivesAClientThatLeavesALargeBlob) {
  const std::string bytes = random_.bytes(20'000'000);
  const auto path = "/v2/a/blobs/" + digest_of(bytes);
  ASSERT_THAT(push_blob("a", bytes), HasStatus(201));
  for (int leaver = 0; leaver < 5; ++leaver) {
    RawConnection connection(server_->port());
    ASSERT_TRUE(connection.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"));
  }
  EXPECT_TRUE(get(path).body == bytes);
}

TEST_F(Disk, IsNotShared) {
  registry::ServerOptions options;
  options.store = folder_.string();
  const auto second = registry::Server::start(options);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), ::testing::EndsWith("is in use by another server"));
}

TEST_F(Disk, KeepsWhatAnotherProfileStoredAndForgetsGarbage) {
  restart("a");
  const auto image = oci::image(random_);
  ASSERT_THAT(push("a", "v1", image), HasStatus(201));
  ASSERT_THAT(push_blob("a", "lonely"), HasStatus(201));
  const auto& subject = image.digest().str();
  const oci::Content artifact(
      "application/vnd.oci.artifact.manifest.v1+json",
      R"({"artifactType":"t/t","subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":1,"digest":")" +
          subject + R"("}})");
  ASSERT_THAT(put_manifest("a", artifact.digest().str(), artifact), HasStatus(201));
  const auto gone = oci::IndexBuilder().build();
  ASSERT_THAT(put_manifest("a", gone.digest().str(), gone), HasStatus(201));
  EXPECT_THAT(RawClient(server_->control_port()).request("POST", "/gc", {}, ""), HasStatus(200));
  const auto stored = "/v2/a/manifests/" + artifact.digest().str();
  const auto list = get("/v2/a/_oci/artifacts/referrers?digest=" + subject).body;
  for (const auto* profile : {"oci-1.0", "e", "a"}) {
    restart(profile);
    EXPECT_EQ(get(stored).body, artifact.bytes()) << profile;
    EXPECT_THAT(get("/v2/a/manifests/" + gone.digest().str()), HasStatus(404));
    EXPECT_THAT(get("/v2/a/blobs/" + digest_of("lonely")), HasStatus(404));
  }
  EXPECT_EQ(get("/v2/a/_oci/artifacts/referrers?digest=" + subject).body, list);
  EXPECT_NE(list.find(artifact.digest().str()), std::string::npos);
}

}  // namespace
}  // namespace referee::selftest
