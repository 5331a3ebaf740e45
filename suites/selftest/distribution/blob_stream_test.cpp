#include "referee/distribution/blob_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "distribution/fake_server.hpp"
#include "referee/oci/random.hpp"
#include "referee/registry/server.hpp"

namespace referee::distribution {
namespace {

using testing::HasSubstr;

/// What a server that answers with `body` makes of a pull of `content`.
BlobStream pulled(const std::string& content, const FakeResponse& answer) {
  FakeServer server([&](const FakeRequest& /*request*/) { return answer; });
  Registry registry(test_client(), server.url());
  auto stream = stream_blob(registry, "r", oci::Digest::of(content), content.size(), {});
  EXPECT_TRUE(stream) << stream.error().message;
  return stream ? *stream : BlobStream{{}, "no answer"};
}

TEST(BlobStream, BringsWhatWasPushedOfEverySize) {
  auto server = registry::Server::start({});
  ASSERT_TRUE(server) << server.error();
  Registry registry(test_client(), (*server)->url());
  oci::Random random(3);
  constexpr std::size_t kMiB = 1 << 20U;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kMiB - 1, kMiB, kMiB + 1, 9 * kMiB, 17 * kMiB + 5}) {
    for (const auto algorithm : {oci::Algorithm::kSha256, oci::Algorithm::kSha512}) {
      const oci::Content blob("application/octet-stream", random.bytes(size), algorithm);
      const auto pushed = push_blob(registry, "r", blob);
      ASSERT_TRUE(pushed && pushed->status == 201);
      std::string got;
      const auto stream = stream_blob(registry, "r", blob.digest(), size, [&](std::string_view piece) {
        got += piece;
        return true;
      });
      ASSERT_TRUE(stream) << stream.error().message;
      EXPECT_EQ(stream->wrong, "");
      EXPECT_EQ(stream->response.status, 200);
      EXPECT_EQ(stream->response.body_bytes, size);
      EXPECT_TRUE(got == blob.bytes()) << size;
    }
  }
}

TEST(BlobStream, ToldApartFromTheBlobByTheLastByte) {
  const std::string content(3'000'000, 'a');
  auto other = content;
  other.back() = 'b';
  EXPECT_EQ(pulled(content, {200, {}, content}).wrong, "");
  EXPECT_EQ(pulled(content, {200, {}, other}).wrong, "the bytes are those of " + oci::Digest::of(other).str());
}

TEST(BlobStream, WrongSizesAndStatusesAreNamed) {
  const std::string content(5000, 'a');
  EXPECT_THAT(pulled(content, {200, {}, content + "a"}).wrong, HasSubstr("longer than 5000 bytes"));
  EXPECT_EQ(pulled(content, {200, {}, content.substr(1)}).wrong, "4999 bytes came, where the blob has 5000");
  EXPECT_EQ(pulled(content, {200, {}, ""}).wrong, "0 bytes came, where the blob has 5000");
  EXPECT_EQ(pulled(content, {404, {}, "nothing"}).wrong, "the answer was 404");
  EXPECT_EQ(pulled(content, {206, {}, content}).wrong, "the answer was 206");
}

TEST(BlobStream, ASmallBlobMayBeRefusedAtLength) {
  EXPECT_EQ(pulled("{}", {404, {}, std::string(5000, 'n')}).wrong, "the answer was 404");
}

TEST(BlobStream, ADestinationThatIsFullEndsIt) {
  const std::string content(5000, 'a');
  FakeServer server([&](const FakeRequest& /*request*/) { return FakeResponse{200, {}, content}; });
  Registry registry(test_client(), server.url());
  const auto stream = stream_blob(registry, "r", oci::Digest::of(content), content.size(),
                                  [](std::string_view /*piece*/) { return false; });
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, http::ErrorKind::kAbandoned);
}

}  // namespace
}  // namespace referee::distribution
