#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

using std::chrono::steady_clock;

void expect_timeout(const Result& result, std::string_view words) {
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTimeout) << result.error().message;
  EXPECT_THAT(result.error().message, testing::HasSubstr(std::string(words)));
}

TEST(Timeout, NoFirstByte) {
  TestServer server([](Connection& connection) { connection.wait_for_close(); });
  Bench bench;
  auto options = bench.options();
  options.first_byte_timeout = milliseconds(100);
  Client client(options);
  expect_timeout(client.send(get(server.url())), "no response within 100 ms");
  EXPECT_EQ(bench.exchanges.at(0).status, 0);
  EXPECT_THAT(bench.exchanges.at(0).error, testing::HasSubstr(server.authority()));
}

TEST(Timeout, CancelledExchangesEndAndNoneIsBegun) {
  TestServer server([](Connection& connection) { connection.wait_for_close(); });
  Bench bench;
  auto options = bench.options();
  int polls = 0;
  options.cancelled = [&polls] { return ++polls > 3; };
  Client client(options);
  expect_timeout(client.send(get(server.url())), "cancelled during the exchange with " + server.authority());
  expect_timeout(client.send(get(server.url())), "cancelled: nothing was sent");
  EXPECT_EQ(server.connections(), 1);
}

TEST(Timeout, CancelledWhileItWaitsToRetry) {
  auto server = TestServer::answering([](const Received&) { return response(429, "", "Retry-After: 9\r\n"); });
  Bench bench;
  auto options = bench.options();
  options.cancelled = [&bench] { return !bench.clock->sleeps().empty(); };
  Client client(options);
  expect_timeout(client.send(get(server->url())), "cancelled: nothing was sent");
  EXPECT_THAT(bench.clock->sleeps(), testing::ElementsAre(milliseconds(100)));
}

TEST(Timeout, SilenceInTheBody) {
  TestServer server([](Connection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    connection.wait_for_close();
  });
  Bench bench;
  auto options = bench.options();
  options.silence_timeout = milliseconds(100);
  Client client(options);
  expect_timeout(client.send(get(server.url())), "silence of 100 ms");
  EXPECT_EQ(bench.exchanges.at(0).status, 200);
  EXPECT_EQ(bench.exchanges.at(0).response_body, "abc");
}

TEST(Timeout, DripFeedIsEndedByTheTotalLimit) {
  TestServer server([](Connection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (connection.write("x")) std::this_thread::sleep_for(milliseconds(5));
  });
  Bench bench;
  auto options = bench.options();
  options.silence_timeout = milliseconds(5000);
  options.total_timeout = milliseconds(200);
  Client client(options);
  expect_timeout(client.send(get(server.url())), "longer than 200 ms");
}

TEST(Timeout, DripFedHeadersToo) {
  TestServer server([](Connection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\n");
    while (connection.write("A: b\r\n")) std::this_thread::sleep_for(milliseconds(5));
  });
  Bench bench;
  auto options = bench.options();
  options.total_timeout = milliseconds(200);
  Client client(options);
  expect_timeout(client.send(get(server.url())), "longer than 200 ms");
}

TEST(Timeout, BodyThatNobodyReads) {
  std::atomic<bool> done{false};
  TestServer server([&done](Connection&) {
    while (!done) std::this_thread::sleep_for(milliseconds(5));
  });
  Bench bench;
  auto options = bench.options();
  options.silence_timeout = milliseconds(150);
  Client client(options);
  const std::string body(64UL * 1024 * 1024, 'x');  // above what the sockets buffer
  expect_timeout(client.send(with_body("PUT", server.url(), body)), "was not read for 150 ms");
  done = true;
}

TEST(Timeout, DeadlineOfTheClient) {
  TestServer server([](Connection& connection) {
    while (auto request = connection.read_request()) {
      if (request->target == "/hang") return connection.wait_for_close();
      connection.write(response(200));
    }
  });
  Bench bench;
  Client client(bench.options());
  client.set_deadline(steady_clock::now() + milliseconds(100));
  expect_timeout(client.send(get(server.url("/hang"))), "deadline");
  const auto before = client.exchanges();
  expect_timeout(client.send(get(server.url())), "nothing was sent");
  EXPECT_EQ(client.exchanges(), before);
  client.set_deadline(std::nullopt);
  EXPECT_TRUE(client.send(get(server.url())));
}

TEST(Timeout, TlsHandshakeThatNeverComes) {
  TestServer server([](Connection& connection) { connection.wait_for_close(); });
  Bench bench;
  auto options = bench.options();
  options.connect_timeout = milliseconds(150);
  Client client(options);
  const auto result = client.send(get("https://" + server.authority() + "/"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTls) << result.error().message;
}

}  // namespace
}  // namespace referee::http::test
