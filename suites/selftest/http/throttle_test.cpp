#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

using testing::ElementsAre;

/// Answers `status` with these headers `times` times, then 200.
std::unique_ptr<TestServer> busy(int times, int status, std::string headers = "") {
  auto left = std::make_shared<std::atomic<int>>(times);
  return TestServer::answering([left, status, headers = std::move(headers)](const Received&) {
    return (*left)-- > 0 ? response(status, "slow down", headers) : response(200, "done");
  });
}

TEST(Throttle, WaitsAsLongAsRetryAfterSays) {
  auto server = busy(2, 429, "Retry-After: 7\r\n");
  Bench bench;
  Client client(bench.options());
  const auto result = client.send(get(server->url("/")));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "done");
  EXPECT_THAT(bench.clock->sleeps(), ElementsAre(milliseconds(7000), milliseconds(7000)));
  ASSERT_EQ(bench.exchanges.size(), 3U);
  EXPECT_EQ(bench.exchanges[0].purpose, Purpose::kRequest);
  EXPECT_EQ(bench.exchanges[1].purpose, Purpose::kRetry);
  EXPECT_EQ(bench.exchanges[2].purpose, Purpose::kRetry);
}

TEST(Throttle, UnderstandsADate) {
  auto server = busy(1, 503, "Retry-After: Thu, 01 Jan 2026 00:00:05 GMT\r\n");
  Bench bench;  // its clock stands at 00:00:01
  Client client(bench.options());
  ASSERT_TRUE(client.send(get(server->url("/"))));
  EXPECT_THAT(bench.clock->sleeps(), ElementsAre(milliseconds(4000)));
}

TEST(Throttle, ADateInThePastMeansNow) {
  auto server = busy(1, 503, "Retry-After: Thu, 01 Jan 1998 00:00:05 GMT\r\n");
  Bench bench;
  Client client(bench.options());
  ASSERT_TRUE(client.send(get(server->url("/"))));
  EXPECT_THAT(bench.clock->sleeps(), ElementsAre(milliseconds(0)));
}

TEST(Throttle, DoublesWithoutAUsefulRetryAfter) {
  auto server = busy(3, 503, "Retry-After: soon\r\n");
  Bench bench;
  Client client(bench.options());
  ASSERT_TRUE(client.send(get(server->url("/"))));
  EXPECT_THAT(bench.clock->sleeps(), ElementsAre(milliseconds(200), milliseconds(400), milliseconds(800)));
}

TEST(Throttle, GivesUpAfterTheBudget) {
  auto server = busy(100, 429);
  Bench bench;
  Client client(bench.options());
  const auto result = client.send(get(server->url("/")));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kThrottled);
  EXPECT_EQ(server->requests().size(), 4U);
}

TEST(Throttle, DoesNotWaitLongerThanAllowed) {
  for (const auto* wait : {"11", "99999999999999999999", "Fri, 01 Jan 2038 00:00:00 GMT"}) {
    auto server = busy(1, 429, std::string("Retry-After: ") + wait + "\r\n");
    Bench bench;
    Client client(bench.options());
    EXPECT_EQ(client.send(get(server->url("/"))).error().kind, ErrorKind::kThrottled) << wait;
    EXPECT_TRUE(bench.clock->sleeps().empty());
  }
}

TEST(Throttle, DoesNotSleepPastTheDeadline) {
  auto server = busy(1, 429, "Retry-After: 9\r\n");
  Bench bench;
  Client client(bench.options());
  client.set_deadline(std::chrono::steady_clock::now() + milliseconds(5000));
  EXPECT_EQ(client.send(get(server->url("/"))).error().kind, ErrorKind::kTimeout);
  EXPECT_TRUE(bench.clock->sleeps().empty());
}

TEST(Throttle, ReturnsTheAnswerWhenRetriesAreOff) {
  auto server = busy(1, 503, "Retry-After: 1\r\n");
  Bench bench;
  Client client(bench.options());
  Request request = get(server->url("/"));
  request.retry = false;
  EXPECT_EQ(client.send(request)->status, 503);
}

}  // namespace
}  // namespace referee::http::test
