// Pushing manifests: what is accepted, what is refused and how.
#include "referee/oci/media_types.hpp"
#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

using ::testing::ElementsAre;

class PushManifest : public RegistryTest {
 protected:
  Reply put(const std::string& body, const std::string& type = std::string(oci::media_type::kManifest),
            const std::string& reference = "v1") {
    return request("PUT", "/v2/a/manifests/" + reference, {{"Content-Type", type}}, body);
  }
  const std::string index_type_{oci::media_type::kIndex};
};

TEST_F(PushManifest, SaysWhereItIs) {
  const auto package = oci::image(random_);
  auto reply = push("a", "v1", package);
  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(reply.header("Docker-Content-Digest"), package.digest().str());
  EXPECT_EQ(get(reply.header("Location")).body, package.manifest.bytes());
  EXPECT_FALSE(reply.has("OCI-Subject"));
  EXPECT_FALSE(reply.has("OCI-Tag"));
}

TEST_F(PushManifest, IgnoresParametersOfTheContentType) {
  const auto body = R"({"schemaVersion":2,"layers":[]})";
  EXPECT_THAT(put(body, "application/vnd.oci.image.manifest.v1+json; charset=utf-8"), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/v1").header("Content-Type"), oci::media_type::kManifest);
}

TEST_F(PushManifest, ANewTypeHoldsForAllTagsOfTheDigest) {
  const auto body = R"({"schemaVersion":2})";
  for (const auto* tag : {"v1", "v2"}) {
    ASSERT_THAT(put(body, std::string(oci::media_type::kManifest), tag), HasStatus(201));
  }
  ASSERT_THAT(put(R"({"schemaVersion":2, "x":1})", std::string(oci::media_type::kManifest), "v2"), HasStatus(201));
  ASSERT_THAT(put(body, index_type_, "v3"), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/v1").header("Content-Type"), index_type_);
  EXPECT_EQ(get("/v2/a/manifests/v3").header("Content-Type"), index_type_);
  EXPECT_EQ(get("/v2/a/manifests/v2").header("Content-Type"), oci::media_type::kManifest) << "it moved away before";
}

TEST_F(PushManifest, ChecksTheDigest) {
  const auto package = oci::image(random_);
  const auto other = "sha256:" + std::string(64, 'b');
  EXPECT_THAT(push("a", other, package), Fails(400, "DIGEST_INVALID"));
  EXPECT_THAT(get("/v2/a/manifests/" + other), Fails(404, "MANIFEST_UNKNOWN"));
  EXPECT_THAT(put("{}", index_type_, "sha256:bad"), Fails(400, "DIGEST_INVALID"));
  EXPECT_THAT(put("{}", index_type_, "blake3:bad"), Fails(400, "DIGEST_INVALID"));
}

TEST_F(PushManifest, ChecksTheReference) {
  const auto body = R"({"schemaVersion":2,"manifests":[]})";
  EXPECT_THAT(put(body, index_type_, std::string(128, 'a')), HasStatus(201));
  EXPECT_THAT(put(body, index_type_, std::string(129, 'a')), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put(body, index_type_, "-a"), Fails(400, "MANIFEST_INVALID"));
}

TEST_F(PushManifest, RefusesWhatIsNoManifest) {
  for (const std::string body : {"",
                                 "x",
                                 "[]",
                                 "null",
                                 "{",
                                 R"({"schemaVersion":1})",
                                 R"({"schemaVersion":"2"})",
                                 R"({})",
                                 R"({"schemaVersion":2,"mediaType":7})",
                                 R"({"schemaVersion":2,"config":[]})",
                                 R"({"schemaVersion":2,"layers":{}})",
                                 R"({"schemaVersion":2,"layers":[1]})",
                                 R"({"schemaVersion":2,"layers":[{"mediaType":"a/b","digest":"sha256:x","size":1}]})",
                                 R"({"schemaVersion":2,"layers":[{"mediaType":"a/b","digest":"x:y","size":-1}]})",
                                 R"({"schemaVersion":2,"layers":[{"mediaType":"a/b","digest":"x:y","size":1.5}]})",
                                 R"({"schemaVersion":2,"subject":{}})",
                                 R"({"schemaVersion":2,"annotations":{"a":1}})",
                                 R"({"schemaVersion":2,"annotations":[]})",
                                 R"({"schemaVersion":2,"artifactType":1})",
                                 "{\"schemaVersion\":2,\"a\":\"\xFF\"}"}) {
    EXPECT_THAT(put(body), Fails(400, "MANIFEST_INVALID")) << body;
  }
  EXPECT_THAT(get("/v2/a/tags/list"), Fails(404, "NAME_UNKNOWN"));
}

TEST_F(PushManifest, RefusesDeepJson) {
  for (const auto* bracket : {"[", "{\"a\":"}) {
    std::string body = R"({"schemaVersion":2,"x":)";
    for (int i = 0; i < 100'000; ++i) body += bracket;
    EXPECT_THAT(put(body), Fails(400, "MANIFEST_INVALID"));
    EXPECT_THAT(put(body, "application/vnd.example+json"), Fails(400, "MANIFEST_INVALID"));
  }
}

TEST_F(PushManifest, ComparesTheMediaTypes) {
  const std::string body = R"({"schemaVersion":2,"mediaType":")" + index_type_ + R"(","manifests":[]})";
  EXPECT_THAT(put(body), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put(body, "application/vnd.example+json"), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put(body, index_type_), HasStatus(201));
  EXPECT_THAT(request("PUT", "/v2/a/manifests/v2", {}, body), HasStatus(201)) << "the field stands in for the header";
  EXPECT_EQ(get("/v2/a/manifests/v2").header("Content-Type"), index_type_);
}

TEST_F(PushManifest, AcceptsOtherJsonTypesAsTheyAre) {
  EXPECT_THAT(put(R"({"any":"thing"})", "application/vnd.example.thing+json"), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/v1").header("Content-Type"), "application/vnd.example.thing+json");
  for (const auto* type : {"text/plain", "application/json", "application/octet-stream", "+json"}) {
    EXPECT_THAT(put(R"({"any":"thing"})", type), Fails(400, "MANIFEST_INVALID")) << type;
  }
}

TEST_F(PushManifest, WantsTheBlobsButNotTheChildren) {
  const auto package = oci::image(random_);
  EXPECT_THAT(put_manifest("a", "v1", package.manifest), Fails(400, "MANIFEST_BLOB_UNKNOWN"));
  const oci::Content elsewhere(std::string(oci::media_type::kNonDistributableLayer), "x");
  const auto foreign = oci::ManifestBuilder().layer_descriptor(elsewhere.descriptor()).build();
  EXPECT_THAT(push("a", "v1", foreign), HasStatus(201));
  const auto sparse = oci::IndexBuilder().manifest(package.descriptor()).build();
  EXPECT_THAT(put_manifest("a", "v2", sparse), HasStatus(201));
}

TEST_F(PushManifest, KnowsDockerTypes) {
  const auto package = oci::ManifestBuilder().media_type(oci::media_type::kDockerManifest).build();
  EXPECT_THAT(push("a", "v1", package), HasStatus(201));
  const auto list =
      oci::IndexBuilder().media_type(oci::media_type::kDockerManifestList).manifest(package.descriptor()).build();
  EXPECT_THAT(put_manifest("a", "v2", list), HasStatus(201));
}

TEST_F(PushManifest, NamesTheSubject) {
  const auto image = oci::image(random_);
  const auto reply = push("a", "sig", oci::referrer(random_, image.descriptor(), "application/vnd.example.sig"));
  EXPECT_THAT(reply, HasStatus(201)) << "the subject may be absent";
  EXPECT_EQ(reply.header("OCI-Subject"), image.digest().str());
}

TEST_F(PushManifest, TakesTagsAsParameters) {
  const auto package = oci::image(random_);
  const auto digest = package.digest().str();
  std::string query = "?tag=t0";
  for (int i = 1; i < 10; ++i) query += "&tag=t" + std::to_string(i);
  const auto reply = push("a", digest + query, package);
  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(reply.header("OCI-Tag"), "t0, t1, t2, t3, t4, t5, t6, t7, t8, t9");
  EXPECT_EQ(tags("a").size(), 10U);
  for (int i = 10; i < 65; ++i) query += "&tag=t" + std::to_string(i);
  EXPECT_THAT(push("a", digest + query, package), HasStatus(414));
  EXPECT_THAT(push("a", digest + "?tag=ok&tag=-bad", package), Fails(400, "MANIFEST_INVALID"));
  EXPECT_EQ(tags("a").size(), 10U) << "all or nothing";
}

TEST_F(PushManifest, HasALimit) {
  registry::ServerOptions options;
  options.manifest_limit = 4000;
  start(options);
  ASSERT_THAT(push_blob("a", "{}"), HasStatus(201));
  EXPECT_THAT(push("a", "v1", oci::ManifestBuilder().pad_to(4000).build()), HasStatus(201));
  EXPECT_THAT(push("a", "v2", oci::ManifestBuilder().pad_to(4001).build()), Fails(413, "MANIFEST_INVALID"));
  EXPECT_THAT(tags("a"), ElementsAre("v1"));
}

TEST_F(PushManifest, AcceptsFourMegabytes) {
  EXPECT_THAT(push("a", "v1", oci::ManifestBuilder().pad_to(4'000'000).build()), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/v1").body.size(), 4'000'000U);
}

}  // namespace
}  // namespace referee::selftest
