#include "referee/http/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

TEST(Client, KeepsTheConnection) {
  auto server =
      TestServer::answering([](const Received&) { return response(200, "hello", "X-One: 1\r\nx-one: 2\r\n"); });
  Bench bench;
  Client client(bench.options());
  for (int i = 0; i < 5; ++i) {
    const auto result = client.send(get(server->url("/v2/")));
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->status, 200);
    EXPECT_EQ(result->body, "hello");
    EXPECT_EQ(result->version, "1.1");
    EXPECT_EQ(result->exchange, static_cast<std::size_t>(i));
    EXPECT_THAT(result->headers.all("X-ONE"), testing::ElementsAre("1", "2"));
  }
  EXPECT_EQ(server->connections(), 1);
  EXPECT_EQ(client.exchanges(), 5U);
  EXPECT_EQ(bench.exchanges.size(), 5U);
}

TEST(Client, SendsMethodPathHeadersAndBodyAsGiven) {
  auto server = TestServer::answering([](const Received&) { return response(201); });
  Bench bench;
  Client client(bench.options());
  Request request = with_body("PUT", server->url("/v2/../a%2Fb/./manifests/%zz"), "{\"x\":1}");
  request.headers = {{"Content-Type", "application/vnd.oci.image.manifest.v1+json"}, {"X-Empty", ""}};
  ASSERT_TRUE(client.send(request));
  const auto seen = server->requests().at(0);
  EXPECT_EQ(seen.method, "PUT");
  EXPECT_EQ(seen.target, "/v2/../a%2Fb/./manifests/%zz") << "malformed paths must reach the registry";
  EXPECT_EQ(seen.body, "{\"x\":1}");
  EXPECT_EQ(seen.headers.get("Content-Type"), "application/vnd.oci.image.manifest.v1+json");
  EXPECT_EQ(seen.headers.get("Content-Length"), "7");
  EXPECT_EQ(seen.headers.get("User-Agent"), "referee");
  EXPECT_TRUE(seen.headers.has("X-Empty"));
  EXPECT_FALSE(seen.headers.has("Expect"));
  EXPECT_FALSE(seen.headers.has("Accept-Encoding"));
}

TEST(Client, RecordsWhatWentOverTheWire) {
  auto server = TestServer::answering([](const Received&) { return response(404, "{\"errors\":[]}", "A: b\r\n"); });
  Bench bench;
  Client client(bench.options());
  ASSERT_TRUE(client.send(with_body("POST", server->url("/x"), "body")));
  const auto& exchange = bench.exchanges.at(0);
  EXPECT_EQ(exchange.purpose, Purpose::kRequest);
  EXPECT_EQ(exchange.method, "POST");
  EXPECT_EQ(exchange.url, server->url("/x"));
  EXPECT_EQ(exchange.status, 404);
  EXPECT_EQ(exchange.request_headers.get("Host"), server->authority());
  EXPECT_EQ(exchange.request_headers.get("Content-Length"), "4");
  EXPECT_EQ(exchange.request_body, "body");
  EXPECT_EQ(exchange.request_bytes, 4U);
  EXPECT_EQ(exchange.response_headers.get("A"), "b");
  EXPECT_EQ(exchange.response_body, "{\"errors\":[]}");
  EXPECT_EQ(exchange.response_bytes, 13U);
  EXPECT_GT(exchange.started, 1.7e9);
  EXPECT_GT(exchange.connect_seconds, 0);
  EXPECT_GE(exchange.total_seconds, exchange.first_byte_seconds);
  EXPECT_EQ(exchange.error, "");
}

TEST(Client, EmptyBodyAndNoBodyDiffer) {
  auto server = TestServer::answering([](const Received&) { return response(202); });
  Bench bench;
  Client client(bench.options());
  ASSERT_TRUE(client.send(with_body("POST", server->url("/"), "")));
  Request bare = get(server->url("/"));
  bare.method = "POST";
  ASSERT_TRUE(client.send(bare));
  EXPECT_EQ(server->requests().at(0).headers.get("Content-Length"), "0");
  EXPECT_FALSE(server->requests().at(1).headers.has("Content-Length"));
}

TEST(Client, HeadHasHeadersAndNoBody) {
  auto server = TestServer::answering([](const Received& request) {
    return request.method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n" : response(200, "x");
  });
  Bench bench;
  Client client(bench.options());
  Request head = get(server->url("/"));
  head.method = "HEAD";
  const auto result = client.send(head);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->header("content-length"), "1234");
  EXPECT_EQ(result->body, "");
  EXPECT_EQ(client.send(get(server->url("/")))->body, "x");
  EXPECT_EQ(server->requests().at(1).method, "GET") << "a handle must not stay in HEAD mode";
}

TEST(Client, ChunkedBodyHasNoContentLength) {
  auto server = TestServer::answering([](const Received&) { return response(202); });
  Bench bench;
  Client client(bench.options());
  Request request = with_body("PATCH", server->url("/"), "abc");
  request.chunked = true;
  ASSERT_TRUE(client.send(request));
  const auto seen = server->requests().at(0);
  EXPECT_EQ(seen.headers.get("Transfer-Encoding"), "chunked");
  EXPECT_FALSE(seen.headers.has("Content-Length"));
  EXPECT_EQ(seen.body, "3\r\nabc\r\n0\r\n\r\n");
}

TEST(Client, ClaimedLengthLiesAndClosesTheConnection) {
  auto server = TestServer::answering([](const Received&) { return response(400); });
  Bench bench;
  Client client(bench.options());
  Request shorter = with_body("PUT", server->url("/"), "0123456789");
  shorter.claimed_length = 4;
  const auto result = client.send(shorter);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 400);
  EXPECT_EQ(server->requests().at(0).headers.get("Content-Length"), "4");
  EXPECT_EQ(server->requests().at(0).body, "0123");
  EXPECT_EQ(bench.exchanges.at(0).request_bytes, 10U);
  ASSERT_TRUE(client.send(get(server->url("/after"))));
  EXPECT_EQ(server->connections(), 2) << "the rest of the lie must not reach the next request";
}

