// What those who pull ask: is it signed, may it run, is it still the same?
#include "benchmarks/scenario_run.hpp"

namespace referee::suites::benchmarks {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(SignedFractionScenario, RequestsAreTheFormulas) {
  auto grounds = fresh_grounds();
  const auto result = taken(run_signed_fraction(grounds, quick({}), {4, {0, 0.5, 1}}));
  EXPECT_EQ(result.incomplete, "");
  EXPECT_THAT(findings(result), HasSubstr("by the formulas in all 39 rows."));
  EXPECT_THAT(findings(result), HasSubstr("costs no request with: D/index, F/enhanced."));
  EXPECT_EQ(value_of(result, "signed-fraction/D/index/s:0/requests"), 4);
  EXPECT_EQ(value_of(result, "signed-fraction/D/index/s:1/requests"), 6);
  EXPECT_EQ(value_of(result, "signed-fraction/oci-1.1/api/s:0/requests"), 5);
  EXPECT_EQ(value_of(result, "signed-fraction/oci-1.1/api/s:0.5/requests"), 6);
  EXPECT_EQ(value_of(result, "signed-fraction/B/s:1/requests"), 7);
}

TEST(SignedFractionScenario, DoesNotCountPullsThatAreNotRight) {
  auto grounds = fresh_grounds({"r.blob.corrupt-get"});
  const auto result = run_signed_fraction(grounds, quick({"oci-1.1/api"}), {2, {1}});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error(), HasSubstr("100 % signed, image 0 (signed): "));
}

TEST(StabilityScenario, CountsDigestsThatChangeAndBytesToMirror) {
  auto grounds = fresh_grounds();
  const auto result = taken(run_stability(grounds, quick({}), 4));
  EXPECT_EQ(result.incomplete, "");
  for (const std::string still : {"A", "B", "C", "D/digest-tag", "E/api", "E/tag", "F/reference-index", "oci-1.1/api",
                                  "oci-1.1/fallback", "cosign/tag"}) {
    EXPECT_EQ(value_of(result, "stability/" + still + "/digests-changed"), 0) << still;
    EXPECT_EQ(cell(result, {still}, "signatures from it"), "4") << still;
    EXPECT_EQ(cell(result, {still}, "own digest resolves"), "yes, yes") << still;
  }
  for (const std::string moved : {"D/index", "D/wrap", "F/enhanced"}) {
    for (const std::string builder : {", appended", ", pushed again"}) {
      EXPECT_EQ(value_of(result, "stability/" + moved + builder + "/digests-changed"), 3) << moved + builder;
      EXPECT_EQ(value_of(result, "stability/" + moved + builder + "/image-bytes"), 0) << moved + builder;
      EXPECT_EQ(cell(result, {moved + builder}, "the tag's first digest resolves"), "yes, no") << moved + builder;
    }
    EXPECT_EQ(cell(result, {moved + ", pushed again"}, "nights with nothing signed for a time"), "3");
  }
  EXPECT_EQ(cell(result, {"D/index, appended"}, "own digest resolves"), "yes, no");
  EXPECT_EQ(cell(result, {"D/wrap, appended"}, "own digest resolves"), "yes, yes");
  EXPECT_EQ(cell(result, {"D/index, appended"}, "signatures from it"), "0");
  EXPECT_EQ(cell(result, {"D/wrap, appended"}, "signatures from it"), "4");
}

TEST(StabilityScenario, NamesTheDayOnWhichSomethingIsNotRight) {
  auto grounds = fresh_grounds({"r.blob.corrupt-get"});
  const auto result = run_stability(grounds, quick({"oci-1.1/api"}), 2);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error(), HasSubstr("oci-1.1/api: day 1: "));
}

