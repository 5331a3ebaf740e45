#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "distribution/fake_server.hpp"
#include "referee/distribution/registry.hpp"
#include "referee/http/url.hpp"

namespace referee::distribution {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kDigest = "sha256:" + std::string(64, 'a');

// A registry that wants a token whose scopes it does not name: the verbs must know what they need.
class ScopesTest : public ::testing::Test {
 protected:
  ScopesTest()
      : server_([this](const FakeRequest& request) {
          if (request.target.starts_with("/token")) {
            return FakeResponse{200, {{"Content-Type", "application/json"}}, R"({"token":"t","expires_in":300})"};
          }
          if (request.header("authorization") == "Bearer t") return FakeResponse{};
          return FakeResponse{
              401, {{"WWW-Authenticate", "Bearer realm=\"" + server_.url() + R"(/token",service="s")"}}, ""};
        }) {}

  // The token request that the verb caused; a new client each time, since tokens are kept.
  template <typename Verb>
  std::string token_request(Verb verb) {
    Registry registry(test_client(), server_.url());
    const std::size_t before = server_.requests().size();
    const Result result = verb(registry);
    EXPECT_TRUE(result) << result.error().message;
    const auto requests = server_.requests();
    for (std::size_t i = before; i < requests.size(); ++i) {
      if (requests[i].target.starts_with("/token")) return requests[i].target;
    }
    return "";
  }

  static std::string scope(std::string_view text) { return "scope=" + http::percent_encode(text); }

  FakeServer server_;
};

TEST_F(ScopesTest, ReadsAskForPull) {
  EXPECT_THAT(token_request([](Registry& r) { return r.get_manifest("a/b", "t"); }),
              HasSubstr(scope("repository:a/b:pull")));
  EXPECT_THAT(token_request([](Registry& r) { return r.list_tags("a/b"); }), Not(HasSubstr("push")));
  EXPECT_THAT(token_request([](Registry& r) { return r.get("/v2/a/b/tags/list?n=1"); }),
              HasSubstr(scope("repository:a/b:pull")));
}

TEST_F(ScopesTest, WritesAskForPush) {
  EXPECT_THAT(token_request([](Registry& r) { return r.put_manifest("a/b", "t", "{}", "x/y"); }),
              HasSubstr(scope("repository:a/b:pull,push")));
  EXPECT_THAT(token_request([](Registry& r) { return r.start_upload("a/b"); }),
              HasSubstr(scope("repository:a/b:pull,push")));
  EXPECT_THAT(token_request([](Registry& r) { return r.patch_upload("/v2/a/b/blobs/uploads/7", "x", ""); }),
              HasSubstr(scope("repository:a/b:pull,push")));
}

TEST_F(ScopesTest, DeletesAskForDelete) {
  // The client sorts the actions of a scope.
  const std::string wanted = scope("repository:a/b:delete,pull");
  EXPECT_THAT(token_request([](Registry& r) { return r.delete_manifest("a/b", "t"); }), HasSubstr(wanted));
  EXPECT_THAT(token_request([](Registry& r) { return r.delete_blob("a/b", kDigest); }), HasSubstr(wanted));
}

TEST_F(ScopesTest, MountsAlsoAskToReadTheSource) {
  const std::string target = token_request([](Registry& r) { return r.mount_blob("a/b", kDigest, "c/d"); });
  EXPECT_THAT(target, HasSubstr(http::percent_encode("repository:a/b:pull,push")));
  EXPECT_THAT(target, HasSubstr(http::percent_encode("repository:c/d:pull")));
}

TEST_F(ScopesTest, PingAsksForNothing) {
  EXPECT_THAT(token_request([](Registry& r) { return r.ping(); }), Not(HasSubstr("scope")));
}

}  // namespace
}  // namespace referee::distribution
