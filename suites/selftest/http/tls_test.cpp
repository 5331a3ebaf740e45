#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "certificates.hpp"
#include "fixture.hpp"

namespace referee::http::test {
namespace {

class Tls : public testing::Test {
 protected:
  std::unique_ptr<TestServer> start(bool demand_client = false) {
    context_ = certificates_.server(demand_client);
    return TestServer::answering([](const Received&) { return response(200, "secret garden"); }, context_.get());
  }
  Result send(const TestServer& server, const TlsOptions& tls) {
    auto options = bench_.options();
    options.tls = tls;
    return Client(options).send(get(server.url("/")));
  }
  static void expect_tls_error(const Result& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::kTls) << result.error().message;
  }

  Bench bench_;
  Certificates certificates_;
  std::shared_ptr<SSL_CTX> context_;
};

TEST_F(Tls, PrivateAuthorityIsTrustedByFile) {
  auto server = start();
  TlsOptions tls;
  tls.ca_file = certificates_.file("ca.pem");
  const auto result = send(*server, tls);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "secret garden");
}

TEST_F(Tls, UnknownAuthorityIsRefused) {
  auto server = start();
  expect_tls_error(send(*server, {}));
  EXPECT_TRUE(server->requests().empty());
  EXPECT_THAT(bench_.exchanges.at(0).error, testing::HasSubstr("certificate"));
}

TEST_F(Tls, AnotherAuthorityIsRefused) {
  auto server = start();
  const Certificates others;
  TlsOptions tls;
  tls.ca_file = others.file("ca.pem");
  expect_tls_error(send(*server, tls));
}

TEST_F(Tls, WrongHostIsRefused) {
  auto server = start();
  auto options = bench_.options();
  options.tls.ca_file = certificates_.file("ca.pem");
  expect_tls_error(Client(options).send(get("https://localhost:" + std::to_string(server->port()) + "/")));
}

TEST_F(Tls, InsecureIsExplicit) {
  auto server = start();
  TlsOptions tls;
  tls.insecure = true;
  EXPECT_TRUE(send(*server, tls));
}

TEST_F(Tls, ClientCertificate) {
  auto server = start(true);
  TlsOptions tls;
  tls.ca_file = certificates_.file("ca.pem");
  expect_tls_error(send(*server, tls));
  tls.client_certificate = certificates_.file("client.pem");
  tls.client_key = certificates_.file("client.key");
  const auto result = send(*server, tls);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 200);
}

TEST_F(Tls, MissingFilesAreTlsErrors) {
  auto server = start();
  TlsOptions absent;
  absent.ca_file = certificates_.file("absent.pem");
  expect_tls_error(send(*server, absent));
  TlsOptions key;
  key.insecure = true;
  key.client_certificate = certificates_.file("absent.pem");
  expect_tls_error(send(*server, key));
}

TEST_F(Tls, PlainServerIsATlsError) {
  auto server = TestServer::answering([](const Received&) { return response(400); });
  TlsOptions tls;
  tls.insecure = true;
  auto options = bench_.options();
  options.tls = tls;
  // The answer to a TLS hello that is no HTTP request never comes; a server of plain HTTP would say 400.
  TestServer plain([](Connection& connection) {
    connection.read_some();
    connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  expect_tls_error(Client(options).send(get("https://" + plain.authority() + "/")));
}

TEST_F(Tls, CredentialsDoNotFollowFromHttpsToHttp) {
  auto plain = TestServer::answering([](const Received&) { return response(200); });
  context_ = certificates_.server();
  auto server = TestServer::answering(
      [&plain](const Received& request) {
        if (!request.headers.has("Authorization")) return response(401, "", "WWW-Authenticate: Basic realm=r\r\n");
        return response(307, "", "Location: " + plain->url("/") + "\r\n");
      },
      context_.get());
  auto options = bench_.options();
  options.tls.ca_file = certificates_.file("ca.pem");
  options.credentials = fixed_credential(server->authority(), {"user", "password", ""});
  ASSERT_TRUE(Client(options).send(get(server->url("/"))));
  EXPECT_FALSE(plain->requests().at(0).headers.has("Authorization"));
}

}  // namespace
}  // namespace referee::http::test
