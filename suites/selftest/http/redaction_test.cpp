#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "encoding.hpp"
#include "fixture.hpp"
#include "redactor.hpp"
#include "referee/oci/base64.hpp"

namespace referee::http::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Redactor, HidesSecretHeaders) {
  const Redactor redactor;
  EXPECT_EQ(redactor.header("authorization", "Bearer abc"), "Bearer [redacted]");
  EXPECT_EQ(redactor.header("Authorization", "abc"), "[redacted]");
  EXPECT_EQ(redactor.header("Proxy-Authorization", "Basic abc"), "[redacted]");
  EXPECT_EQ(redactor.header("Cookie", "a=b"), "[redacted]");
  EXPECT_EQ(redactor.header("SET-COOKIE", "a=b"), "[redacted]");
  EXPECT_EQ(redactor.header("Docker-Content-Digest", "sha256:ab"), "sha256:ab");
}

TEST(Redactor, HidesUsersAndSecretParametersInUrls) {
  const Redactor redactor;
  EXPECT_EQ(redactor.text("http://user:pw@h/x"), "http://[redacted]@h/x");
  EXPECT_EQ(redactor.text("https://h/x?a=1&Token=abc&n=2#f"), "https://h/x?a=1&Token=[redacted]&n=2#f");
  EXPECT_EQ(redactor.text("/x?X-Amz-Signature=abc&X-Amz-Credential=d&sig=e"),
            "/x?X-Amz-Signature=[redacted]&X-Amz-Credential=[redacted]&sig=[redacted]");
  EXPECT_EQ(redactor.text("{\"url\":\"http://h/?access_token=abc\"}"),
            "{\"url\":\"http://h/?access_token=[redacted]\"}");
  EXPECT_EQ(redactor.text("/v2/a/blobs/uploads/1?_state=abc&digest=sha256%3Aab"),
            "/v2/a/blobs/uploads/1?_state=abc&digest=sha256%3Aab");
  EXPECT_EQ(redactor.text("http://h/a@b"), "http://h/a@b");
}

TEST(Redactor, FindsKnownSecretsInEveryForm) {
  Redactor redactor;
  redactor.add_credential({"user", "p@ss/word", "idtoken"});
  EXPECT_EQ(redactor.text("x p@ss/word y"), "x [redacted] y");
  EXPECT_EQ(redactor.text("q=p%40ss%2Fword"), "q=[redacted]");
  EXPECT_THAT(redactor.text("auth " + oci::base64_encode("user:p@ss/word")),
              Not(HasSubstr(oci::base64_encode("user:p@ss/word").substr(0, 8))));
  EXPECT_EQ(redactor.text("idtoken"), "[redacted]");
  redactor.add_secret("ab");
  EXPECT_EQ(redactor.text("tab"), "tab") << "too short to be looked for";
}

TEST(Redaction, ServerThatEchoesThePasswordDoesNotSpreadIt) {
  const std::string echo = R"({"you":"sent hunter2-secret as dXNlcjpodW50ZXIyLXNlY3JldA=="})";
  auto server = TestServer::answering([&echo](const Received& request) {
    if (!request.headers.has("Authorization")) return response(401, "", "WWW-Authenticate: Basic realm=r\r\n");
    return response(200, echo, "X-Echo: hunter2-secret\r\nSet-Cookie: s=1\r\nLocation: /x?token=abcdef\r\n");
  });
  Bench bench;
  auto options = bench.options();
  options.credentials = fixed_credential(server->authority(), {"user", "hunter2-secret", ""});
  Client client(options);
  const auto result = client.send(get(server->url("/?q=hunter2-secret")));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->body, echo) << "the response itself is what the registry sent";
  ASSERT_EQ(bench.exchanges.size(), 2U);
  const auto text = nlohmann::json(bench.exchanges[1]).dump();
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, Not(HasSubstr("dXNlcjpodW50ZXIy")));
  EXPECT_THAT(text, Not(HasSubstr("abcdef")));
  EXPECT_THAT(text, Not(HasSubstr("s=1")));
}

TEST(Redaction, SecretAcrossTheCutIsGoneToo) {
  const std::string body = std::string(Exchange::kBodyExcerpt - 3, 'x') + "hunter2-secret and more";
  auto server = TestServer::answering([&body](const Received& request) {
    if (!request.headers.has("Authorization")) return response(401, "", "WWW-Authenticate: Basic realm=r\r\n");
    return response(200, body);
  });
  Bench bench;
  auto options = bench.options();
  options.credentials = fixed_credential(server->authority(), {"user", "hunter2-secret", ""});
  Client client(options);
  ASSERT_TRUE(client.send(get(server->url("/"))));
  const auto& excerpt = bench.exchanges.at(1).response_body;
  EXPECT_EQ(excerpt.size(), Exchange::kBodyExcerpt);
  EXPECT_THAT(excerpt, Not(HasSubstr("hun")));
}

TEST(Exchange, ExcerptEndsOnACharacter) {
  std::string body(Exchange::kBodyExcerpt - 1, 'x');
  for (int i = 0; i < 1000; ++i) body += "\xE2\x82\xAC";
  auto server = TestServer::answering([&body](const Received&) { return response(200, body); });
  Bench bench;
  Client client(bench.options());
  ASSERT_TRUE(client.send(get(server->url("/"))));
  EXPECT_EQ(bench.exchanges.at(0).response_body, std::string(Exchange::kBodyExcerpt - 1, 'x'));
  EXPECT_EQ(bench.exchanges.at(0).response_bytes, body.size());
}

TEST(Exchange, SurvivesJson) {
  Exchange exchange;
  exchange.number = 7;
  exchange.purpose = Purpose::kToken;
  exchange.method = "PUT";
  exchange.url = "http://h/";
  exchange.request_headers = {{"A", "1"}, {"A", "2"}};
  exchange.request_body = "b";
  exchange.request_size = 2;
  exchange.request_bytes = 1;
  exchange.status = 201;
  exchange.version = "1.1";
  exchange.response_headers = {{"B", "3"}};
  exchange.response_body = "c";
  exchange.response_bytes = 1;
  exchange.error = "e";
  exchange.started = 1.5;
  exchange.connect_seconds = 0.1;
  exchange.first_byte_seconds = 0.2;
  exchange.total_seconds = 0.3;
  const nlohmann::json json = exchange;
  EXPECT_EQ(nlohmann::json(json.get<Exchange>()), json);
  EXPECT_EQ(json.at("purpose"), "token");
  EXPECT_EQ(json.get<Exchange>().request_headers.all("a").size(), 2U);
}

TEST(Utf8, TellsGoodFromBad) {
  EXPECT_TRUE(valid_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  EXPECT_FALSE(valid_utf8("\xC0\x80")) << "overlong";
  EXPECT_FALSE(valid_utf8("\xED\xA0\x80")) << "surrogate";
  EXPECT_FALSE(valid_utf8("\xF4\x90\x80\x80")) << "above U+10FFFF";
  EXPECT_FALSE(valid_utf8("\xE2\x82"));
  EXPECT_TRUE(valid_utf8("a\xE2\x82", true));
  EXPECT_EQ(to_utf8("a\xFF"), "a\xEF\xBF\xBD");
}

TEST(Base64, GoesThereAndBack) {
  for (const auto* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
    EXPECT_EQ(base64_decode(oci::base64_encode(text)), text);
  EXPECT_EQ(oci::base64_encode("fooba"), "Zm9vYmE=");
  EXPECT_FALSE(base64_decode("Zm9v!"));
  EXPECT_FALSE(base64_decode("Z"));
}

}  // namespace
}  // namespace referee::http::test
