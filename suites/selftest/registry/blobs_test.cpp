// Pulling and deleting blobs.
#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

class Blobs : public RegistryTest {
 protected:
  void SetUp() override {
    start();
    bytes_ = random_.bytes(2048);
    digest_ = digest_of(bytes_);
    url_ = "/v2/a/blobs/" + digest_;
    ASSERT_THAT(push_blob("a", bytes_), HasStatus(201));
  }

  std::string bytes_;
  std::string digest_;
  std::string url_;
};

TEST_F(Blobs, GivesTheBytesAndTheirDigest) {
  const auto reply = get(url_);
  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(reply.body, bytes_);
  EXPECT_EQ(reply.header("Docker-Content-Digest"), digest_);
  EXPECT_EQ(reply.header("Accept-Ranges"), "bytes");
  EXPECT_EQ(reply.header("ETag"), '"' + digest_ + '"');
  const auto same = head(url_);
  EXPECT_EQ(same.header("Content-Length"), "2048");
  EXPECT_EQ(same.header("Docker-Content-Digest"), digest_);
}

TEST_F(Blobs, GivesSingleRanges) {
  struct Case {
    const char* range;
    std::size_t first;
    std::size_t length;
  };
  for (const auto& [range, first, length] :
       {Case{"bytes=500-1499", 500, 1000}, Case{"bytes=500-", 500, 1548}, Case{"bytes=-500", 1548, 500},
        Case{"bytes=2000-5000", 2000, 48}, Case{"bytes=-9999", 0, 2048}, Case{"bytes=0-0", 0, 1}}) {
    const auto reply = get(url_, {{"Range", range}});
    EXPECT_THAT(reply, HasStatus(206)) << range;
    EXPECT_EQ(reply.body, bytes_.substr(first, length)) << range;
    EXPECT_EQ(reply.header("Content-Range"),
              "bytes " + std::to_string(first) + "-" + std::to_string(first + length - 1) + "/2048");
  }
}

TEST_F(Blobs, RefusesRangesBeyondTheBlob) {
  for (const auto* range : {"bytes=5000-10000", "bytes=500-0", "bytes=-0", "bytes=2048-"}) {
    const auto reply = get(url_, {{"Range", range}});
    EXPECT_THAT(reply, HasStatus(416)) << range;
    EXPECT_EQ(reply.header("Content-Range"), "bytes */2048");
  }
}

TEST_F(Blobs, IgnoresWhatItNeedNotUnderstand) {
  for (const auto* range : {"bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes", "bytes=--1"}) {
    EXPECT_THAT(get(url_, {{"Range", range}}), HasStatus(200)) << range;
  }
  EXPECT_THAT(head(url_, {{"Range", "bytes=0-1"}}), HasStatus(200));
}

TEST_F(Blobs, HonoursIfRange) {
  EXPECT_THAT(get(url_, {{"Range", "bytes=0-1"}, {"If-Range", '"' + digest_ + '"'}}), HasStatus(206));
  EXPECT_THAT(get(url_, {{"Range", "bytes=0-1"}, {"If-Range", "\"other\""}}), HasStatus(200));
}

TEST_F(Blobs, AnswersNotModified) {
  const auto reply = get(url_, {{"If-None-Match", R"("x", W/")" + digest_ + '"'}});
  EXPECT_THAT(reply, HasStatus(304));
  EXPECT_EQ(reply.header("ETag"), '"' + digest_ + '"');
}

TEST_F(Blobs, BelongToTheirRepository) {
  ASSERT_THAT(push_blob("b", "other"), HasStatus(201));
  EXPECT_THAT(get("/v2/b/blobs/" + digest_), Fails(404, "BLOB_UNKNOWN"));
  ASSERT_THAT(push_blob("b", bytes_), HasStatus(201));
  EXPECT_THAT(remove(url_), HasStatus(202));
  EXPECT_THAT(get(url_), Fails(404, "BLOB_UNKNOWN"));
  EXPECT_EQ(get("/v2/b/blobs/" + digest_).body, bytes_) << "another repository still needs the bytes";
}

TEST_F(Blobs, AreGoneOnceDeleted) {
  EXPECT_THAT(remove(url_), HasStatus(202));
  EXPECT_THAT(head(url_), HasStatus(404));
  EXPECT_THAT(remove(url_), Fails(404, "BLOB_UNKNOWN"));
}

TEST_F(Blobs, MayBeEmptyOrSha512) {
  ASSERT_THAT(push_blob("a", ""), HasStatus(201));
  const auto empty = get("/v2/a/blobs/" + digest_of(""));
  EXPECT_THAT(empty, HasStatus(200));
  EXPECT_EQ(empty.header("Content-Length"), "0");
  EXPECT_THAT(get("/v2/a/blobs/" + digest_of(""), {{"Range", "bytes=0-"}}), HasStatus(416));
  ASSERT_THAT(push_blob("a", bytes_, oci::Algorithm::kSha512), HasStatus(201));
  const auto digest = digest_of(bytes_, oci::Algorithm::kSha512);
  EXPECT_EQ(get("/v2/a/blobs/" + digest).header("Docker-Content-Digest"), digest);
}

}  // namespace
}  // namespace referee::selftest
