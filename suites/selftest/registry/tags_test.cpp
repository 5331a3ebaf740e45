#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Tags : public RegistryTest {
 protected:
  void SetUp() override {
    start();
    fill();
  }
  void fill() {
    const auto manifest = oci::IndexBuilder().build();
    for (const auto* tag : {"b", "C", "a", "_x", "10", "9", "a.b", "a-b"}) {
      ASSERT_THAT(put_manifest("a/b", tag, manifest), HasStatus(201));
    }
  }
  static std::string link_of(const Reply& reply) {
    const auto link = reply.header("Link");
    return link.empty() ? link : link.substr(1, link.find('>') - 1);
  }
};

TEST_F(Tags, AreInAsciiOrder) {
  EXPECT_THAT(tags("a/b"), ElementsAre("10", "9", "C", "_x", "a", "a-b", "a.b", "b"));
  const auto reply = get("/v2/a/b/tags/list");
  EXPECT_EQ(nlohmann::json::parse(reply.body)["name"], "a/b");
  EXPECT_EQ(reply.header("Content-Type"), "application/json");
  EXPECT_FALSE(reply.has("Link"));
}

TEST_F(Tags, ComeInPages) {
  EXPECT_THAT(tags("a/b", "?n=3"), ElementsAre("10", "9", "C"));
  EXPECT_THAT(tags("a/b", "?n=3&last=C"), ElementsAre("_x", "a", "a-b"));
  EXPECT_THAT(tags("a/b", "?last=a"), ElementsAre("a-b", "a.b", "b"));
  EXPECT_THAT(tags("a/b", "?last=aa"), ElementsAre("b")) << "last need not exist";
  EXPECT_THAT(tags("a/b", "?last=zzz"), IsEmpty());
  EXPECT_EQ(tags("a/b", "?n=99999999999999999999").size(), 8U);
}

TEST_F(Tags, AWalkMeetsEachOnce) {
  std::vector<std::string> seen;
  std::string next = "/v2/a/b/tags/list?n=3";
  for (int i = 0; i < 10 && !next.empty(); ++i) {
    const auto reply = get(next);
    ASSERT_THAT(reply, HasStatus(200));
    const auto body = nlohmann::json::parse(reply.body);
    for (const auto& tag : body["tags"]) seen.push_back(tag);
    if (reply.has("Link")) {
      EXPECT_TRUE(reply.header("Link").ends_with(">; rel=\"next\""));
    }
    next = link_of(reply);
  }
  EXPECT_EQ(seen, tags("a/b"));
  EXPECT_FALSE(get("/v2/a/b/tags/list?n=8").has("Link"));
}

TEST_F(Tags, NothingWasAskedFor) {
  const auto reply = get("/v2/a/b/tags/list?n=0");
  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_TRUE(nlohmann::json::parse(reply.body)["tags"].empty());
  EXPECT_TRUE(nlohmann::json::parse(reply.body)["tags"].is_array());
  EXPECT_FALSE(reply.has("Link"));
}

TEST_F(Tags, RefusesANumberThatIsNone) {
  for (const auto* n : {"-1", "x", "", "1.5", "0x1"}) {
    EXPECT_THAT(get(std::string("/v2/a/b/tags/list?n=") + n), Fails(400, "UNSUPPORTED")) << n;
  }
}

TEST_F(Tags, TheLastDeletedLeavesAnEmptyList) {
  for (const auto& tag : tags("a/b")) ASSERT_THAT(remove("/v2/a/b/manifests/" + tag), HasStatus(202));
  EXPECT_EQ(nlohmann::json::parse(get("/v2/a/b/tags/list").body)["tags"], nlohmann::json::array());
}

TEST_F(Tags, EarlyPagingIsAWalkToo) {
  start_with({"v.early-paging"});
  fill();
  const auto reply = get("/v2/a/b/tags/list?n=5");
  EXPECT_EQ(nlohmann::json::parse(reply.body)["tags"].size(), 2U);
  EXPECT_EQ(link_of(reply), "/v2/a/b/tags/list?n=5&last=9");
  EXPECT_FALSE(get("/v2/a/b/tags/list?n=0").has("Link"));
}

}  // namespace
}  // namespace referee::selftest
