#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

std::string moved(int status, const std::string& location) {
  return response(status, "", "Location: " + location + "\r\n");
}

TEST(Redirect, IsFollowedAndRecordedHopByHop) {
  auto server = TestServer::answering(
      [](const Received& request) { return request.target == "/a" ? moved(307, "b?x=1") : response(200, "there"); });
  Bench bench;
  Client client(bench.options());
  const auto result = client.send(get(server->url("/a")));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "there");
  EXPECT_EQ(result->url, server->url("/b?x=1"));
  ASSERT_EQ(bench.exchanges.size(), 2U);
  EXPECT_EQ(bench.exchanges[0].purpose, Purpose::kRequest);
  EXPECT_EQ(bench.exchanges[0].status, 307);
  EXPECT_EQ(bench.exchanges[1].purpose, Purpose::kRedirect);
  EXPECT_EQ(result->exchange, 1U);
}

TEST(Redirect, CanBeLeftAlone) {
  auto server = TestServer::answering([](const Received&) { return moved(302, "/b"); });
  Bench bench;
  Client client(bench.options());
  Request request = get(server->url("/a"));
  request.follow_redirects = false;
  EXPECT_EQ(client.send(request)->status, 302);
  EXPECT_EQ(server->requests().size(), 1U);
}

TEST(Redirect, LoopEnds) {
  auto server = TestServer::answering([](const Received& request) { return moved(302, request.target); });
  Bench bench;
  Client client(bench.options());
  const auto result = client.send(get(server->url("/loop")));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kRedirect);
  EXPECT_EQ(server->requests().size(), 6U);
}

struct Method {
  int status;
  std::string method;
  std::string followed_by;
};

class RedirectMethod : public testing::TestWithParam<Method> {};

TEST_P(RedirectMethod, KeepsOrBecomesGet) {
  const auto& given = GetParam();
  auto server = TestServer::answering(
      [&given](const Received& request) { return request.target == "/a" ? moved(given.status, "/b") : response(200); });
  Bench bench;
  Client client(bench.options());
  Request request =
      with_body(given.method, server->url("/a"), given.method == "GET" || given.method == "HEAD" ? "" : "body");
  request.has_body = !request.body.empty();
  request.headers = {{"Content-Type", "text/plain"}, {"Accept", "text/html"}};
  ASSERT_TRUE(client.send(request));
  const auto second = server->requests().at(1);
  EXPECT_EQ(second.method, given.followed_by);
  const bool kept = given.method == given.followed_by;
  EXPECT_EQ(second.body, kept ? request.body : "");
  EXPECT_EQ(second.headers.has("Content-Type"), kept);
  EXPECT_EQ(second.headers.get("Accept"), "text/html");
}

INSTANTIATE_TEST_SUITE_P(Rfc9110, RedirectMethod,
                         testing::Values(Method{301, "GET", "GET"}, Method{302, "HEAD", "HEAD"},
                                         Method{303, "HEAD", "HEAD"}, Method{301, "POST", "POST"},
                                         Method{302, "PUT", "PUT"}, Method{303, "POST", "GET"},
                                         Method{303, "PUT", "GET"}, Method{307, "PATCH", "PATCH"},
                                         Method{308, "PUT", "PUT"}, Method{302, "DELETE", "DELETE"}));

TEST(Redirect, CredentialsStayWithTheirOrigin) {
  auto other =
      TestServer::answering([](const Received&) { return response(401, "", "WWW-Authenticate: Basic realm=x\r\n"); });
  auto server = TestServer::answering([&other](const Received& request) {
    if (!request.headers.has("Authorization")) return response(401, "", "WWW-Authenticate: Basic realm=x\r\n");
    return request.target == "/same" ? moved(307, "/ok")
           : request.target == "/ok" ? response(200)
                                     : moved(307, other->url("/stolen"));
  });
  Bench bench;
  auto options = bench.options();
  options.credentials = fixed_credential(server->authority(), {"user", "secret-word", ""});
  Client client(options);
  EXPECT_EQ(client.send(get(server->url("/same")))->status, 200);
  const auto result = client.send(get(server->url("/away")));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 401);
  ASSERT_EQ(other->requests().size(), 1U);
  EXPECT_FALSE(other->requests()[0].headers.has("Authorization"));
}

TEST(Redirect, HeadersOfTheCallerThatAreSecretStayToo) {
  auto other = TestServer::answering([](const Received&) { return response(200); });
  auto server = TestServer::answering([&other](const Received&) { return moved(302, other->url("/")); });
  Bench bench;
  Client client(bench.options());
  Request request = get(server->url("/"));
  request.headers = {{"Authorization", "Bearer mine"}, {"Cookie", "a=b"}, {"Accept", "x/y"}};
  ASSERT_TRUE(client.send(request));
  EXPECT_FALSE(other->requests().at(0).headers.has("Authorization"));
  EXPECT_FALSE(other->requests().at(0).headers.has("Cookie"));
  EXPECT_EQ(other->requests().at(0).headers.get("Accept"), "x/y");
}

TEST(Redirect, GoesOnlyToHttp) {
  for (const auto* location : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:1/"}) {
    auto server = TestServer::answering([location](const Received&) { return moved(302, location); });
    Bench bench;
    Client client(bench.options());
    EXPECT_EQ(client.send(get(server->url("/"))).error().kind, ErrorKind::kRedirect) << location;
  }
}

TEST(Redirect, LocationThatIsNoUrl) {
  for (const auto* location : {"http://", "http://a b/", "/x\ry: z", "http://[::1/", "http:///u@127.0.0.1/"}) {
    auto server = TestServer::answering([location](const Received&) { return moved(302, location); });
    Bench bench;
    Client client(bench.options());
    const auto result = client.send(get(server->url("/")));
    ASSERT_FALSE(result) << location;
    EXPECT_EQ(result.error().kind, ErrorKind::kProtocol) << location;
  }
}

TEST(Redirect, UserInfoInLocationIsNotSent) {
  auto other = TestServer::answering([](const Received&) { return response(200); });
  auto server = TestServer::answering(
      [&other](const Received&) { return moved(302, "http://user:hidden-word@" + other->authority() + "/"); });
  Bench bench;
  Client client(bench.options());
  ASSERT_TRUE(client.send(get(server->url("/"))));
  EXPECT_FALSE(other->requests().at(0).headers.has("Authorization"));
  EXPECT_THAT(bench.exchanges.at(0).response_headers.get("Location").value_or(""),
              testing::Not(testing::HasSubstr("hidden-word")));
}

}  // namespace
}  // namespace referee::http::test
