#include "referee/conformance/target.hpp"

#include <gmock/gmock.h>

#include <csignal>

namespace referee::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string url(std::string_view text, bool plain_http = false) {
  const auto target = parse_target(text, plain_http);
  return target ? target->url : "error: " + target.error();
}

TEST(Target, SchemesFollowTheHost) {
  EXPECT_EQ(url("https://registry.example"), "https://registry.example");
  EXPECT_EQ(url("HTTP://registry.example:5000/"), "http://registry.example:5000");
  EXPECT_EQ(url("registry.example:5000"), "https://registry.example:5000");
  EXPECT_EQ(url("registry.example:5000", true), "http://registry.example:5000");
  EXPECT_EQ(url("http://registry.example:5000", true), "http://registry.example:5000");
  EXPECT_EQ(url("localhost:5000"), "http://localhost:5000");
  EXPECT_EQ(url("127.0.0.1:5000"), "http://127.0.0.1:5000");
  EXPECT_EQ(url("[::1]:5000"), "http://[::1]:5000");
  EXPECT_EQ(url("[2001:db8::1]"), "https://[2001:db8::1]");
}

TEST(Target, Mistakes) {
  for (const char* text : {"", "https://", "ftp://x", "host:0", "host:65536", "host:abc", "host:", "a b",
                           "https://host/path", "[::1", "::1", "-\n", "https://host?x"}) {
    EXPECT_FALSE(parse_target(text, false)) << text;
  }
  EXPECT_THAT(url("https://host", true), HasSubstr("--plain-http contradicts https://"));
  EXPECT_THAT(url("https://host/path"), HasSubstr("a path is not allowed"));
  const std::string credentials = url("https://user:hunter2@host");
  EXPECT_THAT(credentials, HasSubstr("--password-file"));
  EXPECT_THAT(credentials, Not(HasSubstr("hunter2")));
}

TEST(Target, EmbeddedProfiles) {
  const auto target = parse_target("embedded:oci-1.1", false);
  ASSERT_TRUE(target) << target.error();
  EXPECT_EQ(target->profile, "oci-1.1");
  EXPECT_EQ(target->url, "");
  EXPECT_THAT(url("embedded:oci-9"), HasSubstr("there are: "));
}

TEST(EmbeddedServer, StartsAndEndsWithItsOwner) {
  int pid = 0;
  {
    auto server = EmbeddedServer::start({});
    ASSERT_TRUE(server) << server.error();
    EXPECT_THAT((*server)->url(), testing::MatchesRegex("http://127.0.0.1:[0-9]+"));
    EXPECT_THAT((*server)->facts().control_url, testing::MatchesRegex("http://127.0.0.1:[0-9]+"));
    EXPECT_NE((*server)->facts().control_url, (*server)->url());
    EXPECT_EQ((*server)->facts().profile, "oci-1.1");
    pid = (*server)->pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST(EmbeddedServer, SaysWhyItDidNotStart) {
  EmbeddedServer::Options options;
  options.profile = "no-such-profile";
  const auto server = EmbeddedServer::start(options);
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error(), HasSubstr("did not start: "));
  options.executable = "/no/such/file";
  EXPECT_FALSE(EmbeddedServer::start(options));
}

}  // namespace
}  // namespace referee::conformance
