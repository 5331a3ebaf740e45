#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

// base64 of "user:correct horse"
constexpr const char* kExpected = "Basic dXNlcjpjb3JyZWN0IGhvcnNl";

std::unique_ptr<TestServer> locked() {
  return TestServer::answering([](const Received& request) {
    if (request.headers.get("Authorization") == kExpected) return response(200, "in");
    return response(401, "", "WWW-Authenticate: Digest realm=\"a, b\", Basic realm=\"r\"\r\n");
  });
}

ClientOptions with_credential(Bench& bench, const TestServer& server, const std::string& password) {
  auto options = bench.options();
  options.credentials = fixed_credential(server.authority(), {"user", password, ""});
  return options;
}

TEST(Basic, AnswersTheChallengeAndRemembersIt) {
  auto server = locked();
  Bench bench;
  Client client(with_credential(bench, *server, "correct horse"));
  EXPECT_EQ(client.send(get(server->url("/a")))->status, 200);
  EXPECT_EQ(client.send(get(server->url("/b")))->status, 200);
  ASSERT_EQ(bench.exchanges.size(), 3U) << "the second request needs no 401";
  EXPECT_EQ(bench.exchanges[0].purpose, Purpose::kRequest);
  EXPECT_EQ(bench.exchanges[1].purpose, Purpose::kRetry);
  EXPECT_EQ(bench.exchanges[2].purpose, Purpose::kRequest);
  EXPECT_EQ(bench.exchanges[2].request_headers.get("Authorization"), "Basic [redacted]");
}

TEST(Basic, WrongPasswordGivesThe401) {
  auto server = locked();
  Bench bench;
  Client client(with_credential(bench, *server, "wrong"));
  const auto result = client.send(get(server->url("/")));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 401);
  EXPECT_EQ(server->requests().size(), 2U);
  EXPECT_EQ(client.send(get(server->url("/")))->status, 401);
  EXPECT_EQ(server->requests().size(), 3U) << "what was refused is not repeated";
}

TEST(Basic, NothingIsSentWithoutNeedOrLeave) {
  auto server = locked();
  Bench bench;
  Client client(with_credential(bench, *server, "correct horse"));
  Request request = get(server->url("/"));
  request.authenticate = false;
  EXPECT_EQ(client.send(request)->status, 401);
  EXPECT_EQ(client.send(get(server->url("/")))->status, 200);
  EXPECT_EQ(client.send(request)->status, 401) << "not even what is remembered";
  EXPECT_FALSE(server->requests().back().headers.has("Authorization"));
}

TEST(Basic, CredentialOfAnotherHostIsNotUsed) {
  auto server = locked();
  Bench bench;
  auto options = bench.options();
  options.credentials = fixed_credential("other.example", {"user", "correct horse", ""});
  Client client(options);
  EXPECT_EQ(client.send(get(server->url("/")))->status, 401);
  EXPECT_EQ(server->requests().size(), 1U);
}

TEST(Basic, OwnAuthorizationOfTheCallerStandsAlone) {
  auto server = locked();
  Bench bench;
  Client client(with_credential(bench, *server, "correct horse"));
  Request request = get(server->url("/"));
  request.headers.add("Authorization", "Bearer nonsense");
  EXPECT_EQ(client.send(request)->status, 401);
  EXPECT_EQ(server->requests().size(), 1U);
}

}  // namespace
}  // namespace referee::http::test
