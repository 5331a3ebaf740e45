// Many requests in flight: each answer is what send() would give.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "certificates.hpp"
#include "fixture.hpp"

namespace referee::http::test {
namespace {

using testing::HasSubstr;
using testing::Le;

/// Flies to these paths; the answers by path.
std::map<std::string, Result> fly(Client& client, const TestServer& server, std::vector<std::string> paths,
                                  std::size_t most) {
  std::map<std::string, Result> answers;
  std::size_t at = 0;
  client.fly(most, [&]() -> std::optional<Flight> {
    if (at == paths.size()) return std::nullopt;
    const auto& path = paths[at++];
    return Flight{get(server.url(path)),
                  [&answers, &path](Result result) { answers.emplace(path, std::move(result)); }};
  });
  return answers;
}

std::vector<std::string> numbered(int count) {
  std::vector<std::string> paths;
  for (int number = 0; number < count; ++number) paths.push_back("/" + std::to_string(number));
  return paths;
}

TEST(Flights, AllLandWithTheirOwnAnswer) {
  auto server = TestServer::answering([](const Received& request) { return response(200, "at " + request.target); });
  Bench bench;
  Client client(bench.options());
  for (int round = 0; round < 2; ++round) {
    const auto answers = fly(client, *server, numbered(300), 8);
    ASSERT_EQ(answers.size(), 300U);
    for (const auto& [path, result] : answers) {
      ASSERT_TRUE(result) << result.error().message;
      EXPECT_EQ(result->body, "at " + path);
      EXPECT_EQ(result->url, server->url(path));
      EXPECT_EQ(result->version, "1.1");
    }
  }
  EXPECT_THAT(server->connections(), Le(8)) << "connections are kept for the next time";
  EXPECT_EQ(client.exchanges(), 600U);
  EXPECT_EQ(bench.exchanges.at(5).status, 200);
}

TEST(Flights, AnAnswerMayLeadToMore) {
  auto server = TestServer::answering([](const Received& request) { return response(200, request.target); });
  Bench bench;
  Client client(bench.options());
  std::vector<std::string> waiting{"/a", "/b"};
  std::vector<std::string> landed;
  client.fly(4, [&]() -> std::optional<Flight> {
    if (waiting.empty()) return std::nullopt;
    auto path = waiting.back();
    waiting.pop_back();
    return Flight{get(server->url(path)), [&](Result result) {
                    landed.push_back(result->body);
                    if (result->body.size() < 12) waiting.push_back(result->body + "/x");
                  }};
  });
  EXPECT_EQ(landed.size(), 12U);
}

TEST(Flights, RedirectsAreFollowedWithoutSecretsForOthers) {
  auto other = TestServer::answering([](const Received& request) {
    return response(200, request.headers.has("Authorization") ? "leaked" : "elsewhere");
  });
  auto server = TestServer::answering([&other](const Received& request) {
    if (!request.headers.has("Authorization")) return response(401, "", "WWW-Authenticate: Basic realm=x\r\n");
    if (request.target == "/loop") return response(302, "", "Location: /loop\r\n");
    return response(307, "", "Location: " + other->url("/blob") + "\r\n");
  });
  Bench bench;
  auto options = bench.options();
  options.credentials = fixed_credential(server->authority(), {"user", "pass", ""});
  Client client(options);
  auto paths = numbered(20);
  paths.emplace_back("/loop");
  const auto answers = fly(client, *server, paths, 4);
  for (const auto& [path, result] : answers) {
    if (path == "/loop") {
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().kind, ErrorKind::kRedirect);
      continue;
    }
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->body, "elsewhere");
  }
  // The first few ask without, the others know.
  EXPECT_THAT(bench.exchanges.size(), Le(21U * 2 + 4U * 2 + 12U));
}

TEST(Flights, WhoIsToldToWaitWaits) {
  auto left = std::make_shared<std::atomic<int>>(3);
  auto server = TestServer::answering([left](const Received&) {
    return (*left)-- > 0 ? response(429, "", "Retry-After: 3\r\n") : response(200, "done");
  });
  Bench bench;
  Client client(bench.options());
  const auto answers = fly(client, *server, numbered(10), 2);
  ASSERT_EQ(answers.size(), 10U);
  for (const auto& [path, result] : answers) {
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->body, "done");
  }
  ASSERT_FALSE(bench.clock->sleeps().empty());
  for (const auto& sleep : bench.clock->sleeps()) EXPECT_EQ(sleep, milliseconds(3000));
}

