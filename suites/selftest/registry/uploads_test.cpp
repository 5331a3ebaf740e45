// Pushing blobs in one piece, cancelling and mounting.
#include <set>

#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

class Uploads : public RegistryTest {
 protected:
  Reply close(const std::string& location, const std::string& digest, const std::optional<std::string>& body = "") {
    return request("PUT", location + "?digest=" + digest, {}, body);
  }
  std::string bytes_ = random_.bytes(3000);
  std::string digest_ = digest_of(bytes_);
};

TEST_F(Uploads, PostThenPut) {
  const auto location = open_upload("a");
  const auto reply = close(location, digest_, bytes_);
  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(reply.header("Docker-Content-Digest"), digest_);
  EXPECT_EQ(get(reply.header("Location")).body, bytes_);
  EXPECT_THAT(get(location), Fails(404, "BLOB_UPLOAD_UNKNOWN")) << "the session is over";
}

TEST_F(Uploads, SessionsHaveIdsOfTheirOwn) {
  std::set<std::string> locations;
  for (int i = 0; i < 20; ++i) locations.insert(open_upload("a"));
  EXPECT_EQ(locations.size(), 20U);
}

TEST_F(Uploads, SinglePost) {
  const auto reply = push_blob("a", bytes_);
  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(get(reply.header("Location")).body, bytes_);
}

TEST_F(Uploads, StoresNothingUnderAWrongDigest) {
  ASSERT_THAT(push_blob("a", "x"), HasStatus(201));
  const auto wrong = digest_of("another");
  const auto url = "/v2/a/blobs/" + wrong;
  EXPECT_THAT(request("POST", "/v2/a/blobs/uploads/?digest=" + wrong, {}, bytes_), Fails(400, "DIGEST_INVALID"));
  EXPECT_THAT(get(url), HasStatus(404));
  EXPECT_THAT(close(open_upload("a"), wrong, bytes_), Fails(400, "DIGEST_INVALID"));
  EXPECT_THAT(get(url), HasStatus(404));
}

TEST_F(Uploads, RefusesDigestsThatItCannotCheck) {
  const auto location = open_upload("a");
  EXPECT_THAT(request("PUT", location, {}, bytes_), Fails(400, "DIGEST_INVALID"));
  for (const std::string& digest : {std::string("sha256:x"), std::string("blake3:abc"), std::string("nonsense")}) {
    EXPECT_THAT(close(location, digest, bytes_), Fails(400, "DIGEST_INVALID")) << digest;
    EXPECT_THAT(request("POST", "/v2/a/blobs/uploads/?digest=" + digest, {}, bytes_), Fails(400, "DIGEST_INVALID"));
  }
  EXPECT_THAT(close(location, digest_, bytes_), HasStatus(201)) << "the session outlived the wrong requests";
}

TEST_F(Uploads, UnderstandsTheDigestAlgorithm) {
  EXPECT_THAT(request("POST", "/v2/a/blobs/uploads/?digest-algorithm=md5", {}, ""), Fails(400, "DIGEST_INVALID"));
  const auto sha512 = digest_of(bytes_, oci::Algorithm::kSha512);
  for (const auto* query : {"", "?digest-algorithm=sha512", "?digest-algorithm=sha256"}) {
    for (const auto& digest : {digest_, sha512}) {
      const auto location = open_upload("a", query);
      ASSERT_THAT(request("PATCH", location, {}, bytes_.substr(0, 1000)), HasStatus(202));
      EXPECT_THAT(close(location, digest, bytes_.substr(1000)), HasStatus(201)) << query;
    }
  }
}

TEST_F(Uploads, CanBeCancelled) {
  const auto location = open_upload("a");
  ASSERT_THAT(request("PATCH", location, {}, bytes_), HasStatus(202));
  EXPECT_THAT(remove(location), HasStatus(204));
  EXPECT_THAT(get(location), Fails(404, "BLOB_UPLOAD_UNKNOWN"));
  EXPECT_THAT(close(location, digest_), Fails(404, "BLOB_UPLOAD_UNKNOWN"));
  EXPECT_THAT(request("PATCH", location, {}, bytes_), Fails(404, "BLOB_UPLOAD_UNKNOWN"));
  EXPECT_THAT(remove(location), Fails(404, "BLOB_UPLOAD_UNKNOWN"));
}

TEST_F(Uploads, BelongToTheirRepository) {
  auto location = open_upload("a");
  location.replace(location.find("/a/"), 3, "/b/");
  EXPECT_THAT(get(location), Fails(404, "BLOB_UPLOAD_UNKNOWN"));
}

TEST_F(Uploads, MountWithAndWithoutFrom) {
  ASSERT_THAT(push_blob("a", bytes_), HasStatus(201));
  auto reply = request("POST", "/v2/b/blobs/uploads/?mount=" + digest_ + "&from=a", {}, "");
  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(get(reply.header("Location")).body, bytes_);
  reply = request("POST", "/v2/c/blobs/uploads/?mount=" + digest_, {}, "");
  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(get("/v2/c/blobs/" + digest_).body, bytes_);
}

TEST_F(Uploads, AnImpossibleMountOpensASession) {
  ASSERT_THAT(push_blob("a", bytes_), HasStatus(201));
  for (const std::string& query : {"mount=" + digest_of("x") + "&from=a", "mount=" + digest_of("x"),
                                   "mount=" + digest_ + "&from=elsewhere", "mount=" + digest_ + "&from=%20"}) {
    const auto reply = request("POST", "/v2/b/blobs/uploads/?" + query, {}, "");
    EXPECT_THAT(reply, HasStatus(202)) << query;
    EXPECT_THAT(close(reply.header("Location"), digest_of(query), query), HasStatus(201));
  }
  EXPECT_THAT(request("POST", "/v2/b/blobs/uploads/?mount=sha256:x", {}, ""), Fails(400, "DIGEST_INVALID"));
}

}  // namespace
}  // namespace referee::selftest
