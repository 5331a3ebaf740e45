// The short way of what is in flight: whatever comes, the answer is the one that send() gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <thread>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Le;

Result fly_one(Client& client, const Request& request) {
  Result answer = tl::unexpected(Error{ErrorKind::kUsage, "nothing landed"});
  bool given = false;
  client.fly(2, [&]() -> std::optional<Flight> {
    if (std::exchange(given, true)) return std::nullopt;
    return Flight{request, [&answer](Result result) { answer = std::move(result); }};
  });
  return answer;
}

std::string told(const Result& result) {
  if (!result) return std::string("error: ") + std::string(name(result.error().kind));
  std::string text = std::to_string(result->status) + " " + result->version + "\n";
  for (const auto& [field, value] : result->headers) text += field + ": " + value + "\n";
  return text + "\n" + result->body;
}

struct Case {
  std::string_view name;
  std::string_view answer;  ///< raw; the connection ends behind it
  std::string_view told;    ///< the beginning of what told() gives
};

class AnyAnswer : public testing::TestWithParam<Case> {};

TEST_P(AnyAnswer, IsWhatSendGives) {
  TestServer server([](Connection& connection) {
    if (connection.read_request()) connection.write(GetParam().answer);
  });
  Bench bench;
  Client client(bench.options());
  const auto flown = fly_one(client, get(server.url("/x")));
  const auto sent = client.send(get(server.url("/x")));
  EXPECT_EQ(told(flown), told(sent));
  EXPECT_THAT(told(flown), testing::StartsWith(GetParam().told));
}

