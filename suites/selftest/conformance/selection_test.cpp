#include <gmock/gmock.h>

#include "pattern.hpp"
#include "sample.hpp"

namespace referee::conformance {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Catalogue small() {
  Catalogue catalogue;
  auto first = sample::check("one/referrers/list", "t.must");
  first.tags = {"referrers", "quick"};
  auto second = sample::check("one/referrers/empty-list", "t.should");
  second.tags = {"referrers"};
  catalogue.add(first);
  catalogue.add(second);
  catalogue.add(sample::check("one/tags/order", "t.may"));
  catalogue.add(sample::check("two/tags/order", "t.main"));
  return catalogue;
}

tl::expected<std::vector<std::string>, std::string> select(const Selection& selection, Spec spec = Spec::kV1_1) {
  return small().select(selection, sample::ledger(), spec);
}

TEST(Selection, TakesIdsGlobsAndTags) {
  EXPECT_EQ(select({}).value().size(), 4U);
  EXPECT_THAT(select({{"one/tags/order"}, {}, {}}).value(), ElementsAre("one/tags/order"));
  EXPECT_THAT(select({{"*tags*"}, {}, {}}).value(), ElementsAre("one/tags/order", "two/tags/order"));
  EXPECT_THAT(select({{"?wo/tags/order"}, {}, {}}).value(), ElementsAre("two/tags/order"));
  EXPECT_THAT(select({{"@quick"}, {}, {}}).value(), ElementsAre("one/referrers/list"));
}

TEST(Selection, ABangTakesAway) {
  EXPECT_THAT(select({{"one/*", "!@referrers"}, {}, {}}).value(), ElementsAre("one/tags/order"));
  EXPECT_THAT(select({{"!one/*"}, {}, {}}).value(), ElementsAre("two/tags/order"));
  EXPECT_THAT(select({{"*", "!*"}, {}, {}}).value(), IsEmpty());
}

TEST(Selection, NarrowsBySuiteAndLevel) {
  EXPECT_THAT(select({{}, {"two"}, {}}).value(), ElementsAre("two/tags/order"));
  EXPECT_THAT(select({{}, {}, {Level::kShould, Level::kMay}}).value(),
              ElementsAre("one/referrers/empty-list", "one/tags/order"));
  EXPECT_THAT(select({{}, {}, {Level::kMust}}).value(), ElementsAre("one/referrers/list"));
  EXPECT_THAT(select({{}, {}, {Level::kMust}}, Spec::kMain).value(),
              ElementsAre("one/referrers/list", "two/tags/order"));
}

TEST(Selection, ADefaultSuiteStandsInForWhatIsNotNamed) {
  Selection selection;
  selection.default_suite = "two";
  EXPECT_THAT(select(selection).value(), ElementsAre("two/tags/order"));
  selection.levels = {Level::kMay};
  EXPECT_THAT(select(selection).value(), IsEmpty());
  selection.levels.clear();
  selection.select = {"!two/*"};
  EXPECT_THAT(select(selection).value(), IsEmpty()) << "what only takes away, takes away from it";
  selection.select = {"one/tags/order"};
  EXPECT_THAT(select(selection).value(), ElementsAre("one/tags/order"));
  selection.select.clear();
  selection.suites = {"one"};
  EXPECT_EQ(select(selection).value().size(), 3U);
}

TEST(Selection, OffersTheNearestName) {
  EXPECT_THAT(select({{"one/tags/ordre"}, {}, {}}).error(),
              AllOf(HasSubstr("no check `one/tags/ordre`"), HasSubstr("did you mean `one/tags/order`?")));
  EXPECT_THAT(select({{"@referers"}, {}, {}}).error(), HasSubstr("did you mean `@referrers`?"));
  EXPECT_THAT(select({{"three/*"}, {}, {}}).error(), HasSubstr("no check matches `three/*`"));
  EXPECT_THAT(select({{"three/pigs"}, {}, {}}).error(), testing::Not(HasSubstr("did you mean")));
  EXPECT_THAT(select({{"*", "!three/*"}, {}, {}}).error(), HasSubstr("three/*"));
  EXPECT_THAT(select({{}, {"tow"}, {}}).error(), AllOf(HasSubstr("no suite `tow`"), HasSubstr("`two`")));
  EXPECT_THAT(select({{std::string("a\x1b[31m\n")}, {}, {}}).error(), testing::Not(HasSubstr("\x1b")));
}

TEST(Glob, MatchesWholeTexts) {
  EXPECT_TRUE(glob_match("", ""));
  EXPECT_TRUE(glob_match("*", ""));
  EXPECT_TRUE(glob_match("a*c*e", "abcde"));
  EXPECT_TRUE(glob_match("a/*", "a/b/c"));
  EXPECT_TRUE(glob_match("*b", "*ab"));
  EXPECT_FALSE(glob_match("a*c", "abcd"));
  EXPECT_FALSE(glob_match("?", ""));
  EXPECT_FALSE(glob_match("a", "A"));
  EXPECT_FALSE(glob_match("*a*a*a*a*a*a*a*a*a*a*b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace referee::conformance
