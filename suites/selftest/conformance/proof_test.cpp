#include "proof.hpp"

#include <gmock/gmock.h>

#include "sample.hpp"

namespace referee::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CheckResult result(Verdict verdict, Outcome outcome = Outcome::kHeld, std::vector<Observation> observations = {}) {
  CheckResult made;
  made.verdict = verdict;
  made.raw.outcome = outcome;
  made.raw.observations = std::move(observations);
  return made;
}

TEST(Catches, OnlyAFailureOfItsOwnCounts) {
  const auto clean = result(Verdict::kPass);
  EXPECT_TRUE(catches(clean, result(Verdict::kFail, Outcome::kBroken)));
  EXPECT_TRUE(catches(clean, result(Verdict::kWarn, Outcome::kBroken)));
  for (const auto verdict : {Verdict::kPass, Verdict::kObserved, Verdict::kUnsupported, Verdict::kBlocked,
                             Verdict::kInconclusive, Verdict::kError}) {
    EXPECT_FALSE(catches(clean, result(verdict))) << name(verdict);
  }
  EXPECT_FALSE(catches(result(Verdict::kFail, Outcome::kBroken), result(Verdict::kFail, Outcome::kBroken)));
  EXPECT_FALSE(catches(result(Verdict::kUnsupported), result(Verdict::kFail, Outcome::kBroken)));
}

TEST(Catches, AnObservationThatChanged) {
  const auto clean = result(Verdict::kObserved, Outcome::kHeld, {{"status", "202"}});
  EXPECT_TRUE(catches(clean, result(Verdict::kObserved, Outcome::kHeld, {{"status", "404"}})));
  EXPECT_FALSE(catches(clean, clean));
  EXPECT_FALSE(catches(clean, result(Verdict::kObserved, Outcome::kInconclusive))) << "nothing was observed";
  auto blocked = result(Verdict::kObserved);
  blocked.blocked_by = "s/root";
  EXPECT_FALSE(catches(clean, blocked));
}

struct Sample {
  Catalogue catalogue;
  std::vector<std::string> ids{"s/a", "s/b", "s/new"};
  Sample() {
    auto a = sample::check("s/a", "t.must");
    a.kills = {"r.one"};
    auto b = sample::check("s/b", "t.must");
    b.kills = {"r.one"};
    catalogue.add(a);
    catalogue.add(b);
    catalogue.add(sample::check("s/new", "t.main"));
  }
  [[nodiscard]] Execution execution(Outcome a, Outcome b, Outcome fresh) const {
    Run run;
    for (const auto& [id, outcome] : {std::pair{"s/a", a}, {"s/b", b}, {"s/new", fresh}}) {
      CheckResult one;
      one.raw.id = id;
      one.raw.outcome = outcome;
      run.checks.push_back(one);
    }
    return judge_execution(catalogue, sample::ledger(), ids, run);
  }
};

TEST(Proof, TellsCaughtMissedAndExtra) {
  const Sample sample;
  const auto clean = sample.execution(Outcome::kHeld, Outcome::kHeld, Outcome::kHeld);
  EXPECT_THAT(clean_failures(clean), IsEmpty());
  const auto row = judge_fault(sample.catalogue, sample.ids, "r.one", clean,
                               sample.execution(Outcome::kBroken, Outcome::kInconclusive, Outcome::kBroken));
  EXPECT_THAT(row.caught_by, ElementsAre("s/a"));
  EXPECT_THAT(row.missed_by, ElementsAre("s/b"));
  EXPECT_THAT(row.extra, ElementsAre("s/new")) << "only main asks for it, and that is enough";
}

TEST(Proof, AVariantMayFailNothing) {
  const Sample sample;
  const auto clean = sample.execution(Outcome::kHeld, Outcome::kHeld, Outcome::kHeld);
  EXPECT_THAT(judge_variant(sample.ids, "v.x", clean, clean).failed, IsEmpty());
  EXPECT_THAT(judge_variant(sample.ids, "v.x", clean,
                            sample.execution(Outcome::kHeld, Outcome::kInconclusive, Outcome::kBroken))
                  .failed,
              ElementsAre("s/b", "s/new"));
  Execution dead;
  dead.trouble = "refused";
  EXPECT_THAT(judge_variant(sample.ids, "v.x", clean, dead).failed, ElementsAre("refused"));
}

TEST(Proof, ACleanRegistryThatFailsIsNamed) {
  const Sample sample;
  EXPECT_THAT(clean_failures(sample.execution(Outcome::kHeld, Outcome::kBroken, Outcome::kInconclusive)),
              ElementsAre("s/b", "s/new"));
}

TEST(Proof, HoldsOnlyIfEverythingHolds) {
  Proof proof;
  proof.faults = {{"r.one", {"s/a"}, {}, {}}, {"r.two", {}, {}, {"s/b"}}};
  proof.variants = {{"v.x", {}}};
  EXPECT_TRUE(proof.holds());
  for (int flaw = 0; flaw < 5; ++flaw) {
    Proof flawed = proof;
    if (flaw == 0) flawed.reference_failures = {"s/a"};
    if (flaw == 1) flawed.faults.push_back({"r.three", {}, {}, {}});
    if (flaw == 2) flawed.faults[0].missed_by = {"s/b"};
    if (flaw == 3) flawed.variants[0].failed = {"s/a"};
    if (flaw == 4) flawed.idle_checks = {"s/a"};
    EXPECT_FALSE(flawed.holds()) << flaw;
  }
}

}  // namespace
}  // namespace referee::conformance