TEST(Client, ClaimedLengthBeyondTheBodyEndsInATimeout) {
  TestServer server([](Connection& connection) { connection.wait_for_close(); });
  Bench bench;
  auto options = bench.options();
  options.first_byte_timeout = milliseconds(150);
  Client client(options);
  Request longer = with_body("PUT", server.url(), "0123456789");
  longer.claimed_length = 1000;
  const auto result = client.send(longer);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTimeout);
}

TEST(Client, LargeBodiesGoBothWays) {
  const std::string large(8 * 1024 * 1024 + 3, 'x');
  auto server = TestServer::answering([](const Received& request) { return response(200, request.body); });
  Bench bench;
  Client client(bench.options());
  const auto result = client.send(with_body("PUT", server->url("/"), large));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->body == large);
}

/// Answers the first request, reads the second one and hangs up without a word; answers whatever comes then.
class LostAnswer : public testing::TestWithParam<const char*> {
 protected:
  Request request() const {
    return GetParam() == std::string("PUT") ? with_body("PUT", server_.url(), "body") : bodiless(GetParam());
  }
  Request bodiless(const char* method) const {
    auto request = get(server_.url());
    request.method = method;
    return request;
  }

  std::atomic<int> served_{0};
  TestServer server_{[this](Connection& connection) {
    while (auto request = connection.read_request()) {
      if (++served_ == 2) return;
      connection.write(response(200));
    }
  }};
  Bench bench_;
  Client client_{bench_.options()};
};

class SafeLostAnswer : public LostAnswer {};

TEST_P(SafeLostAnswer, IsAskedForAgainAndTold) {
  ASSERT_TRUE(client_.send(get(server_.url())));
  const auto result = client_.send(request());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(served_, 3);
  ASSERT_EQ(bench_.exchanges.size(), 3U);
  EXPECT_EQ(bench_.exchanges[1].purpose, Purpose::kRequest);
  EXPECT_THAT(bench_.exchanges[1].error, testing::HasSubstr("closed the connection without an answer"));
  EXPECT_EQ(bench_.exchanges[2].purpose, Purpose::kRetry);
  EXPECT_EQ(result->exchange, 2U);
}

INSTANTIATE_TEST_SUITE_P(Client, SafeLostAnswer, testing::Values("GET", "HEAD"));

class UnsafeLostAnswer : public LostAnswer {};

TEST_P(UnsafeLostAnswer, IsNotAskedForAgain) {
  ASSERT_TRUE(client_.send(get(server_.url())));
  const auto result = client_.send(request());
  ASSERT_FALSE(result) << "nobody knows whether it was carried out";
  EXPECT_EQ(result.error().kind, ErrorKind::kProtocol);
  EXPECT_THAT(result.error().message, testing::HasSubstr("closed the connection without an answer"));
  EXPECT_EQ(served_, 2);
  EXPECT_EQ(bench_.exchanges.size(), 2U);
  // From now on such a request has a connection of its own there.
  ASSERT_TRUE(client_.send(get(server_.url())));
  const auto before = server_.connections();
  ASSERT_TRUE(client_.send(request()));
  EXPECT_EQ(server_.connections(), before + 1);
}

INSTANTIATE_TEST_SUITE_P(Client, UnsafeLostAnswer, testing::Values("PUT", "POST", "PATCH", "DELETE"));

TEST(Client, InterimResponsesAndTrailersAreNotTheResponse) {
  auto server = TestServer::answering([](const Received&) {
    return "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: 1\r\n "
           "folded\r\n\r\n"
           "3\r\nabc\r\n0\r\nTrailer: t\r\n\r\n";
  });
  Bench bench;
  Client client(bench.options());
  const auto result = client.send(get(server->url("/")));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->body, "abc");
  EXPECT_FALSE(result->headers.has("Link"));
  EXPECT_FALSE(result->headers.has("Trailer"));
  EXPECT_EQ(result->header("A"), "1 folded");
}

TEST(Client, RefusesWhatCannotBeSent) {
  Bench bench;
  Client client(bench.options());
  for (const auto* url :
       {"", "/relative", "ftp://h/", "http://", "http://a b/", "http://h/a b", "http://h/\r\nX: y", "http://u:p@h/"}) {
    const auto result = client.send(get(url));
    ASSERT_FALSE(result) << url;
    EXPECT_EQ(result.error().kind, ErrorKind::kUsage) << url;
  }
  Request header = get("http://127.0.0.1:1/");
  header.headers.add("X", "a\r\nInjected: b");
  EXPECT_EQ(client.send(header).error().kind, ErrorKind::kUsage);
  Request method = get("http://127.0.0.1:1/");
  method.method = "GET / HTTP/1.1\r\nX:";
  EXPECT_EQ(client.send(method).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(client.exchanges(), 0U);
}

TEST(Client, SaysWhyThereIsNoConnection) {
  int port = 0;
  {
    port = TestServer([](Connection&) {}).port();
  }
  Bench bench;
  Client client(bench.options());
  const auto refused = client.send(get("http://127.0.0.1:" + std::to_string(port) + "/"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kConnect);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("127.0.0.1:" + std::to_string(port)));
  const auto unknown = client.send(get("http://does-not-exist.invalid/"));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::kResolve);
  EXPECT_EQ(bench.exchanges.at(1).status, 0);
  EXPECT_EQ(bench.exchanges.at(1).error, unknown.error().message);
}

}  // namespace
}  // namespace referee::http::test
