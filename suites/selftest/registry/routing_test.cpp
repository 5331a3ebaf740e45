// Paths, methods, names and error answers.
#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

using ::testing::IsEmpty;

const std::string kAbsent = "sha256:" + std::string(64, 'a');

TEST_F(RegistryTest, AnswersTheBaseEndpoint) {
  EXPECT_THAT(get("/v2/"), HasStatus(200));
  EXPECT_THAT(head("/v2/"), HasStatus(200));
}

TEST_F(RegistryTest, RefusesPathsThatTheSpecificationDoesNotKnow) {
  for (const auto* path : {"/", "/v1/", "/v2/a", "/v2/a/b/c", "/v2/manifests/x", "*"}) {
    EXPECT_THAT(get(path), Fails(404, "UNSUPPORTED")) << path;
  }
  EXPECT_THAT(get("/v2/a/tags/list%zz"), Fails(400, "UNSUPPORTED"));
  EXPECT_THAT(get("/v2/a/tags/list?n=%0"), Fails(400, "UNSUPPORTED"));
}

TEST_F(RegistryTest, NamesTheAllowedMethods) {
  const auto reply = request("POST", "/v2/a/tags/list", {}, "");
  EXPECT_THAT(reply, Fails(405, "UNSUPPORTED"));
  EXPECT_EQ(reply.header("Allow"), "GET, HEAD");
  EXPECT_EQ(request("PATCH", "/v2/a/manifests/x", {}, "").header("Allow"), "GET, HEAD, PUT, DELETE");
  EXPECT_EQ(get("/v2/a/blobs/uploads/").header("Allow"), "POST");
  EXPECT_THAT(request("BREW", "/v2/", {}), Fails(405, "UNSUPPORTED"));
}

TEST_F(RegistryTest, RefusesRepositoryNamesOutsideTheGrammar) {
  const std::string long_name(256, 'a');
  for (const std::string name :
       {"A", "a//b", "-a", "a-", "a..b", "a___b", "a/.b", "%2e%2e", "a%20b", long_name.c_str()}) {
    EXPECT_THAT(get("/v2/" + name + "/tags/list"), Fails(400, "NAME_INVALID")) << name;
  }
  for (const std::string name : {"a", "0", "a/b/c", "a.b", "a_b", "a__b", "a-b", "a---b", "blobs/uploads", "a%2Fb"}) {
    EXPECT_THAT(get("/v2/" + name + "/tags/list"), Fails(404, "NAME_UNKNOWN")) << name;
  }
}

TEST_F(RegistryTest, ReadsAPathFromItsEnd) {
  ASSERT_THAT(push("a/manifests/b", "list", oci::image(random_)), HasStatus(201));
  EXPECT_THAT(tags("a/manifests/b"), ::testing::ElementsAre("list"));
  EXPECT_THAT(get("/v2/a/manifests/b/manifests/list"), HasStatus(200));
}

TEST_F(RegistryTest, RefusesMalformedDigestsAndTags) {
  for (const std::string& digest :
       std::vector<std::string>{"sha256:abc", "sha256:", ":abc", "sha256:" + std::string(64, 'A'), "a:b:c",
                                "SHA256:" + std::string(64, 'a'), "+a:b"}) {
    EXPECT_THAT(get("/v2/a/blobs/" + digest), Fails(400, "DIGEST_INVALID")) << digest;
    EXPECT_THAT(get("/v2/a/manifests/" + digest), Fails(400, "DIGEST_INVALID")) << digest;
    EXPECT_THAT(get("/v2/a/referrers/" + digest), Fails(400, "DIGEST_INVALID")) << digest;
    EXPECT_THAT(remove("/v2/a/blobs/" + digest), Fails(400, "DIGEST_INVALID")) << digest;
  }
  EXPECT_THAT(get("/v2/a/referrers/tag"), Fails(400, "DIGEST_INVALID"));
  for (const std::string& tag : {std::string(129, 'a'), std::string(".a"), std::string("-a"), std::string("a%20b")}) {
    EXPECT_THAT(get("/v2/a/manifests/" + tag), Fails(400, "MANIFEST_INVALID")) << tag;
  }
}

TEST_F(RegistryTest, TellsAnUnknownRepositoryFromUnknownContent) {
  EXPECT_THAT(get("/v2/a/manifests/x"), Fails(404, "NAME_UNKNOWN"));
  EXPECT_THAT(get("/v2/a/blobs/" + kAbsent), Fails(404, "NAME_UNKNOWN"));
  EXPECT_THAT(remove("/v2/a/manifests/" + kAbsent), Fails(404, "NAME_UNKNOWN"));
  open_upload("a");
  EXPECT_THAT(get("/v2/a/tags/list"), Fails(404, "NAME_UNKNOWN")) << "a session alone makes no repository";
  ASSERT_THAT(push_blob("a", "x"), HasStatus(201));
  EXPECT_THAT(get("/v2/a/manifests/x"), Fails(404, "MANIFEST_UNKNOWN"));
  EXPECT_THAT(get("/v2/a/manifests/" + kAbsent), Fails(404, "MANIFEST_UNKNOWN"));
  EXPECT_THAT(get("/v2/a/blobs/" + kAbsent), Fails(404, "BLOB_UNKNOWN"));
  EXPECT_THAT(get("/v2/a/blobs/blake3:abc"), Fails(404, "BLOB_UNKNOWN"));
  EXPECT_THAT(tags("a"), IsEmpty());
}

TEST_F(RegistryTest, HeadOfAMissingThingHasNoBody) {
  const auto reply = head("/v2/a/manifests/x");
  EXPECT_THAT(reply, HasStatus(404));
  EXPECT_THAT(get("/v2/"), HasStatus(200)) << "a body would be taken for the next answer";
}

}  // namespace
}  // namespace referee::selftest
