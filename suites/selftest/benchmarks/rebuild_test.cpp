// Builds that sign everything again: what piles up, and where it ends.
#include "benchmarks/scenario_run.hpp"

namespace referee::suites::benchmarks {
namespace {

using testing::HasSubstr;

bench::Result rebuilt(Grounds& grounds, const std::vector<std::string>& variants, std::size_t builds = 4) {
  const RebuildSizes sizes{3, builds};
  return taken(run_rebuild(grounds, quick(variants), std::span(&sizes, 1)));
}

TEST(RebuildScenario, CountsTagsAndSignaturesOfEveryVariant) {
  auto grounds = fresh_grounds();
  const auto result = rebuilt(grounds, {});
  EXPECT_EQ(result.incomplete, "");
  // Tags beside those of the three images: for each signature, or for each digest that was signed.
  const std::vector<std::pair<std::string, double>> tags{{"A", 0},
                                                         {"B", 0},
                                                         {"C", 0},
                                                         {"D/index", 0},
                                                         {"D/digest-tag", 12},
                                                         {"E/api", 0},
                                                         {"D/wrap", 6},
                                                         {"E/tag", 6},
                                                         {"F/reference-index", 6},
                                                         {"F/enhanced", 0},
                                                         {"oci-1.1/api", 0},
                                                         {"oci-1.1/fallback", 6},
                                                         {"cosign/tag", 6}};
  for (const auto& [variant, count] : tags) {
    EXPECT_EQ(value_of(result, "rebuild/" + variant + "/images:3/builds:4/tags"), 3 + count) << variant;
    EXPECT_EQ(cell(result, {variant, "4"}, "signatures"), "4") << variant;
    EXPECT_EQ(cell(result, {variant, "4"}, "limit"), "none met") << variant;
  }
  EXPECT_EQ(cell(result, {"D/index inlined", "4"}, "all: requests"), "0");
  EXPECT_EQ(cell(result, {"F/reference-index inlined", "4"}, "all: requests"), "1");
  EXPECT_EQ(cell(result, {"D/index", "4"}, "all: requests"), "8");
  EXPECT_EQ(cell(result, {"D/digest-tag", "4"}, "newest: requests"), "6");
  EXPECT_EQ(cell(result, {"oci-1.1/api", "4"}, "superseded"), "0");
  EXPECT_NE(cell(result, {"oci-1.1/fallback", "4"}, "superseded"), "0");
}

TEST(RebuildScenario, NamesTheBuildThatMeetsALimit) {
  registry::ServerOptions options;
  options.profile = "oci-1.0";
  // Room for two entries beside the envelope, and not for three.
  options.manifest_limit = 1300;
  const auto server = registry::Server::start(options);
  ASSERT_TRUE(server) << server.error();
  GroundsOptions ground;
  ground.url = (*server)->url();
  Grounds grounds(ground);
  const auto result = rebuilt(grounds, {"oci-1.1/fallback", "D/digest-tag"}, 5);
  const auto limit = cell(result, {"oci-1.1/fallback"}, "limit");
  EXPECT_THAT(limit, testing::StartsWith("build 3: "));
  EXPECT_THAT(limit, testing::EndsWith("the list stays as it was, with 2 attachments"));
  EXPECT_THAT(findings(result), HasSubstr("oci-1.1/fallback met a limit with 3 images, build 3: "));
  EXPECT_EQ(cell(result, {"D/digest-tag", "5"}, "limit"), "none met");
}

TEST(RebuildScenario, DoesNotCountWhatIsNotRight) {
  auto grounds = fresh_grounds({"r.blob.corrupt-get"});
  const RebuildSizes sizes{2, 2};
  const auto result = run_rebuild(grounds, quick({"oci-1.1/api"}), std::span(&sizes, 1));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error(), HasSubstr("oci-1.1/api: after 1 builds, policy one: 0 of 1 signatures verified"));
}

}  // namespace
}  // namespace referee::suites::benchmarks
