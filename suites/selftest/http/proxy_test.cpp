#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Only the variables that a test sets count, until it ends.
class Proxy : public testing::Test {
 protected:
  Proxy() { forget(); }
  ~Proxy() override { forget(); }

  static void set(const char* name, const std::string& value) {
    ::setenv(name, value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): before the client has threads
  }

  /// The message of a request that fails, as it is returned and as it is recorded.
  std::string message(const std::string& url) {
    const auto result = Client(bench_.options()).send(get(url));
    EXPECT_FALSE(result);
    if (result) return "";
    EXPECT_EQ(bench_.exchanges.back().error, result.error().message);
    return result.error().message;
  }

  Bench bench_;

 private:
  static void forget() {
    for (const char* name :
         {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
      ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe)
    }
  }
};

constexpr const char* kNobody = "127.0.0.1:1";

TEST_F(Proxy, OfTheEnvironmentIsUsed) {
  auto proxy = TestServer::answering([](const Received&) { return response(200, "by proxy"); });
  set("http_proxy", "http://" + proxy->authority());
  const auto result = Client(bench_.options()).send(get("http://registry.invalid/v2/"));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "by proxy");
  EXPECT_EQ(proxy->requests().at(0).target, "http://registry.invalid/v2/");
}

TEST_F(Proxy, LoopbackIsSpokenToDirectly) {
  auto server = TestServer::answering([](const Received&) { return response(200, "direct"); });
  set("http_proxy", kNobody);
  set("all_proxy", kNobody);
  for (const char* host : {"127.0.0.1", "127.1.2.3", "localhost"}) {
    const auto url = "http://" + std::string(host) + ":" + std::to_string(server->port()) + "/v2/";
    const auto result = Client(bench_.options()).send(get(url));
    // The server listens on 127.0.0.1 alone.
    EXPECT_EQ(result ? result->body : "direct", "direct");
    EXPECT_THAT(result ? "" : result.error().message, Not(HasSubstr("proxy"))) << host;
  }
  EXPECT_GE(server->requests().size(), 2U);
}

TEST_F(Proxy, ForLoopbackWhenATestAsks) {
  auto proxy = TestServer::answering([](const Received&) { return response(200, "by proxy"); });
  set("http_proxy", "http://" + proxy->authority());
  auto options = bench_.options();
  options.proxy_for_loopback = true;
  const auto result = Client(options).send(get("http://127.0.0.1:1/v2/"));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "by proxy");
}

TEST_F(Proxy, ErrorsNameItWithoutItsCredentials) {
  set("http_proxy", std::string("http://user:hunter2@") + kNobody);
  const auto refused = message("http://registry.invalid/v2/");
  EXPECT_THAT(refused,
              HasSubstr("cannot connect to registry.invalid through the proxy http://127.0.0.1:1 (http_proxy)"));
  EXPECT_THAT(refused, Not(HasSubstr("hunter2")));
  set("http_proxy", std::string("no!scheme://user:hun/t@er2@") + kNobody);
  const auto unsupported = message("http://registry.invalid/v2/");
  EXPECT_THAT(unsupported, HasSubstr("through the proxy no!scheme://127.0.0.1:1 (http_proxy)"));
  EXPECT_THAT(unsupported, Not(HasSubstr("er2")));
}

TEST_F(Proxy, RefusedTunnelsNameItToo) {
  auto proxy = TestServer::answering([](const Received&) { return response(403); });
  set("https_proxy", "http://user:hunter2@" + proxy->authority());
  const auto refused = message("https://registry.invalid/v2/");
  EXPECT_THAT(refused, HasSubstr("registry.invalid through the proxy http://" + proxy->authority() + " (https_proxy)"));
  EXPECT_THAT(refused, HasSubstr("403"));
  EXPECT_THAT(refused, Not(HasSubstr("hunter2")));
}

TEST_F(Proxy, NoProxyIsObeyed) {
  set("http_proxy", kNobody);
  set("no_proxy", "example.org,registry.invalid");
  EXPECT_THAT(message("http://registry.invalid/v2/"), Not(HasSubstr("proxy")));
}

}  // namespace
}  // namespace referee::http::test
