#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

/// What the client makes of a server that reads a request and then writes these bytes and hangs up.
struct Outcome {
  Result result;
  std::vector<Exchange> exchanges;
};

Outcome against(const std::string& bytes, const std::function<void(ClientOptions&)>& change = {}) {
  TestServer server([&bytes](Connection& connection) {
    connection.read_request();
    connection.write(bytes);
  });
  Bench bench;
  auto options = bench.options();
  if (change) change(options);
  Client client(options);
  auto result = client.send(get(server.url()));
  return {std::move(result), bench.exchanges};
}

void expect_kind(const Outcome& outcome, ErrorKind kind) {
  ASSERT_FALSE(outcome.result);
  EXPECT_EQ(outcome.result.error().kind, kind) << outcome.result.error().message;
  EXPECT_EQ(outcome.result.error().message.find('\n'), std::string::npos);
  ASSERT_EQ(outcome.exchanges.size(), 1U);
  EXPECT_EQ(outcome.exchanges[0].error, outcome.result.error().message);
}

TEST(Hostile, HangsUpWithoutAWord) {
  expect_kind(against(""), ErrorKind::kProtocol);
}

TEST(Hostile, IsNoHttpServer) {
  expect_kind(against("SSH-2.0-OpenSSH_9.2\r\n"), ErrorKind::kProtocol);
  expect_kind(against(std::string("\x00\xff\x01garbage", 10)), ErrorKind::kProtocol);
}

TEST(Hostile, EndsInsideTheHeaders) {
  expect_kind(against("HTTP/1.1 200 OK\r\nContent-Le"), ErrorKind::kProtocol);
}

TEST(Hostile, TruncatesTheBody) {
  const auto outcome = against("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  expect_kind(outcome, ErrorKind::kProtocol);
  EXPECT_EQ(outcome.exchanges[0].response_body, "abc");
}

TEST(Hostile, TruncatesAChunkedBody) {
  expect_kind(against("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc"), ErrorKind::kProtocol);
  expect_kind(against("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc"), ErrorKind::kProtocol);
}

TEST(Hostile, SendsANonsenseContentLength) {
  expect_kind(against("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc"), ErrorKind::kProtocol);
  expect_kind(against("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nabc"), ErrorKind::kProtocol);
}

TEST(Hostile, SendsTwoContentLengths) {
  expect_kind(against("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), ErrorKind::kProtocol);
}

TEST(Hostile, SendsTenThousandHeaders) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 10000; ++i) head += "X-" + std::to_string(i) + ": y\r\n";
  expect_kind(against(head + "Content-Length: 0\r\n\r\n"), ErrorKind::kTooLarge);
}

TEST(Hostile, SendsAGiantHeader) {
  const std::string giant(200UL * 1024, 'x');
  expect_kind(against("HTTP/1.1 200 OK\r\nX: " + giant + "\r\nContent-Length: 0\r\n\r\n"), ErrorKind::kTooLarge);
}

TEST(Hostile, SendsMoreHeaderBytesThanTheCap) {
  const auto outcome = against("HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'x') + "\r\nContent-Length: 0\r\n\r\n",
                               [](ClientOptions& options) { options.max_header_bytes = 1000; });
  expect_kind(outcome, ErrorKind::kTooLarge);
}

TEST(Hostile, RepeatsInterimResponsesForEver) {
  std::string interim;
  for (int i = 0; i < 2000; ++i) interim += "HTTP/1.1 103 Early Hints\r\n\r\n";
  expect_kind(against(interim), ErrorKind::kTooLarge);
}

TEST(Hostile, NeverEndsTheBody) {
  TestServer server([](Connection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (connection.write("8000\r\n" + std::string(0x8000, 'x') + "\r\n")) {
    }
  });
  Bench bench;
  auto options = bench.options();
  options.max_body_bytes = 1000000;
  Client client(options);
  const auto result = client.send(get(server.url()));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(bench.exchanges.at(0).response_bytes, 1000000U);
}

TEST(Hostile, BodyCapOfOneRequest) {
  auto server = TestServer::answering([](const Received&) { return response(200, std::string(100, 'x')); });
  Bench bench;
  Client client(bench.options());
  Request request = get(server->url("/"));
  request.max_body = 100;
  EXPECT_TRUE(client.send(request));
  request.max_body = 99;
  EXPECT_EQ(client.send(request).error().kind, ErrorKind::kTooLarge);
}

TEST(Hostile, SendsInvalidUtf8) {
  const auto outcome = against("HTTP/1.1 200 OK\r\nX: \xff\xfe\r\nContent-Length: 3\r\n\r\n\xff\xfe\x80");
  ASSERT_TRUE(outcome.result);
  EXPECT_EQ(outcome.result->body, "\xff\xfe\x80");
  EXPECT_EQ(outcome.exchanges[0].response_headers.get("X"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_THAT(outcome.exchanges[0].response_body, testing::StartsWith("<3 bytes, binary, sha256:"));
}

}  // namespace
}  // namespace referee::http::test
