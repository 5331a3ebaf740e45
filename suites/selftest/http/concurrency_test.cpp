#include <gtest/gtest.h>

#include <thread>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

TEST(Concurrency, EightThreadsShareOneClientAndOneToken) {
  auto tokens = TestServer::answering([](const Received&) { return response(200, R"({"token":"shared-token"})"); });
  auto server = TestServer::answering([&tokens](const Received& request) {
    if (request.headers.get("Authorization") == "Bearer shared-token") return response(200, request.body);
    return response(401, "", "WWW-Authenticate: Bearer realm=\"" + tokens->url("/") + "\"\r\n");
  });
  Bench bench;
  Client client(bench.options());
  constexpr int kThreads = 8;
  constexpr int kEach = 25;
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::string body = std::to_string(t) + "-" + std::to_string(i);
        const auto result = client.send(with_body("PUT", server->url("/" + body), body));
        if (result && result->status == 200 && result->body == body) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, kThreads * kEach);
  EXPECT_EQ(tokens->requests().size(), 1U) << "the others wait for the one that fetches";
  EXPECT_LE(server->connections(), kThreads);
  ASSERT_EQ(bench.exchanges.size(), client.exchanges());
  for (std::size_t i = 0; i < bench.exchanges.size(); ++i) EXPECT_EQ(bench.exchanges[i].number, i);
}

TEST(Concurrency, DeadlineCanChangeWhileOthersSend) {
  auto server = TestServer::answering([](const Received&) { return response(200); });
  Bench bench;
  Client client(bench.options());
  std::thread changer([&client] {
    for (int i = 0; i < 200; ++i) client.set_deadline(std::chrono::steady_clock::now() + std::chrono::seconds(10));
  });
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(client.send(get(server->url("/"))));
  changer.join();
}

}  // namespace
}  // namespace referee::http::test
