#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "distribution/fake_server.hpp"
#include "referee/distribution/registry.hpp"

namespace referee::distribution {
namespace {

using ::testing::HasSubstr;

const std::string kSomeDigest = "sha256:" + std::string(64, 'a');

// A server that answers everything by 200 and what it was sent by one verb.
class VerbsTest : public ::testing::Test {
 protected:
  VerbsTest() : server_([](const FakeRequest&) { return FakeResponse{}; }), registry_(test_client(), server_.url()) {}

  FakeRequest sent(const Result& result) {
    EXPECT_TRUE(result) << result.error().message;
    const auto requests = server_.requests();
    EXPECT_FALSE(requests.empty());
    return requests.empty() ? FakeRequest{} : requests.back();
  }

  FakeServer server_;
  Registry registry_;
};

TEST_F(VerbsTest, ReadingVerbsAskForTheSpecificationsPaths) {
  EXPECT_EQ(sent(registry_.ping()).line(), "GET /v2/");
  EXPECT_EQ(sent(registry_.get_blob("a/b", kSomeDigest)).line(), "GET /v2/a/b/blobs/" + kSomeDigest);
  EXPECT_EQ(sent(registry_.head_blob("a/b", kSomeDigest)).line(), "HEAD /v2/a/b/blobs/" + kSomeDigest);
  EXPECT_EQ(sent(registry_.get_manifest("a", "latest")).line(), "GET /v2/a/manifests/latest");
  EXPECT_EQ(sent(registry_.head_manifest("a", kSomeDigest)).line(), "HEAD /v2/a/manifests/" + kSomeDigest);
  EXPECT_EQ(sent(registry_.list_tags("a")).line(), "GET /v2/a/tags/list");
  EXPECT_EQ(sent(registry_.referrers("a", kSomeDigest)).line(), "GET /v2/a/referrers/" + kSomeDigest);
  EXPECT_EQ(sent(registry_.referrers("a", kSomeDigest, "application/x+json")).line(),
            "GET /v2/a/referrers/" + kSomeDigest + "?artifactType=application%2Fx%2Bjson");
  EXPECT_EQ(sent(registry_.delete_manifest("a", "t")).line(), "DELETE /v2/a/manifests/t");
  EXPECT_EQ(sent(registry_.delete_blob("a", kSomeDigest)).line(), "DELETE /v2/a/blobs/" + kSomeDigest);
}

TEST_F(VerbsTest, ManifestReadsAcceptEveryManifestTypeUnlessToldOtherwise) {
  const std::string accept = sent(registry_.get_manifest("a", "t")).header("accept");
  EXPECT_THAT(accept, HasSubstr(std::string(oci::media_type::kManifest)));
  EXPECT_THAT(accept, HasSubstr(std::string(oci::media_type::kIndex)));
  EXPECT_THAT(accept, HasSubstr(std::string(oci::media_type::kDockerManifest)));
  EXPECT_THAT(accept, HasSubstr(std::string(oci::media_type::kDockerManifestList)));
  Options options;
  options.headers.add("accept", "text/plain");
  EXPECT_EQ(sent(registry_.head_manifest("a", "t", options)).header("accept"), "text/plain");
}

TEST_F(VerbsTest, UploadVerbs) {
  FakeRequest request = sent(registry_.start_upload("a"));
  EXPECT_EQ(request.line(), "POST /v2/a/blobs/uploads/");
  EXPECT_EQ(request.header("content-length"), "0");

  request = sent(registry_.post_blob("a", kSomeDigest, "bytes"));
  EXPECT_EQ(request.line(), "POST /v2/a/blobs/uploads/?digest=sha256%3A" + std::string(64, 'a'));
  EXPECT_EQ(request.header("content-type"), "application/octet-stream");
  EXPECT_EQ(request.body, "bytes");

  request = sent(registry_.mount_blob("a", kSomeDigest, "x/y"));
  EXPECT_EQ(request.line(), "POST /v2/a/blobs/uploads/?mount=sha256%3A" + std::string(64, 'a') + "&from=x%2Fy");
  EXPECT_EQ(sent(registry_.mount_blob("a", kSomeDigest, "")).target.find("from"), std::string::npos);

  request = sent(registry_.patch_upload("/v2/a/blobs/uploads/1?state=s", "chunk", "0-4"));
  EXPECT_EQ(request.line(), "PATCH /v2/a/blobs/uploads/1?state=s");
  EXPECT_EQ(request.header("content-range"), "0-4");
  EXPECT_EQ(request.body, "chunk");
  EXPECT_FALSE(sent(registry_.patch_upload("/u", "chunk", "")).headers.contains("content-range"));

  EXPECT_EQ(sent(registry_.upload_status(server_.url() + "/v2/a/blobs/uploads/1")).line(), "GET /v2/a/blobs/uploads/1");
  request = sent(registry_.cancel_upload("/v2/a/blobs/uploads/1"));
  EXPECT_EQ(request.line(), "DELETE /v2/a/blobs/uploads/1");
  EXPECT_EQ(request.header("content-length"), "0");
}

TEST_F(VerbsTest, ClosingAnUploadKeepsTheLocationsOwnQuery) {
  FakeRequest request = sent(registry_.finish_upload("a", "/u/1?state=s", kSomeDigest, "end", "5-7"));
  EXPECT_EQ(request.line(), "PUT /u/1?state=s&digest=sha256%3A" + std::string(64, 'a'));
  EXPECT_EQ(request.header("content-range"), "5-7");
  EXPECT_EQ(request.header("content-type"), "application/octet-stream");
  EXPECT_EQ(request.body, "end");
  request = sent(registry_.finish_upload("a", "/u/1", kSomeDigest, std::nullopt));
  EXPECT_EQ(request.header("content-length"), "0");
  EXPECT_FALSE(request.headers.contains("content-type"));
}

TEST_F(VerbsTest, PutManifestSendsTypeBytesAndTags) {
  const oci::Content manifest = oci::ManifestBuilder().build().manifest;
  Options options;
  options.query = {{"tag", "1.0"}, {"tag", "a b"}};
  const FakeRequest request = sent(registry_.put_manifest("a", manifest.digest().str(), manifest, options));
  EXPECT_EQ(request.line(), "PUT /v2/a/manifests/" + manifest.digest().str() + "?tag=1.0&tag=a%20b");
  EXPECT_EQ(request.header("content-type"), oci::media_type::kManifest);
  EXPECT_EQ(request.header("content-length"), std::to_string(manifest.size()));
  EXPECT_EQ(request.body, manifest.bytes());
  EXPECT_FALSE(sent(registry_.put_manifest("a", "t", "{}", "")).headers.contains("content-type"));
}

TEST_F(VerbsTest, OptionsReachTheWire) {
  Options options;
  options.headers = {{"Content-Type", "text/a"}, {"X-Twice", "1"}, {"X-Twice", "2"}};
  options.query = {{"ns", "docker.io"}};
  options.chunked = true;
  const FakeRequest request = sent(registry_.put_manifest("a", "t", "{\"x\":1}", "application/json", options));
  EXPECT_EQ(request.line(), "PUT /v2/a/manifests/t?ns=docker.io");
  EXPECT_EQ(request.header("content-type"), "text/a");
  EXPECT_EQ(request.header("x-twice"), "1|2");
  EXPECT_EQ(request.header("transfer-encoding"), "chunked");
  EXPECT_EQ(request.body, "{\"x\":1}");
}

TEST_F(VerbsTest, MalformedNamesAreSentAndStayInsideTheirPathSegment) {
  EXPECT_EQ(sent(registry_.get_manifest("UPPER/../x", "t")).method, "GET");
  EXPECT_EQ(sent(registry_.get_manifest("a b", "t?q#f/%")).line(), "GET /v2/a%20b/manifests/t%3Fq%23f%2F%25");
  EXPECT_EQ(sent(registry_.get_blob("a", "sha256+b64u:_-=")).line(), "GET /v2/a/blobs/sha256+b64u:_-=");
  EXPECT_EQ(sent(registry_.get_manifest("a", "\xff\n")).line(), "GET /v2/a/manifests/%FF%0A");
}

TEST_F(VerbsTest, RawRequests) {
  EXPECT_EQ(sent(registry_.request("OPTIONS", "/v2/_catalog")).line(), "OPTIONS /v2/_catalog");
  const FakeRequest request = sent(registry_.request("PUT", "/v2/a/other", "body"));
  EXPECT_EQ(request.line(), "PUT /v2/a/other");
  EXPECT_EQ(request.body, "body");
  EXPECT_EQ(sent(registry_.get("/v2/a/tags/list?last=x")).line(), "GET /v2/a/tags/list?last=x");
  EXPECT_EQ(sent(registry_.get(server_.url() + "/else")).line(), "GET /else");
}

TEST(VerbsTransportTest, NoAnswerIsAnErrorAndEveryStatusIsNot) {
  FakeServer server(
      [](const FakeRequest& request) { return FakeResponse{request.target == "/v2/" ? 0 : 599, {}, "odd"}; });
  Registry registry(test_client(), server.url());
  EXPECT_FALSE(registry.ping());
  const Result result = registry.list_tags("a");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 599);
}

}  // namespace
}  // namespace referee::distribution
