#include "referee/conformance/catalogue.hpp"

#include <gmock/gmock.h>

#include "sample.hpp"

namespace referee::conformance {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problems(std::vector<Check> checks) {
  Catalogue catalogue;
  for (auto& check : checks) catalogue.add(std::move(check));
  return catalogue.problems(sample::ledger(), {"r.known"});
}

TEST(Catalogue, TheSampleIsSound) {
  EXPECT_THAT(sample::catalogue().problems(sample::ledger(), {}), IsEmpty());
}

TEST(Catalogue, NamesEveryMistake) {
  EXPECT_THAT(problems({sample::check("s/a", "t.must"), sample::check("s/a", "t.must")}),
              ElementsAre(AllOf(HasSubstr("s/a"), HasSubstr("twice"))));
  EXPECT_THAT(problems({sample::check("s/a", "t.none")}), ElementsAre(HasSubstr("unknown requirement `t.none`")));
  EXPECT_THAT(problems({sample::check("s/a", "T.must")}), ElementsAre(HasSubstr("`T.must`, another name of `t.must`")));
  EXPECT_THAT(problems({sample::check("s/a", "t.must", {"s/b"})}), ElementsAre(HasSubstr("unknown check `s/b`")));
  EXPECT_THAT(problems({sample::check("no-suite", "t.must")}), ElementsAre(HasSubstr("an id is")));
  auto check = sample::check("s/a", "t.must");
  check.kills = {"r.known", "r.unknown"};
  EXPECT_THAT(problems({check}), ElementsAre(HasSubstr("unknown fault `r.unknown`")));
  check = sample::check("s/a", "t.must");
  check.body = nullptr;
  EXPECT_THAT(problems({check}), ElementsAre(HasSubstr("no body")));
  check = sample::check("s/a", "t.must");
  check.requirements.clear();
  check.title.clear();
  EXPECT_THAT(problems({check}), ElementsAre(HasSubstr("no title"), HasSubstr("cites no requirement")));
}

TEST(Catalogue, KnowsTheProfilesOnWhichItsChecksHold) {
  auto check = sample::check("s/a", "t.must");
  EXPECT_TRUE(check.holds_on("oci-1.1")) << "where none is named";
  check.profiles = {"e", "a"};
  EXPECT_TRUE(check.holds_on("e"));
  EXPECT_FALSE(check.holds_on("oci-1.1"));
  Catalogue catalogue;
  catalogue.add(check);
  catalogue.add(sample::check("s/b", "t.must"));
  EXPECT_THAT(catalogue.profiles({"s/a", "s/b"}), ElementsAre("oci-1.1", "a", "e"));
  EXPECT_THAT(catalogue.profiles({"s/b"}), ElementsAre("oci-1.1"));
  check.profiles = {"no-such"};
  EXPECT_THAT(problems({check}), ElementsAre(HasSubstr("unknown profile `no-such`")));
}

TEST(Catalogue, FindsCycles) {
  EXPECT_THAT(problems({sample::check("s/a", "t.must", {"s/b"}), sample::check("s/b", "t.must", {"s/a"})}),
              AllOf(Contains(AllOf(HasSubstr("s/a"), HasSubstr("its own prerequisite"))),
                    Contains(AllOf(HasSubstr("s/b"), HasSubstr("its own prerequisite")))));
}

TEST(Catalogue, APrerequisiteIsAMustWhereverItsDependentIsAskedFor) {
  EXPECT_THAT(problems({sample::check("s/a", "t.should"), sample::check("s/b", "t.must", {"s/a"})}),
              Contains(HasSubstr("`s/a` is no MUST under 1.1")));
  EXPECT_THAT(problems({sample::check("s/a", "t.main"), sample::check("s/b", "t.must", {"s/a"})}),
              Contains(HasSubstr("`s/a` is no MUST under 1.0")));
  EXPECT_THAT(problems({sample::check("s/a", "t.main"), sample::check("s/b", "t.main", {"s/a"})}), IsEmpty());
  EXPECT_THAT(problems({sample::check("s/a", "t.impl"), sample::check("s/b", "t.should", {"s/a"})}), IsEmpty());
}

TEST(Catalogue, PutsPrerequisitesFirst) {
  const Catalogue catalogue = sample::catalogue();
  EXPECT_THAT(catalogue.with_prerequisites({"chain/leaf", "chain/other-leaf"}),
              ElementsAre("chain/root", "chain/middle", "chain/leaf", "chain/other-leaf"));
  EXPECT_THAT(catalogue.with_prerequisites({"no/such"}), IsEmpty());
}

TEST(Catalogue, TheFirstRequirementGivesTheLevel) {
  const Catalogue catalogue = sample::catalogue();
  const Ledger ledger = sample::ledger();
  EXPECT_EQ(catalogue.level(*catalogue.find("ends/warns"), ledger, Spec::kV1_1), Level::kShould);
  EXPECT_EQ(catalogue.level(*catalogue.find("ends/new"), ledger, Spec::kV1_1), std::nullopt);
  EXPECT_EQ(catalogue.level(*catalogue.find("ends/new"), ledger, Spec::kMain), Level::kMust);
}

}  // namespace
}  // namespace referee::conformance
