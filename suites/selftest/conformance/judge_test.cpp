#include <gmock/gmock.h>

#include <algorithm>

#include "referee/conformance/runner.hpp"
#include "sample.hpp"

namespace referee::conformance {
namespace {

using distribution::Capability;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Property;

RawResult raw(std::string id, Outcome outcome = Outcome::kHeld, std::string reason = "") {
  RawResult result;
  result.id = std::move(id);
  result.outcome = outcome;
  result.reason = std::move(reason);
  return result;
}

/// `s/a <- s/b <- s/c`, `s/a <- s/d`, and `s/e` alone, all MUST.
Catalogue chain() {
  Catalogue catalogue;
  catalogue.add(sample::check("s/c", "t.must", {"s/b"}));
  catalogue.add(sample::check("s/b", "t.must", {"s/a"}));
  catalogue.add(sample::check("s/a", "t.must"));
  catalogue.add(sample::check("s/d", "t.must", {"s/a"}));
  catalogue.add(sample::check("s/e", "t.must"));
  return catalogue;
}

std::vector<CheckResult> judge_all(const Catalogue& catalogue, const std::vector<RawResult>& results,
                                   const distribution::Capabilities& capabilities = {}, Spec spec = Spec::kV1_1) {
  return judge_run(catalogue, sample::ledger(), spec, capabilities, sample::ids(catalogue), results);
}

const CheckResult& of(const std::vector<CheckResult>& results, const std::string& id) {
  const auto found = std::ranges::find_if(results, [&](const CheckResult& result) { return result.raw.id == id; });
  if (found == results.end()) throw std::out_of_range(id);
  return *found;
}

std::vector<std::string> ids_with(const std::vector<CheckResult>& results, Verdict verdict) {
  std::vector<std::string> ids;
  for (const auto& result : results) {
    if (result.verdict == verdict) ids.push_back(result.raw.id);
  }
  return ids;
}

TEST(Judge, KeepsTheOrderOfTheCatalogue) {
  const auto results = judge_all(chain(), {raw("s/e"), raw("s/a"), raw("s/b"), raw("s/c"), raw("s/d")});
  std::vector<std::string> order;
  for (const auto& result : results) order.push_back(result.raw.id);
  EXPECT_THAT(order, ElementsAre("s/c", "s/b", "s/a", "s/d", "s/e"));
  EXPECT_EQ(ids_with(results, Verdict::kPass).size(), 5U);
}

TEST(Judge, ARootCauseCountsOnce) {
  for (const auto outcome : {Outcome::kBroken, Outcome::kInconclusive, Outcome::kError}) {
    const auto results = judge_all(chain(), {raw("s/a", outcome), raw("s/e")});
    EXPECT_THAT(ids_with(results, Verdict::kBlocked), ElementsAre("s/c", "s/b", "s/d"));
    for (const char* id : {"s/b", "s/c", "s/d"}) EXPECT_EQ(of(results, id).blocked_by, "s/a");
    EXPECT_EQ(of(results, "s/e").verdict, Verdict::kPass);
  }
}

TEST(Judge, WhatADependentDidWithoutItsPrerequisiteDoesNotCount) {
  const auto results = judge_all(chain(), {raw("s/a", Outcome::kBroken), raw("s/b", Outcome::kBroken), raw("s/d")});
  EXPECT_EQ(of(results, "s/b").verdict, Verdict::kBlocked);
  EXPECT_EQ(of(results, "s/b").raw.outcome, Outcome::kHeld);
  EXPECT_EQ(of(results, "s/d").verdict, Verdict::kBlocked);
}

TEST(Judge, TheWorseOfTwoRunsStands) {
  for (const bool broken_first : {false, true}) {
    std::vector<RawResult> results{raw("s/a", broken_first ? Outcome::kBroken : Outcome::kHeld),
                                   raw("s/a", broken_first ? Outcome::kHeld : Outcome::kBroken)};
    EXPECT_EQ(of(judge_all(chain(), results), "s/a").verdict, Verdict::kFail);
  }
}

TEST(Judge, WhatDidNotRunYetHasNoVerdict) {
  EXPECT_THAT(judge_all(chain(), {}), IsEmpty());
  const auto results = judge_all(chain(), {raw("s/a"), raw("s/c")});
  ASSERT_EQ(results.size(), 1U) << "s/c waits for s/b";
  EXPECT_EQ(results[0].raw.id, "s/a");
}

TEST(Judge, PrerequisitesOfTheSelectedAreReported) {
  const Catalogue catalogue = chain();
  const auto results = judge_run(catalogue, sample::ledger(), Spec::kV1_1, {}, {"s/b"}, {raw("s/a", Outcome::kBroken)});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[1].verdict, Verdict::kFail);
}

TEST(Judge, AnAbsentCapabilityMakesACheckAndItsDependentsUnsupported) {
  Catalogue catalogue;
  auto first = sample::check("s/a", "t.must");
  first.needs = {Capability::kReferrers};
  catalogue.add(first);
  catalogue.add(sample::check("s/b", "t.must", {"s/a"}));
  auto both = sample::check("s/c", "t.must", {"s/bad", "s/a"});
  catalogue.add(both);
  catalogue.add(sample::check("s/bad", "t.must"));
  const distribution::Capabilities capabilities{{Capability::kReferrers, {false, "GET answered 404", {}}}};
  const auto results = judge_all(catalogue, {raw("s/bad", Outcome::kBroken)}, capabilities);
  EXPECT_EQ(of(results, "s/a").verdict, Verdict::kUnsupported);
  EXPECT_EQ(of(results, "s/a").reason, "no referrers: GET answered 404");
  EXPECT_EQ(of(results, "s/b").verdict, Verdict::kUnsupported);
  EXPECT_EQ(of(results, "s/b").reason, "no referrers: GET answered 404");
  EXPECT_EQ(of(results, "s/b").blocked_by, "");
  EXPECT_EQ(of(results, "s/c").verdict, Verdict::kBlocked) << "a failure is the stronger reason";
  EXPECT_EQ(of(results, "s/c").blocked_by, "s/bad");
}

TEST(Judge, ACapabilityThatAnsweredWronglyIsStillPresent) {
  Catalogue catalogue;
  auto check = sample::check("s/a", "t.must");
  check.needs = {Capability::kReferrers};
  catalogue.add(check);
  const distribution::Capabilities capabilities{{Capability::kReferrers, {true, "GET answered 500", {}}}};
  EXPECT_EQ(of(judge_all(catalogue, {raw("s/a", Outcome::kBroken)}, capabilities), "s/a").verdict, Verdict::kFail);
}

TEST(Judge, WhatOnlyMainAsksForIsObservedUnderOlderVersions) {
  Catalogue catalogue;
  catalogue.add(sample::check("s/new", "t.main"));
  catalogue.add(sample::check("s/on-new", "t.main", {"s/new"}));
  auto results = judge_all(catalogue, {raw("s/new"), raw("s/on-new", Outcome::kBroken)});
  EXPECT_EQ(of(results, "s/new").verdict, Verdict::kObserved);
  EXPECT_EQ(of(results, "s/new").level, std::nullopt);
  EXPECT_EQ(of(results, "s/new").reason, "from main: held");
  EXPECT_EQ(of(results, "s/on-new").verdict, Verdict::kObserved);
  EXPECT_EQ(of(results, "s/on-new").reason, "from main: did not hold");

  results = judge_all(catalogue, {raw("s/new", Outcome::kInconclusive, "timed out")});
  EXPECT_EQ(of(results, "s/new").reason, "from main: not decided: timed out");
  EXPECT_EQ(of(results, "s/on-new").verdict, Verdict::kObserved) << "nothing failed, so nothing is blocked";
  EXPECT_EQ(of(results, "s/on-new").blocked_by, "s/new");

  results = judge_all(catalogue, {raw("s/new", Outcome::kBroken)}, {}, Spec::kMain);
  EXPECT_EQ(of(results, "s/new").verdict, Verdict::kFail);
  EXPECT_EQ(of(results, "s/on-new").verdict, Verdict::kBlocked);
}

TEST(Judge, ASubTreeThatAVersionDroppedIsNamedByTheVersionThatHasIt) {
  Catalogue catalogue;
  catalogue.add(sample::check("s/should", "t.should"));
  const auto results = judge_all(catalogue, {raw("s/should")}, {}, Spec::kV1_0);
  EXPECT_EQ(of(results, "s/should").reason, "from 1.1: held");
}

}  // namespace
}  // namespace referee::conformance