TEST(Flights, AreAsPatientAsSend) {
  for (const auto* wait : {"3600", "1"}) {
    auto server = TestServer::answering(
        [&](const Received& /*request*/) { return response(429, "", std::string("Retry-After: ") + wait + "\r\n"); });
    Bench bench;
    Client client(bench.options());
    const auto answers = fly(client, *server, {"/a"}, 1);
    const auto asked = server->requests().size();
    const auto waited = bench.clock->sleeps();
    const auto sent = client.send(get(server->url("/a")));
    ASSERT_FALSE(answers.at("/a"));
    ASSERT_FALSE(sent);
    EXPECT_EQ(answers.at("/a").error().kind, ErrorKind::kThrottled);
    EXPECT_EQ(answers.at("/a").error().message, sent.error().message);
    EXPECT_EQ(server->requests().size(), 2 * asked);
    EXPECT_EQ(bench.clock->sleeps().size(), 2 * waited.size());
  }
}

TEST(Flights, DoNotStartTooLate) {
  auto server = TestServer::answering([](const Received& /*request*/) { return response(200); });
  Bench bench;
  bool cancelled = false;
  auto options = bench.options();
  options.cancelled = [&cancelled] { return cancelled; };
  Client client(options);
  client.set_deadline(std::chrono::steady_clock::now());
  EXPECT_EQ(fly(client, *server, {"/a"}, 1).at("/a").error().message, client.send(get(server->url())).error().message);
  client.set_deadline(std::nullopt);
  cancelled = true;
  EXPECT_EQ(fly(client, *server, {"/a"}, 1).at("/a").error().message, client.send(get(server->url())).error().message);
  cancelled = false;
  EXPECT_EQ(server->requests().size(), 0U);
  EXPECT_TRUE(fly(client, *server, {"/a"}, 1).at("/a"));
}

TEST(Flights, ErrorsAreThoseOfSend) {
  TestServer server([](Connection& connection) {
    while (auto request = connection.read_request()) {
      if (request->target == "/cut") {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort");
        return;
      }
      if (request->target == "/silent") return connection.wait_for_close();
      if (request->target == "/large") connection.write(response(200, std::string(5000, 'x')));
      if (request->target == "/fine") connection.write(response(200, "fine"));
    }
  });
  Bench bench;
  auto options = bench.options();
  options.first_byte_timeout = milliseconds(300);
  options.max_body_bytes = 1000;
  Client client(options);
  const auto answers = fly(client, server, {"/cut", "/silent", "/large", "/fine"}, 4);
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers.at("/cut").error().kind, ErrorKind::kProtocol);
  EXPECT_EQ(answers.at("/silent").error().kind, ErrorKind::kTimeout);
  EXPECT_THAT(answers.at("/silent").error().message, HasSubstr("no response within 300 ms"));
  EXPECT_EQ(answers.at("/large").error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(answers.at("/fine")->body, "fine");
}

TEST(Flights, EndWhenTheyAreCancelled) {
  TestServer server([](Connection& connection) {
    (void)connection.read_request();
    connection.wait_for_close();
  });
  Bench bench;
  auto options = bench.options();
  std::atomic<int> polls{0};
  options.cancelled = [&polls] { return ++polls > 5; };
  Client client(options);
  const auto answers = fly(client, server, numbered(5), 3);
  ASSERT_EQ(answers.size(), 5U);
  for (const auto& [path, result] : answers) EXPECT_EQ(result.error().kind, ErrorKind::kTimeout);
}

TEST(Flights, AClosedConnectionIsReplaced) {
  TestServer server([](Connection& connection) {
    if (const auto request = connection.read_request()) connection.write(response(200, request->target));
  });
  Bench bench;
  Client client(bench.options());
  for (int round = 0; round < 3; ++round) {
    for (const auto& [path, result] : fly(client, server, numbered(12), 3)) {
      ASSERT_TRUE(result) << result.error().message;
      EXPECT_EQ(result->body, path);
    }
  }
}

TEST(Flights, UseTlsAndGoWhereTheyAreTold) {
  const Certificates certificates;
  const auto context = certificates.server();
  auto server =
      TestServer::answering([](const Received& request) { return response(200, request.target); }, context.get());
  Bench bench;
  auto options = bench.options();
  options.tls.ca_file = certificates.file("ca.pem");
  options.connect_to = server->authority();
  Client client(options);
  std::optional<Result> answer;
  bool given = false;
  client.fly(2, [&]() -> std::optional<Flight> {
    if (std::exchange(given, true)) return std::nullopt;
    return Flight{get("https://127.0.0.1:1/there"), [&](Result result) { answer = std::move(result); }};
  });
  ASSERT_TRUE(answer && *answer) << answer->error().message;
  EXPECT_EQ((*answer)->body, "/there");
  EXPECT_EQ(client.send(get("https://127.0.0.1:1/here"))->body, "/here");
}

}  // namespace
}  // namespace referee::http::test
