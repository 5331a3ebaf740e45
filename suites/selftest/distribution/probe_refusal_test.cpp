#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "distribution/fake_server.hpp"
#include "referee/distribution/capabilities.hpp"

namespace referee::distribution {
namespace {

using ::testing::HasSubstr;

ProbeOptions refused_options() {
  ProbeOptions refused_options;
  refused_options.repository = "p/one";
  refused_options.second_repository = "p/two";
  return refused_options;
}

// What the user is told when nothing can be judged.
std::string refusal(const std::string& base) {
  Registry registry(test_client(), base);
  const auto probed = probe(registry, refused_options());
  EXPECT_FALSE(probed);
  return probed ? "" : probed.error().message;
}

FakeServer::Handler answers(int ping, int post) {
  return [=](const FakeRequest& request) { return FakeResponse{request.target == "/v2/" ? ping : post, {}, ""}; };
}

TEST(ProbeRefusalTest, AnUnreachableHost) {
  std::string base;
  {
    FakeServer server(answers(200, 200));
    base = server.url();
  }
  EXPECT_THAT(refusal(base), HasSubstr("is it running? is the port right?"));
  EXPECT_THAT(refusal("http://no-such-host.invalid"), HasSubstr("check the host's name"));
}

TEST(ProbeRefusalTest, NotARegistry) {
  FakeServer server(answers(404, 404));
  EXPECT_THAT(refusal(server.url()), HasSubstr("/v2/ answered 404 where a registry answers 200"));
  FakeServer silent([](const FakeRequest&) { return FakeResponse{0, {}, ""}; });
  EXPECT_THAT(refusal(silent.url()), HasSubstr("does it speak HTTP on this port? If it speaks TLS, try https://"));
}

TEST(ProbeRefusalTest, BrokenHttp) {
  FakeServer server([](const FakeRequest&) { return FakeResponse{200, {{"Content-Length", "1000"}}, "{}"}; });
  const auto message = refusal(server.url());
  EXPECT_THAT(message, HasSubstr("its HTTP is broken"));
  EXPECT_THAT(message, ::testing::Not(HasSubstr("TLS")));
}

TEST(ProbeRefusalTest, TlsOnAPlainPort) {
  FakeServer server(answers(200, 200));
  EXPECT_THAT(refusal("https" + server.url().substr(4)), HasSubstr("http:// in the URL"));
}

TEST(ProbeRefusalTest, HttpOnATlsPort) {
  for (const auto* text : {"Client sent an HTTP request to an HTTPS server.\n",
                           "<center>The plain HTTP request was sent to HTTPS port</center>",
                           "You're speaking plain HTTP to an SSL-enabled server port."}) {
    FakeServer server([text](const FakeRequest&) { return FakeResponse{400, {}, text}; });
    EXPECT_THAT(refusal(server.url()), HasSubstr("try https" + server.url().substr(4))) << text;
  }
  FakeServer other(answers(400, 400));
  EXPECT_THAT(refusal(other.url()), ::testing::Not(HasSubstr("https://")));
}

TEST(ProbeRefusalTest, CredentialsRefused) {
  FakeServer server(
      [](const FakeRequest&) { return FakeResponse{401, {{"WWW-Authenticate", "Basic realm=\"r\""}}, ""}; });
  const std::string message = refusal(server.url());
  EXPECT_THAT(message, HasSubstr("--username-file"));
  EXPECT_THAT(message, HasSubstr("REFEREE_USERNAME"));
}

TEST(ProbeRefusalTest, ARepositoryThatMayNotBeWritten) {
  for (const int status : {401, 403, 404, 405}) {
    FakeServer server(answers(200, status));
    const std::string message = refusal(server.url());
    EXPECT_THAT(message, HasSubstr("p/one may not be written: POST /v2/p/one/blobs/uploads/ answered " +
                                   std::to_string(status)));
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
}

TEST(ProbeRefusalTest, ARegistryThatFailsIsStillJudged) {
  FakeServer server(answers(200, 500));
  Registry registry(test_client(), server.url());
  const auto probed = probe(registry, refused_options());
  ASSERT_TRUE(probed) << probed.error().message;
  for (const Capability capability : all_capabilities()) {
    ASSERT_TRUE(probed->contains(capability)) << name(capability);
    EXPECT_TRUE(probed->at(capability).present) << name(capability);
    EXPECT_THAT(probed->at(capability).evidence, HasSubstr("answered 500"));
  }
}

}  // namespace
}  // namespace referee::distribution
