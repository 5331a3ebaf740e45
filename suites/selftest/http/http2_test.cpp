#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

std::string frame(int type, int flags, int stream, const std::string& payload) {
  std::string bytes;
  for (const int shift : {16, 8, 0})
    bytes += static_cast<char>((payload.size() >> static_cast<unsigned>(shift)) & 0xFFU);
  bytes += static_cast<char>(type);
  bytes += static_cast<char>(flags);
  bytes += std::string(3, '\0') + static_cast<char>(stream);
  return bytes + payload;
}

/// Just enough of RFC 9113 to answer requests with 200 and "two": no header decoding, one DATA frame.
void speak_http2(Connection& connection) {
  constexpr std::size_t kPreface = 24;
  constexpr int kData = 0;
  constexpr int kHeaders = 1;
  constexpr int kSettings = 4;
  constexpr int kEnd = 1;
  constexpr int kEndHeaders = 4;
  if (!connection.read_exactly(kPreface).starts_with("PRI * HTTP/2.0")) return;
  connection.write(frame(kSettings, 0, 0, ""));
  while (true) {
    const auto head = connection.read_exactly(9);
    if (head.empty()) return;
    const auto byte = [&head](std::size_t i) { return static_cast<unsigned char>(head[i]); };
    const std::size_t length = (std::size_t{byte(0)} << 16U) | (std::size_t{byte(1)} << 8U) | byte(2);
    if (length > 0 && connection.read_exactly(length).empty()) return;
    if (byte(3) == kSettings && (byte(4) & 1U) == 0) connection.write(frame(kSettings, 1, 0, ""));
    if (byte(3) == kHeaders || byte(3) == kData) {
      if ((byte(4) & 1U) == 0) continue;  // more of the request comes
      // 0x88 is ":status: 200" of the static table.
      connection.write(frame(kHeaders, kEndHeaders, byte(8), "\x88") + frame(kData, kEnd, byte(8), "two"));
    }
  }
}

TEST(Http2, PriorKnowledgeOnPlainHttp) {
  TestServer server(speak_http2);
  Bench bench;
  auto options = bench.options();
  options.version = Version::kHttp2;
  Client client(options);
  for (const auto& request : {get(server.url("/")), with_body("PUT", server.url("/"), "body"), get(server.url("/"))}) {
    const auto result = client.send(request);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->status, 200);
    EXPECT_EQ(result->body, "two");
    EXPECT_EQ(result->version, "2");
  }
  EXPECT_EQ(bench.exchanges.at(1).request_bytes, 4U);
}

TEST(Http2, PlainHttpIsOneDotOneUnlessAskedFor) {
  auto server = TestServer::answering([](const Received&) { return response(200); });
  Bench bench;
  Client client(bench.options());
  EXPECT_EQ(client.send(get(server->url("/")))->version, "1.1");
  EXPECT_FALSE(server->requests().at(0).headers.has("Upgrade"));
}

TEST(Http2, DemandedOfAServerThatDoesNotSpeakIt) {
  auto server = TestServer::answering([](const Received&) { return response(400); });
  Bench bench;
  auto options = bench.options();
  options.version = Version::kHttp2;
  const auto result = Client(options).send(get(server->url("/")));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kProtocol);
  EXPECT_THAT(result.error().message, testing::HasSubstr("clear-text HTTP/2 was demanded"));
}

TEST(Http2, HangingServerIsATimeout) {
  TestServer server([](Connection& connection) { connection.wait_for_close(); });
  Bench bench;
  auto options = bench.options();
  options.version = Version::kHttp2;
  options.first_byte_timeout = milliseconds(150);
  Client client(options);
  EXPECT_EQ(client.send(get(server.url("/"))).error().kind, ErrorKind::kTimeout);
}

}  // namespace
}  // namespace referee::http::test
