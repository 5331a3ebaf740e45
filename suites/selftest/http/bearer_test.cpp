#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace referee::http::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A registry and its token server. Tokens are "token-<n>-tail"; only those in `valid` open the registry.
class Bearer : public testing::Test {
 protected:
  Bearer() {
    tokens_ = TestServer::answering([this](const Received& request) { return token_answer_(request); });
    registry_ = TestServer::answering([this](const Received& request) {
      const auto sent = request.headers.get("Authorization").value_or("");
      const std::lock_guard lock(mutex_);
      if (sent == "Bearer " + valid_) return response(200, "in");
      return response(
          401, "",
          "WWW-Authenticate: Bearer realm=\"" + realm() + R"(",service="reg, one",scope=")" + scope_ + "\"\r\n");
    });
    options_ = bench_.options();
    options_.credentials = fixed_credential(registry_->authority(), {"user", "correct horse", ""});
  }

  [[nodiscard]] std::string realm() const { return realm_.empty() ? tokens_->url("/token?x=1") : realm_; }

  std::string issue(const std::string& extra = "") {
    const std::lock_guard lock(mutex_);
    valid_ = "token-" + std::to_string(++issued_) + "-tail";
    return response(200, R"({"token":")" + valid_ + "\"" + extra + "}");
  }

  void invalidate() {
    const std::lock_guard lock(mutex_);
    valid_ = "none";
  }

  Request request(const std::string& scope = "repository:a/b:pull") {
    Request request = get(registry_->url("/v2/a/b/manifests/x"));
    request.scopes = {scope};
    return request;
  }

  Bench bench_;
  std::mutex mutex_;
  std::string valid_ = "none";
  int issued_ = 0;
  std::string scope_ = "repository:a/b:pull";
  std::string realm_;
  TestServer::Answer token_answer_ = [this](const Received&) { return issue(",\"expires_in\":100"); };
  ClientOptions options_;
  std::unique_ptr<TestServer> tokens_;
  std::unique_ptr<TestServer> registry_;
};

TEST_F(Bearer, FetchesATokenWithBasicAndTheScopes) {
  Client client(options_);
  EXPECT_EQ(client.send(request("repository:a/b:push"))->status, 200);
  ASSERT_EQ(tokens_->requests().size(), 1U);
  const auto asked = tokens_->requests()[0];
  EXPECT_EQ(asked.target, "/token?x=1&service=reg%2C%20one&scope=repository%3Aa%2Fb%3Apull%2Cpush")
      << "the union of the challenge's scope and the request's";
  EXPECT_EQ(asked.headers.get("Authorization"), "Basic dXNlcjpjb3JyZWN0IGhvcnNl");
  ASSERT_EQ(bench_.exchanges.size(), 3U);
  EXPECT_EQ(bench_.exchanges[1].purpose, Purpose::kToken);
  EXPECT_EQ(bench_.exchanges[2].purpose, Purpose::kRetry);
}

TEST_F(Bearer, SendsTheCachedTokenAtOnce) {
  Client client(options_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.send(request())->status, 200);
  EXPECT_EQ(tokens_->requests().size(), 1U);
  EXPECT_EQ(registry_->requests().size(), 4U);
}

TEST_F(Bearer, AnotherScopeIsAnotherToken) {
  Client client(options_);
  EXPECT_EQ(client.send(request())->status, 200);
  EXPECT_EQ(client.send(request("repository:c:pull"))->status, 200);
  ASSERT_EQ(tokens_->requests().size(), 2U);
  EXPECT_THAT(tokens_->requests()[1].target, HasSubstr("scope=repository%3Aa%2Fb%3Apull&scope=repository%3Ac%3Apull"));
}

TEST_F(Bearer, RenewsBeforeTheTokenExpires) {
  Client client(options_);
  ASSERT_EQ(client.send(request())->status, 200);
  bench_.clock->advance(std::chrono::seconds(89));
  ASSERT_EQ(client.send(request())->status, 200);
  EXPECT_EQ(tokens_->requests().size(), 1U);
  bench_.clock->advance(std::chrono::seconds(2));  // within the last ten seconds of its life
  ASSERT_EQ(client.send(request())->status, 200);
  EXPECT_EQ(tokens_->requests().size(), 2U);
}

TEST_F(Bearer, WithoutExpiresInATokenLivesAMinute) {
  token_answer_ = [this](const Received&) { return issue(); };
  Client client(options_);
  ASSERT_EQ(client.send(request())->status, 200);
  bench_.clock->advance(std::chrono::seconds(49));
  ASSERT_EQ(client.send(request())->status, 200);
  EXPECT_EQ(tokens_->requests().size(), 1U);
  bench_.clock->advance(std::chrono::seconds(12));
  ASSERT_EQ(client.send(request())->status, 200);
  EXPECT_EQ(tokens_->requests().size(), 2U);
}

