#include "referee/reports/rubric.hpp"

#include <gmock/gmock.h>

#include "referee/conformance/story.hpp"
#include "referee/proposals/proposal.hpp"
#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

using conformance::CheckResult;
using conformance::Verdict;

const proposals::Variant& variant(std::string_view id) {
  return *proposals::find_variant(id);
}

CheckResult cell(std::string_view story, std::string_view id, std::string measured, std::string why) {
  CheckResult made;
  made.raw.id = conformance::check_id(story, variant(id));
  made.verdict = Verdict::kObserved;
  made.raw.observations = {{"measured", std::move(measured)}, {"work", "client"}, {"why", std::move(why)}};
  return made;
}

/// Two stories of three variants: as claimed, not as claimed, unsupported, without a claim, and one that came to
/// nothing.
reports::Rubric sample_rubric() {
  const Sample sample;
  auto run = sample.copy();
  run.checks = {cell("F.2", "A", "Y", "100 of 100"), cell("F.2", "D/index", "P", kHostile),
                cell("F.2", "cosign/tag", "Y", ""), cell("C.8", "A", "unsupported", "GET answered 404"),
                cell("C.8", "D/index", "N", "attachments are lost")};
  run.checks[1].raw.observations.push_back({"requests", "1"});
  run.checks[4].raw.observations.push_back({"varies: lost, 2 writers", "3 of 10"});
  CheckResult broken = cell("C.8", "cosign/tag", "Y", "");
  broken.raw.observations.clear();
  broken.raw.outcome = conformance::Outcome::kInconclusive;
  broken.reason = "no answer within 10 s";
  run.checks.push_back(broken);
  return reports::rubric_of(run, sample.book(), reports::Claims::builtin(), false);
}

TEST(Rubric, CellsSayWhatWasClaimedAndMeasured) {
  const auto rubric = sample_rubric();
  EXPECT_THAT(rubric.stories, testing::ElementsAre("F.2", "C.8"));
  EXPECT_THAT(rubric.variants, testing::ElementsAre("A", "D/index", "cosign/tag"));
  const auto* lost = rubric.find("C.8", "D/index");
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(lost->claimed_last, "N");
  EXPECT_FALSE(lost->contradicts());
  EXPECT_EQ(lost->numbers.front().key, "lost, 2 writers");
  EXPECT_TRUE(rubric.find("F.2", "D/index")->contradicts());
  EXPECT_EQ(rubric.find("F.2", "cosign/tag")->claimed_last, "");
  EXPECT_FALSE(rubric.find("F.2", "cosign/tag")->contradicts());
  EXPECT_FALSE(rubric.find("C.8", "A")->contradicts()) << "what is unsupported contradicts nothing";
  EXPECT_EQ(rubric.find("C.8", "cosign/tag")->measured, "inconclusive");
  EXPECT_EQ(rubric.find("C.8", "cosign/tag")->why, "no answer within 10 s");
}

TEST(Rubric, EveryClaimIsOneOfTheLettersAndEveryVariantButDeployedPracticeHasThem) {
  const auto& claims = reports::Claims::builtin();
  EXPECT_EQ(claims.stories().size(), 26);
  for (const auto& story : claims.stories()) {
    for (const auto& one : proposals::variants()) {
      const auto* claim = claims.find(story, one.id, one.proposal);
      if (one.id == "cosign/tag") {
        EXPECT_EQ(claim, nullptr);
        continue;
      }
      ASSERT_NE(claim, nullptr) << story << " " << one.id;
      EXPECT_THAT((std::vector<std::string>{claim->first, claim->last}),
                  testing::Each(testing::AnyOf("Y", "P", "N", "T")));
    }
  }
  EXPECT_TRUE(claims.derived("A"));
  EXPECT_FALSE(claims.derived("E"));
}

TEST(Rubric, ADamagedFileOfClaimsIsNamed) {
  for (const auto* text : {"", "{}", R"({"derived": [], "stories": [{"id": 1}]})"}) {
    const auto claims = reports::Claims::parse(text);
    ASSERT_FALSE(claims) << text;
    EXPECT_THAT(claims.error(), testing::HasSubstr("fixtures/rubric.json"));
  }
}

TEST(Golden, RubricJson) {
  expect_golden("rubric.json", reports::rubric_json(sample_rubric()) + "\n");
}

TEST(Golden, RubricMarkdown) {
  expect_golden("rubric.md", replaced(reports::rubric_markdown(sample_rubric()), kSampleVersion, "@VERSION@"));
}

TEST(Golden, RubricText) {
  expect_golden("rubric.txt", reports::rubric_text(sample_rubric(), 100));
}

TEST(Golden, RubricHtml) {
  auto page = replaced(reports::rubric_html(sample_rubric()), kSampleVersion, "@VERSION@");
  expect_golden("rubric.html", without_sources(std::move(page)));
}

TEST(Rubric, MarkupFromATargetStaysText) {
  const auto page = reports::rubric_html(sample_rubric());
  EXPECT_EQ(page.find("<script>window"), std::string::npos);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(reports::rubric_markdown(sample_rubric()).find("<script"), std::string::npos);
}

}  // namespace
}  // namespace referee::selftest
