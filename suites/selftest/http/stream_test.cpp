// Bodies that go to a destination as they come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

using testing::HasSubstr;

struct Kept {
  std::string text;
  std::size_t pieces = 0;

  [[nodiscard]] BodySink sink(std::size_t most = SIZE_MAX) {
    return [this, most](std::string_view piece) {
      text += piece;
      return ++pieces < most;
    };
  }
};

Result streamed(Client& client, const std::string& url, BodySink into, std::uint64_t most = 1U << 30U) {
  auto request = get(url);
  request.into = std::move(into);
  request.max_body = most;
  return client.send(request);
}

TEST(Stream, TheBodyGoesToItsDestinationAlone) {
  const std::string body(3'000'000, 'x');
  auto server = TestServer::answering([&](const Received& /*request*/) { return response(200, body); });
  Bench bench;
  Client client(bench.options());
  Kept kept;
  const auto result = streamed(client, server->url(), kept.sink());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(kept.text, body);
  EXPECT_GT(kept.pieces, 3U);
  EXPECT_EQ(result->body, "");
  EXPECT_EQ(result->body_bytes, body.size());
  EXPECT_EQ(bench.exchanges.at(0).response_bytes, body.size());
  EXPECT_EQ(bench.exchanges.at(0).response_body, "");
}

TEST(Stream, ManyInFlightStreamToo) {
  auto server = TestServer::answering([](const Received& request) { return response(200, request.target); });
  Bench bench;
  Client client(bench.options());
  std::vector<Kept> kept(20);
  std::size_t next = 0;
  client.fly(4, [&]() -> std::optional<Flight> {
    if (next == kept.size()) return std::nullopt;
    auto request = get(server->url("/" + std::to_string(next)));
    request.into = kept[next++].sink();
    return Flight{std::move(request), [](const Result& result) { EXPECT_TRUE(result && result->body.empty()); }};
  });
  for (std::size_t at = 0; at < kept.size(); ++at) EXPECT_EQ(kept[at].text, "/" + std::to_string(at));
}

TEST(Stream, WhatIsNoSuccessIsNotPartOfIt) {
  auto server = TestServer::answering([](const Received& request) {
    if (request.target == "/there") return response(307, "moved", "Location: /here\r\n");
    if (request.target == "/gone") return response(404, "no such blob");
    return response(200, "content");
  });
  Bench bench;
  Client client(bench.options());
  Kept kept;
  ASSERT_TRUE(streamed(client, server->url("/there"), kept.sink()));
  EXPECT_EQ(kept.text, "content");
  const auto gone = streamed(client, server->url("/gone"), kept.sink());
  ASSERT_TRUE(gone) << gone.error().message;
  EXPECT_EQ(gone->body, "no such blob");
  EXPECT_EQ(kept.text, "content");
}

TEST(Stream, ADestinationMayHaveEnough) {
  auto server =
      TestServer::answering([](const Received& /*request*/) { return response(200, std::string(1 << 20, 'x')); });
  Bench bench;
  Client client(bench.options());
  Kept kept;
  const auto result = streamed(client, server->url(), kept.sink(1));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kAbandoned) << result.error().message;
  EXPECT_EQ(kept.pieces, 1U);
  EXPECT_EQ(name(ErrorKind::kAbandoned), "abandoned");
}

TEST(Stream, MoreThanTheCapNeverArrives) {
  auto server =
      TestServer::answering([](const Received& /*request*/) { return response(200, std::string(5000, 'x')); });
  Bench bench;
  Client client(bench.options());
  Kept kept;
  const auto result = streamed(client, server->url(), kept.sink(), 1000);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(kept.text.size(), 1000U);
}

TEST(Stream, ATruncatedBodyIsAnErrorAfterWhatCame) {
  TestServer server([](Connection& connection) {
    if (connection.read_request()) connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  });
  Bench bench;
  Client client(bench.options());
  Kept kept;
  const auto result = streamed(client, server.url(), kept.sink());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kProtocol);
  EXPECT_EQ(kept.text, "abc");
}

TEST(Stream, TheWholeExchangeMayTakeLongerWhenToldSo) {
  TestServer server([](Connection& connection) {
    if (!connection.read_request()) return;
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
    for (int piece = 0; piece < 8; ++piece) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      connection.write("x");
    }
  });
  Bench bench;
  auto options = bench.options();
  options.total_timeout = std::chrono::milliseconds(100);
  Client client(options);
  auto request = get(server.url());
  const auto cut = client.send(request);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().kind, ErrorKind::kTimeout);
  request.more_time = std::chrono::minutes(1);
  const auto whole = client.send(request);
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->body, "xxxxxxxx");
}

}  // namespace
}  // namespace referee::http::test