INSTANTIATE_TEST_SUITE_P(
    Answers, AnyAnswer,
    testing::Values(
        Case{"length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nok",
             "200 1.1\nContent-Length: 2\nX: y\n\nok"},
        Case{"chunks",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2;x=y\r\nbc\r\n0\r\nT: u\r\n\r\n",
             "200 1.1\nTransfer-Encoding: chunked\n\nabc"},
        Case{"until_the_end", "HTTP/1.1 200 OK\r\n\r\nto the end", "200 1.1\n\nto the end"},
        Case{"version_1_0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", "200 1.0\nContent-Length: 1\n\nx"},
        Case{"empty", "HTTP/1.1 204 No Content\r\n\r\n", "204 1.1\n"},
        Case{"interim", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
             "200 1.1\nContent-Length: 0\n"},
        Case{"spaces", "HTTP/1.1 404 \r\nA:b\r\nC: \t d \t\r\nContent-Length: 0\r\n\r\n", "404 1.1\nA: b\nC: d\n"},
        Case{"line_feeds_alone", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "200 1.1\nContent-Length: 2\n\nok"},
        Case{"folded", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n", "200 1.1\nX: a b\n"},
        Case{"two_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", "error: "},
        Case{"cut_head", "HTTP/1.1 200 OK\r\nContent-Le", "error: protocol"},
        Case{"cut_body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "error: protocol"},
        Case{"cut_chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "error: protocol"},
        Case{"nothing", "", "error: protocol"}, Case{"no_http", "SSH-2.0-x\r\n", "error: protocol"},
        Case{"surplus", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", "200 1.1\nContent-Length: 2\n\nok"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(PlainLane, SendsWhatSendSends) {
  auto server = TestServer::answering([](const Received&) { return response(200, ""); });
  Bench bench;
  Client client(bench.options());
  auto request = get(server->url("/v2/x/manifests/a?n=1&last=%2F#piece"));
  request.headers.add("Accept", "application/a, application/b");
  request.headers.add("X-Empty", "");
  request.headers.add("X-Twice", "1");
  request.headers.add("X-Twice", "2");
  ASSERT_TRUE(fly_one(client, request));
  ASSERT_TRUE(client.send(request));
  ASSERT_TRUE(fly_one(client, get(server->url("?q"))));
  ASSERT_TRUE(client.send(get(server->url("?q"))));
  const auto received = server->requests();
  ASSERT_EQ(received.size(), 4U);
  const auto fields = [](const Received& one) {
    std::multimap<std::string, std::string> sorted;
    for (const auto& [field, value] : one.headers) sorted.emplace(field, value);
    return sorted;
  };
  for (const std::size_t at : {0U, 2U}) {
    EXPECT_EQ(received[at].method, "GET");
    EXPECT_EQ(received[at].target, received[at + 1].target);
    EXPECT_EQ(fields(received[at]), fields(received[at + 1]));
  }
}

TEST(PlainLane, IsLeftToLibcurlOnceAnAnswerIsOdd) {
  auto server = TestServer::answering([](const Received& request) {
    return "HTTP/1.1 200 OK\nContent-Length: " + std::to_string(request.target.size()) + "\n\n" + request.target;
  });
  Bench bench;
  Client client(bench.options());
  for (const auto* path : {"/a", "/b", "/c"}) EXPECT_EQ(fly_one(client, get(server->url(path)))->body, path);
  std::vector<std::string> targets;
  for (const auto& request : server->requests()) targets.push_back(request.target);
  EXPECT_THAT(targets, ElementsAre("/a", "/a", "/b", "/c")) << "the first one went twice";
  EXPECT_EQ(client.exchanges(), 4U) << "and both times are told";
  EXPECT_THAT(bench.exchanges.front().error, HasSubstr("left to libcurl"));
}

TEST(PlainLane, AnswersThatAreCutAreNotAskedForAgain) {
  TestServer server([&server](Connection& connection) {
    const auto request = connection.read_request();
    if (!request) return;
    server.remember(*request);
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort");
  });
  Bench bench;
  Client client(bench.options());
  const auto answer = fly_one(client, get(server.url()));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr(server.authority()));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(PlainLane, RequestsThatAreDroppedAreNotHidden) {
  TestServer server([&server](Connection& connection) {
    if (const auto request = connection.read_request()) server.remember(*request);
  });
  Bench bench;
  Client client(bench.options());
  const auto answer = fly_one(client, get(server.url()));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kProtocol);
  EXPECT_EQ(server.requests().size(), 1U) << "only on a kept connection it could be the client's bad luck";
}

/// Answers one request of each connection, and then does `more` while the client believes that it is kept.
void expect_fresh_connections(const std::function<void(Connection& connection)>& more) {
  TestServer server([&more](Connection& connection) {
    const auto request = connection.read_request();
    if (!request) return;
    connection.write(response(200, request->target));
    more(connection);
    connection.wait_for_close();
  });
  Bench bench;
  auto options = bench.options();
  options.first_byte_timeout = milliseconds(2000);
  Client client(options);
  for (int number = 0; number < 20; ++number) {
    const auto path = "/" + std::to_string(number);
    const auto answer = fly_one(client, get(server.url(path)));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, path);
    // What the server does behind its answer has come by then.
    std::this_thread::sleep_for(milliseconds(number % 2 == 0 ? 0 : 5));
  }
}

TEST(PlainLane, PeersThatSayNoMoreAreLeft) {
  expect_fresh_connections([](Connection& connection) { connection.end_writing(); });
}

TEST(PlainLane, WhatNobodyAskedForIsNoAnswer) {
  std::atomic<int> told = 0;
  TestServer server([&told](Connection& connection) {
    while (const auto request = connection.read_request()) {
      connection.write(response(200, request->target));
      if (request->target != "/first") continue;
      std::this_thread::sleep_for(milliseconds(2));
      connection.write("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
      ++told;
    }
  });
  Bench bench;
  Client client(bench.options());
  for (int round = 0; round < 5; ++round) {
    ASSERT_EQ(fly_one(client, get(server.url("/first")))->status, 200);
    while (told <= round) std::this_thread::sleep_for(milliseconds(1));
    const auto next = fly_one(client, get(server.url("/second")));
    ASSERT_TRUE(next) << next.error().message;
    EXPECT_EQ(next->body, "/second");
  }
}

TEST(PlainLane, ConnectionsAreBoundedOverAllPeers) {
  std::vector<std::unique_ptr<TestServer>> servers;
  for (int count = 0; count < 6; ++count) {
    servers.push_back(TestServer::answering([](const Received& request) { return response(200, request.target); }));
  }
  Bench bench;
  Client client(bench.options());
  std::size_t asked = 0;
  std::size_t right = 0;
  client.fly(2, [&]() -> std::optional<Flight> {
    if (asked == 120) return std::nullopt;
    const auto path = "/" + std::to_string(asked);
    const auto& server = servers[asked++ % servers.size()];
    return Flight{get(server->url(path)), [&right, path](const Result& result) {
                    if (result && result->body == path) ++right;
                  }};
  });
  EXPECT_EQ(right, 120U);
  int connections = 0;
  for (const auto& server : servers) connections += server->connections();
  EXPECT_GT(connections, 6) << "two connections serve six peers in turn";
}

TEST(PlainLane, ManyMoreThanThereAreConnections) {
  auto server = TestServer::answering([](const Received& request) { return response(200, request.target); });
  Bench bench;
  Client client(bench.options());
  std::size_t asked = 0;
  std::size_t right = 0;
  client.fly(300, [&]() -> std::optional<Flight> {
    if (asked == 1000) return std::nullopt;
    const auto path = "/" + std::to_string(asked++);
    return Flight{get(server->url(path)), [&right, path](const Result& result) {
                    if (result && result->body == path) ++right;
                  }};
  });
  EXPECT_EQ(right, 1000U);
  EXPECT_THAT(server->connections(), Le(64));
}

TEST(PlainLane, KeepsTheLimitsOfHeaders) {
  auto server = TestServer::answering([](const Received& request) {
    return request.target == "/long" ? response(200, "", "X-Long: " + std::string(3000, 'x') + "\r\n")
                                     : response(200, "");
  });
  Bench bench;
  auto options = bench.options();
  options.max_header_bytes = 2000;
  Client client(options);
  EXPECT_TRUE(fly_one(client, get(server->url("/short"))));
  const auto answer = fly_one(client, get(server->url("/long")));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kTooLarge);
}

TEST(PlainLane, WhatWaitsEndsWithWhatIsLate) {
  TestServer server([](Connection& connection) {
    (void)connection.read_request();
    connection.wait_for_close();
  });
  Bench bench;
  auto options = bench.options();
  options.first_byte_timeout = milliseconds(150);
  Client client(options);
  std::size_t asked = 0;
  std::size_t late = 0;
  client.fly(100, [&]() -> std::optional<Flight> {
    if (asked == 100) return std::nullopt;
    ++asked;
    return Flight{get(server.url()), [&late](const Result& result) {
                    if (!result && result.error().kind == ErrorKind::kTimeout) ++late;
                  }};
  });
  EXPECT_EQ(late, 100U);
}

TEST(PlainLane, GoesWhereItIsToldWithTheNameOfTheUrl) {
  auto server = TestServer::answering(
      [](const Received& request) { return response(200, request.headers.get("Host").value_or("")); });
  Bench bench;
  auto options = bench.options();
  options.connect_to = server->authority();
  Client client(options);
  EXPECT_EQ(fly_one(client, get("http://127.0.0.1:1/x"))->body, "127.0.0.1:1");
  EXPECT_EQ(fly_one(client, get("http://127.0.0.1:80/x"))->body, "127.0.0.1");
}

TEST(PlainLane, FindsLocalhostAndSaysWhereNobodyListens) {
  auto server = TestServer::answering([](const Received& request) { return response(200, request.target); });
  Bench bench;
  Client client(bench.options());
  EXPECT_EQ(fly_one(client, get("http://localhost:" + std::to_string(server->port()) + "/x"))->body, "/x");
  const auto dead = server->authority();
  server.reset();
  const auto answer = fly_one(client, get("http://" + dead + "/x"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kConnect);
  EXPECT_THAT(answer.error().message, HasSubstr(dead));
}

TEST(PlainLane, TakesBodiesUpToTheLimitAndNoMore) {
  auto server = TestServer::answering([](const Received&) { return response(200, std::string(3'000'000, 'x')); });
  Bench bench;
  Client client(bench.options());
  auto request = get(server->url());
  request.max_body = 3'000'000;
  const auto whole = fly_one(client, request);
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->body_bytes, 3'000'000U);
  request.max_body = 2'999'999;
  const auto large = fly_one(client, request);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().kind, ErrorKind::kTooLarge);
}

}  // namespace
}  // namespace referee::http::test
