#include "referee/conformance/context.hpp"

#include <gmock/gmock.h>

#include <regex>

namespace referee::conformance {
namespace {

using testing::MatchesRegex;
using testing::StartsWith;

Context::Options named(std::string id) {
  Context::Options made;
  made.check_id = std::move(id);
  made.namespace_prefix = "referee";
  made.seed = 0x1234;
  return made;
}

/// distribution-spec, "Pulling manifests": the grammar of a repository name.
bool is_repository(const std::string& name) {
  static const std::regex kGrammar(R"([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*)");
  return std::regex_match(name, kGrammar);
}

TEST(Context, NamesAreValidAndStable) {
  Context context(named("oci-1.1/referrers/empty-list"));
  EXPECT_EQ(context.repository(), "referee/00001234/referrers/empty-list");
  EXPECT_EQ(context.other_repository(), "referee/00001234/referrers/empty-list-other");
  EXPECT_EQ(context.tag("latest"), "latest");
  for (const char* id : {"s/a.b", "s/a--b", "s/-a-/.b", "s/..", "s/a./-/b"}) {
    Context odd(named(id));
    EXPECT_TRUE(is_repository(odd.repository())) << odd.repository();
    EXPECT_TRUE(is_repository(odd.other_repository())) << odd.other_repository();
    EXPECT_TRUE(is_repository(odd.absent_repository())) << odd.absent_repository();
  }
  const Context extreme(named("s/" + std::string(300, 'a')));
  EXPECT_TRUE(is_repository(extreme.repository()));
  EXPECT_LT(extreme.repository().size(), 120U);
}

TEST(Context, ContentDependsOnSeedCheckAndSuffixAlone) {
  Context one(named("s/a"));
  Context same(named("s/a"));
  Context other(named("s/b"));
  auto second = named("s/a");
  second.suffix = "-w2";
  Context again(second);
  EXPECT_EQ(one.random().hex(16), same.random().hex(16));
  EXPECT_NE(one.random().hex(16), other.random().hex(16));
  EXPECT_NE(same.random().hex(16), again.random().hex(16));
  EXPECT_NE(one.repository(), again.repository());
}

TEST(Context, FixedRepositoriesTellChecksApartByTags) {
  auto fixed = named("s/a");
  fixed.fixed_repositories = {"vendor/one", "vendor/two"};
  const Context context(fixed);
  EXPECT_EQ(context.repository(), "vendor/one");
  EXPECT_EQ(context.other_repository(), "vendor/two");
  EXPECT_THAT(context.tag("latest"), MatchesRegex("[0-9a-f]{8}-latest"));
  EXPECT_TRUE(is_repository(context.absent_repository()));
  EXPECT_THAT(context.absent_repository(), StartsWith("vendor/one-absent-"));
  auto elsewhere = fixed;
  elsewhere.check_id = "s/b";
  EXPECT_NE(Context(elsewhere).tag("latest"), context.tag("latest"));
  fixed.fixed_repositories = {"vendor/one"};
  EXPECT_EQ(Context(fixed).other_repository(), "vendor/one");
}

TEST(Context, HasFollowsTheFindings) {
  const distribution::Capabilities capabilities{{distribution::Capability::kSha512, {false, "400", {}}}};
  auto some = named("s/a");
  some.capabilities = &capabilities;
  const Context context(some);
  EXPECT_FALSE(context.has(distribution::Capability::kSha512));
  EXPECT_TRUE(context.has(distribution::Capability::kTagList));
}

TEST(Context, AbsentDigestsDiffer) {
  Context context(named("s/a"));
  EXPECT_NE(context.absent_digest(), context.absent_digest());
  EXPECT_EQ(context.absent_digest(oci::Algorithm::kSha512).encoded().size(), 128U);
}

}  // namespace
}  // namespace referee::conformance
