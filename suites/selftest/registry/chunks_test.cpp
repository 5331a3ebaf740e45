// Pushing blobs in chunks and as a stream.
#include <chrono>
#include <thread>

#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

class Chunks : public RegistryTest {
 protected:
  Reply chunk(const std::string& method, const std::string& target, std::size_t first, std::size_t length) {
    const auto range = std::to_string(first) + "-" + std::to_string(first + length - 1);
    return request(method, target, {{"Content-Range", range}}, bytes_.substr(first, length));
  }
  Reply put(const std::string& location) { return request("PUT", location + "?digest=" + digest_, {}, ""); }

  std::string bytes_ = random_.bytes(3000);
  std::string digest_ = digest_of(bytes_);
};

TEST_F(Chunks, ReportTheEndOfTheWholeBlob) {
  const auto location = open_upload("a");
  auto reply = get(location);
  EXPECT_THAT(reply, HasStatus(204));
  EXPECT_EQ(reply.header("Range"), "0-0");
  EXPECT_EQ(reply.header("Location"), location);
  for (std::size_t first = 0; first < 3000; first += 1000) {
    reply = chunk("PATCH", location, first, 1000);
    EXPECT_THAT(reply, HasStatus(202));
    EXPECT_EQ(reply.header("Range"), "0-" + std::to_string(first + 999));
    EXPECT_EQ(get(reply.header("Location")).header("Range"), reply.header("Range"));
  }
  EXPECT_THAT(put(location), HasStatus(201));
  EXPECT_EQ(get("/v2/a/blobs/" + digest_).body, bytes_);
}

TEST_F(Chunks, TheLastMayComeWithPut) {
  const auto location = open_upload("a");
  ASSERT_THAT(chunk("PATCH", location, 0, 2000), HasStatus(202));
  EXPECT_THAT(chunk("PUT", location + "?digest=" + digest_, 2000, 1000), HasStatus(201));
}

TEST_F(Chunks, AreRefusedOutOfOrder) {
  const auto location = open_upload("a");
  EXPECT_THAT(chunk("PATCH", location, 1000, 1000), HasStatus(416)) << "the first must begin at 0";
  ASSERT_THAT(chunk("PATCH", location, 0, 1000), HasStatus(202));
  for (const std::size_t first : {0U, 999U, 1001U, 2000U}) {
    auto reply = chunk("PATCH", location, first, 500);
    EXPECT_THAT(reply, Fails(416, "BLOB_UPLOAD_INVALID"));
    EXPECT_EQ(reply.header("Range"), "0-999");
    EXPECT_EQ(reply.header("Location"), location);
    reply = chunk("PUT", location + "?digest=" + digest_, first, 500);
    EXPECT_THAT(reply, Fails(416, "BLOB_UPLOAD_INVALID"));
  }
  EXPECT_EQ(get(location).header("Range"), "0-999");
  ASSERT_THAT(chunk("PATCH", location, 1000, 2000), HasStatus(202));
  EXPECT_THAT(put(location), HasStatus(201));
}

TEST_F(Chunks, MustHaveTheSizeThatTheySay) {
  const auto location = open_upload("a");
  EXPECT_THAT(request("PATCH", location, {{"Content-Range", "0-99"}}, bytes_.substr(0, 50)),
              Fails(400, "SIZE_INVALID"));
  // In chunked coding the size shows only at the end, or beyond it.
  const Fields chunked{{"Content-Range", "0-9"}, {"Transfer-Encoding", "chunked"}};
  RawConnection connection(server_->port());
  for (const std::string body : {"5\r\nabcde\r\n0\r\n\r\n", "14\r\nabcdefghijabcdefghij\r\n0\r\n\r\n"}) {
    connection.send("PATCH " + location +
                    " HTTP/1.1\r\nHost: x\r\nContent-Range: 0-9\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    EXPECT_THAT(connection.receive(), Fails(400, "SIZE_INVALID")) << body;
  }
  EXPECT_EQ(get(location).header("Range"), "0-0") << "what came is taken back";
  ASSERT_THAT(chunk("PATCH", location, 0, 3000), HasStatus(202));
  EXPECT_THAT(put(location), HasStatus(201)) << "and does not count for the digest";
}

TEST_F(Chunks, RefusesAMalformedContentRange) {
  const auto location = open_upload("a");
  for (const auto* range : {"bytes 0-9/10", "0-", "-9", "9-0", "a-b", "0-18446744073709551615"}) {
    EXPECT_THAT(request("PATCH", location, {{"Content-Range", range}}, "0123456789"), HasStatus(400)) << range;
  }
}

TEST_F(Chunks, StreamWithoutContentRange) {
  const auto location = open_upload("a");
  RawConnection connection(server_->port());
  ASSERT_TRUE(connection.send("PATCH " + location + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
  ASSERT_TRUE(connection.send("3e8\r\n" + bytes_.substr(0, 1000) + "\r\n"));
  ASSERT_TRUE(connection.send("7d0\r\n" + bytes_.substr(1000) + "\r\n0\r\n\r\n"));
  const auto reply = connection.receive();
  EXPECT_THAT(reply, HasStatus(202));
  EXPECT_EQ(reply.header("Range"), "0-2999");
  EXPECT_THAT(put(location), HasStatus(201));
}

TEST_F(Chunks, ALostConnectionKeepsWhatCame) {
  const auto location = open_upload("a");
  {
    RawConnection connection(server_->port());
    connection.send("PATCH " + location + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n" +
                    bytes_.substr(0, 1000));
  }
  // Until the server has read the piece, and then until it has noticed that no more will come.
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  Reply reply;
  while (reply.status != 202 && std::chrono::steady_clock::now() < limit) {
    const auto status = get(location);
    ASSERT_THAT(status, HasStatus(204));
    if (status.header("Range") == "0-999") reply = chunk("PATCH", location, 1000, 2000);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_THAT(reply, HasStatus(202));
  EXPECT_THAT(put(location), HasStatus(201));
}

TEST_F(Chunks, TwoAtOnceAreNotInOrder) {
  const auto location = open_upload("a");
  RawConnection slow(server_->port());
  slow.send("PATCH " + location + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_THAT(slow.receive(), HasStatus(100));
  EXPECT_THAT(request("PATCH", location, {}, bytes_), HasStatus(416));
  slow.send(bytes_.substr(0, 10));
  EXPECT_THAT(slow.receive(), HasStatus(202));
}

}  // namespace
}  // namespace referee::selftest