TEST(AdmissionScenario, AsksUnderEachPolicy) {
  auto grounds = fresh_grounds();
  const auto result = taken(run_admission(grounds, quick({}), {{0, 1, 5}, 2}));
  EXPECT_EQ(result.incomplete, "");
  for (const auto& contender : contenders(quick({}), true)) {
    EXPECT_EQ(cell(result, {contender.name, "5", "all"}, "decision"), "allowed") << contender.name;
    EXPECT_EQ(cell(result, {contender.name, "5", "none"}, "decision"), "denied") << contender.name;
    EXPECT_EQ(cell(result, {contender.name, "0", "one"}, "decision"), "denied") << contender.name;
  }
  // The tag, and what the formulas say.
  EXPECT_EQ(cell(result, {"oci-1.1/api", "5", "all"}, "requests"), "12");
  EXPECT_EQ(cell(result, {"oci-1.1/api", "5", "one"}, "requests"), "4");
  EXPECT_EQ(cell(result, {"oci-1.1/api", "5", "none"}, "requests"), "2");
  EXPECT_EQ(cell(result, {"D/index inlined", "5", "all"}, "requests"), "1");
  // A tag has no room for annotations: all manifests are read to know which one is meant.
  EXPECT_EQ(cell(result, {"D/digest-tag", "5", "one"}, "requests"), "8");
  EXPECT_EQ(cell(result, {"D/digest-tag", "5", "none"}, "requests"), "7");
}

TEST(AdmissionScenario, PaysForWhatAListDoesNotSay) {
  auto grounds = fresh_grounds({"r.ref.no-annotations"});
  const auto result = taken(run_admission(grounds, quick({"oci-1.1/api"}), {{2}, 1}));
  EXPECT_EQ(result.incomplete, "");
  // Both manifests are read to know which of them is meant; of that one the payload is left.
  EXPECT_EQ(cell(result, {"oci-1.1/api", "2", "one"}, "requests"), "5");
}

TEST(AdmissionScenario, LeavesOutWhatWasNotRight) {
  auto grounds = fresh_grounds({"r.blob.corrupt-get"});
  const auto result = taken(run_admission(grounds, quick({"oci-1.1/api"}), {{2}, 1}));
  EXPECT_FALSE(has_samples(result, "admission/oci-1.1/api/n:2/policy:all"));
  // Who asks for nothing that is there fetches nothing that is wrong.
  EXPECT_TRUE(has_samples(result, "admission/oci-1.1/api/n:2/policy:none"));
  EXPECT_THAT(cell(result, {"oci-1.1/api", "2", "all"}, "decision"), HasSubstr("not right: 0 of 2 signatures"));
  EXPECT_THAT(result.incomplete, HasSubstr("oci-1.1/api, 2 attachments, policy all: 0 of 2 signatures verified"));
}

TEST(Scenarios, SayWhatATargetLacks) {
  registry::ServerOptions options;
  options.profile = "oci-1.0";
  const auto server = registry::Server::start(options);
  ASSERT_TRUE(server) << server.error();
  GroundsOptions ground;
  ground.url = (*server)->url();
  Grounds grounds(ground);
  const auto result = taken(run_admission(grounds, quick({"A", "oci-1.1/fallback"}), {{1}, 1}));
  EXPECT_EQ(result.incomplete, "");
  EXPECT_THAT(cell(result, {"A"}, "why"), HasSubstr("unsupported: GET "));
  EXPECT_TRUE(has_samples(result, "admission/oci-1.1/fallback/n:1"));
  EXPECT_FALSE(has_samples(result, "admission/A/"));
}

TEST(Scenarios, EndWhenTheyAreInterruptedWithWhatTheyHave) {
  auto grounds = fresh_grounds();
  auto options = quick({"A", "oci-1.1/fallback"});
  bool stop = false;
  options.interrupted = [&] { return stop; };
  options.progress = [&](std::string_view line) { stop = line.ends_with("fallback"); };
  const auto result = taken(run_admission(grounds, options, {{0, 1}, 1}));
  EXPECT_EQ(result.incomplete, "interrupted");
  EXPECT_TRUE(has_samples(result, "admission/A/n:1"));
  EXPECT_THAT(findings(result), Not(HasSubstr("fallback")));
}

}  // namespace
}  // namespace referee::suites::benchmarks