TEST_F(Bearer, ARefusedCachedTokenIsFetchedOnceMore) {
  Client client(options_);
  ASSERT_EQ(client.send(request())->status, 200);
  invalidate();
  EXPECT_EQ(client.send(request())->status, 200);
  EXPECT_EQ(tokens_->requests().size(), 2U);
}

TEST_F(Bearer, ARefusedFreshTokenIsTheAnswer) {
  token_answer_ = [](const Received&) { return response(200, R"({"access_token":"not-good-enough"})"); };
  Client client(options_);
  const auto result = client.send(request());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 401);
  EXPECT_EQ(tokens_->requests().size(), 1U);
  EXPECT_EQ(registry_->requests().size(), 2U);
  // The token is cached: one try with it, one fetch, one try, and no more.
  EXPECT_EQ(client.send(request())->status, 401);
  EXPECT_EQ(tokens_->requests().size(), 2U);
  EXPECT_EQ(registry_->requests().size(), 4U);
}

TEST_F(Bearer, AnonymousTokenNeedsNoCredential) {
  options_.credentials = nullptr;
  Client client(options_);
  EXPECT_EQ(client.send(request())->status, 200);
  EXPECT_FALSE(tokens_->requests().at(0).headers.has("Authorization"));
}

TEST_F(Bearer, AnonymousRefusalLeavesTheRegistrys401) {
  options_.credentials = nullptr;
  token_answer_ = [](const Received&) { return response(401); };
  Client client(options_);
  EXPECT_EQ(client.send(request())->status, 401);
}

TEST_F(Bearer, IdentityTokenIsPostedAsRefreshToken) {
  options_.credentials = fixed_credential(registry_->authority(), {"", "", "identity/secret"});
  Client client(options_);
  EXPECT_EQ(client.send(request())->status, 200);
  const auto asked = tokens_->requests().at(0);
  EXPECT_EQ(asked.method, "POST");
  EXPECT_EQ(asked.headers.get("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(asked.body,
            "grant_type=refresh_token&client_id=referee&service=reg%2C%20one&scope=repository%3Aa%2Fb%3Apull&"
            "refresh_token=identity%2Fsecret");
  EXPECT_EQ(bench_.exchanges.at(1).request_body, "[redacted]");
  EXPECT_EQ(bench_.exchanges.at(1).response_body, "[redacted]");
}

TEST_F(Bearer, RefusedCredentialsAreAnAuthError) {
  token_answer_ = [](const Received&) { return response(401, "correct horse"); };
  Client client(options_);
  const auto result = client.send(request());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kAuth);
  EXPECT_THAT(result.error().message, HasSubstr("check the credentials"));
  EXPECT_THAT(result.error().message, Not(HasSubstr("horse")));
}

TEST_F(Bearer, HostileTokenAnswersAreAuthErrors) {
  const std::string deep(100000, '[');
  for (const auto& body :
       {std::string("not json"), std::string("{}"), std::string("[]"), deep, std::string(R"({"token":5})"),
        std::string(R"({"token":"a\r\nX: y"})"), std::string(2UL * 1024 * 1024, ' ')}) {
    token_answer_ = [&body](const Received&) { return response(200, body); };
    Client client(options_);
    const auto result = client.send(request());
    ASSERT_FALSE(result) << body.substr(0, 20);
    EXPECT_EQ(result.error().kind, ErrorKind::kAuth) << body.substr(0, 20);
  }
}

TEST_F(Bearer, RealmMustBeHttp) {
  for (const auto* realm : {"file:///etc/passwd", "not a url", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/"}) {
    realm_ = realm;
    Client client(options_);
    EXPECT_EQ(client.send(request()).error().kind, ErrorKind::kAuth) << realm;
  }
}

TEST_F(Bearer, TokenServerRedirectDoesNotCarryThePassword) {
  auto elsewhere = TestServer::answering([this](const Received&) { return issue(); });
  token_answer_ = [&elsewhere](const Received&) {
    return response(307, "", "Location: " + elsewhere->url("/t") + "\r\n");
  };
  Client client(options_);
  EXPECT_EQ(client.send(request())->status, 200);
  EXPECT_FALSE(elsewhere->requests().at(0).headers.has("Authorization"));
}

TEST_F(Bearer, NoSecretReachesTheRecord) {
  Client client(options_);
  ASSERT_EQ(client.send(request())->status, 200);
  ASSERT_EQ(client.send(request())->status, 200);
  for (const auto& exchange : bench_.exchanges) {
    for (const auto& [name, value] : exchange.request_headers) {
      EXPECT_THAT(value, Not(HasSubstr("tail"))) << name;
      EXPECT_THAT(value, Not(HasSubstr("dXNlcjpjb3JyZWN0IGhvcnNl"))) << name;
    }
    EXPECT_THAT(exchange.response_body, Not(HasSubstr("tail")));
  }
}

}  // namespace
}  // namespace referee::http::test
