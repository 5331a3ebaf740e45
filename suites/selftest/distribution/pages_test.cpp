#include <gtest/gtest.h>

#include "distribution/fake_server.hpp"
#include "referee/distribution/registry.hpp"
#include "referee/registry/server.hpp"

namespace referee::distribution {
namespace {

FakeResponse linked(const std::string& target) {
  return {200, {{"Link", "<" + target + ">; rel=\"next\""}}, "{}"};
}

Walk walk(const FakeServer& server, int max_pages = 200) {
  Registry registry(test_client(), server.url());
  auto walked = walk_pages(registry, registry.list_tags("a"), {}, max_pages);
  EXPECT_TRUE(walked) << walked.error().message;
  return walked.value_or(Walk{});
}

TEST(PagesTest, OnePageWithoutALink) {
  FakeServer server([](const FakeRequest&) { return FakeResponse{200, {}, "{}"}; });
  const Walk walked = walk(server);
  ASSERT_EQ(walked.pages.size(), 1U);
  EXPECT_EQ(walked.pages[0].next, "");
  EXPECT_FALSE(walked.looped || walked.too_many);
}

TEST(PagesTest, FollowsRelativeAndAbsoluteLinksToTheEnd) {
  std::string base;
  FakeServer server([&base](const FakeRequest& request) {
    if (request.target == "/v2/a/tags/list") return linked("/v2/a/tags/list?last=1");
    if (request.target == "/v2/a/tags/list?last=1") return linked(base + "/v2/a/tags/list?last=2");
    return FakeResponse{200, {}, "{}"};
  });
  base = server.url();
  const Walk walked = walk(server);
  ASSERT_EQ(walked.pages.size(), 3U);
  EXPECT_EQ(walked.pages[0].next, base + "/v2/a/tags/list?last=1");
  EXPECT_EQ(walked.pages[2].response.url, base + "/v2/a/tags/list?last=2");
}

TEST(PagesTest, ALoopEndsTheWalk) {
  FakeServer server([](const FakeRequest& request) {
    return linked(request.target.ends_with("b") ? "/v2/a/tags/list" : "/v2/a/tags/list?last=b");
  });
  const Walk walked = walk(server);
  EXPECT_TRUE(walked.looped);
  EXPECT_EQ(walked.pages.size(), 2U);
  FakeServer self([](const FakeRequest& request) { return linked(request.target); });
  EXPECT_EQ(walk(self).pages.size(), 1U);
}

TEST(PagesTest, AnEndlessChainIsCutOff) {
  int page = 0;
  FakeServer server([&page](const FakeRequest&) { return linked("/v2/a/tags/list?last=" + std::to_string(++page)); });
  const Walk walked = walk(server, 7);
  EXPECT_TRUE(walked.too_many);
  EXPECT_EQ(walked.pages.size(), 7U);
  EXPECT_EQ(server.requests().size(), 7U);
}

TEST(PagesTest, AnErrorPageIsTheLast) {
  FakeServer server([](const FakeRequest& request) {
    FakeResponse response = linked("/v2/a/tags/list?last=x");
    if (request.target.ends_with("x")) response.status = 500;
    return response;
  });
  const Walk walked = walk(server);
  ASSERT_EQ(walked.pages.size(), 2U);
  EXPECT_EQ(walked.pages[1].response.status, 500);
}

TEST(PagesTest, TransportTroubleIsAnError) {
  FakeServer server([](const FakeRequest& request) {
    return request.target.ends_with("x") ? FakeResponse{0, {}, ""} : linked("/v2/a/tags/list?last=x");
  });
  Registry registry(test_client(), server.url());
  EXPECT_FALSE(walk_pages(registry, registry.list_tags("a")));
}

TEST(PagesTest, WalksTheReferenceRegistrysTags) {
  registry::ServerOptions options;
  options.deviations = {"v.early-paging"};
  auto server = registry::Server::start(options);
  ASSERT_TRUE(server) << server.error();
  Registry registry(test_client(), (*server)->url());
  oci::Random random(1);
  const oci::Package image = oci::image(random);
  for (const char* tag : {"a", "b", "c", "d", "e"}) {
    const Result pushed = push_package(registry, "r", image, tag);
    ASSERT_TRUE(pushed) << pushed.error().message;
    ASSERT_EQ(pushed->status, 201);
  }
  const auto walked = walk_pages(registry, registry.list_tags("r"));
  ASSERT_TRUE(walked) << walked.error().message;
  EXPECT_EQ(walked->pages.size(), 3U);
}

}  // namespace
}  // namespace referee::distribution
