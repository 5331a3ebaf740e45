#include <gmock/gmock.h>

#include <string>

#include "referee/conformance/requirement.hpp"
#include "sample.hpp"

namespace referee::conformance {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A ledger with one requirement, of which one piece of text is replaced.
std::string ledger_with(const std::string& from, const std::string& to) {
  std::string text = R"({"source":{"name":"s","links":{"1.1":"https://a.test","main":"https://b.test"}},"requirements":[
{"id":"x.one","actor":"registry","section":"S","anchor":"a","text":"T.","levels":{"1.1":"MUST","main":"SHOULD"}}]})";
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(const std::string& text) {
  Ledger ledger;
  const auto added = ledger.add(text, "file.json");
  return added ? "" : added.error();
}

TEST(Ledger, ReadsLevelsAndLinksByVersion) {
  const Ledger ledger = sample::ledger();
  const Requirement* both = ledger.find("t.must");
  ASSERT_NE(both, nullptr);
  EXPECT_EQ(both->level(Spec::kV1_1), Level::kMust);
  EXPECT_EQ(both->link(Spec::kV1_1), "https://example.test/1.1#a");
  const Requirement* fresh = ledger.find("t.main");
  ASSERT_NE(fresh, nullptr);
  EXPECT_EQ(fresh->level(Spec::kV1_1), std::nullopt);
  EXPECT_EQ(fresh->link(Spec::kMain), "https://example.test/main#b");
  EXPECT_EQ(fresh->link(Spec::kV1_1), "https://example.test/main#b") << "the newest there is";
  EXPECT_EQ(ledger.find("t.none"), nullptr);
}

TEST(Ledger, EveryMistakeIsNamed) {
  EXPECT_EQ(error_of(ledger_with("x.one", "x.one")), "");
  EXPECT_THAT(error_of("nonsense"), AllOf(HasSubstr("file.json"), HasSubstr("not valid JSON")));
  EXPECT_THAT(error_of(ledger_with("\"MUST\"", "\"OUGHT\"")), AllOf(HasSubstr("x.one"), HasSubstr("OUGHT")));
  EXPECT_THAT(error_of(ledger_with("\"1.1\":\"MUST\"", "\"1.2\":\"MUST\"")),
              AllOf(HasSubstr("x.one"), HasSubstr("1.2")));
  EXPECT_THAT(error_of(ledger_with("\"text\":\"T.\",", "")), AllOf(HasSubstr("x.one"), HasSubstr("`text`")));
  EXPECT_THAT(error_of(ledger_with("\"text\"", "\"sentence\"")), AllOf(HasSubstr("x.one"), HasSubstr("sentence")));
  EXPECT_THAT(error_of(ledger_with("\"registry\"", "\"vendor\"")), AllOf(HasSubstr("x.one"), HasSubstr("vendor")));
  EXPECT_THAT(error_of(ledger_with("x.one", "X one")), HasSubstr("the id may hold"));
  EXPECT_THAT(error_of(ledger_with("\"id\":\"x.one\",", "")), HasSubstr("requirement 1"));
  EXPECT_THAT(error_of(ledger_with("\"main\":\"https://b.test\"", "\"1.0\":\"https://b.test\"")),
              AllOf(HasSubstr("x.one"), HasSubstr("no link for main")));
  EXPECT_THAT(error_of(ledger_with("\"anchor\":\"a\"", "\"anchor\":{\"1.1\":\"a\"}")), HasSubstr("no anchor for main"));
}

TEST(Ledger, AProposalHasOneLevelWhateverTheVersion) {
  const std::string text = R"({"source":{"name":"p","link":"https://a.test"},"requirements":[
{"id":"A.one","actor":"registry","section":"S","anchor":"a","text":"T.","level":"SHOULD"}]})";
  Ledger ledger;
  ASSERT_TRUE(ledger.add(text, "p.json"));
  for (const auto spec : {Spec::kV1_0, Spec::kV1_1, Spec::kMain}) {
    EXPECT_EQ(ledger.find("A.one")->level(spec), Level::kShould);
    EXPECT_EQ(ledger.find("A.one")->link(spec), "https://a.test#a");
  }
  const auto error_with = [&](const std::string& from, const std::string& to) {
    return error_of(std::string(text).replace(text.find(from), from.size(), to));
  };
  EXPECT_THAT(error_with("\"SHOULD\"", "\"OUGHT\""), AllOf(HasSubstr("A.one"), HasSubstr("OUGHT")));
  EXPECT_THAT(error_with("\"level\":\"SHOULD\"", "\"levels\":{\"1.1\":\"SHOULD\"}"), HasSubstr("A.one"));
  EXPECT_THAT(error_with("\"https://a.test\"", "7"), HasSubstr("`link`"));
}

TEST(Ledger, ASourceWithoutHeadingsHasItsLinkAlone) {
  Ledger ledger;
  ASSERT_TRUE(ledger.add(R"({"source":{"name":"p","link":"https://a.test/1"},"requirements":[
{"id":"A.one","actor":"registry","section":"S","anchor":"","text":"T.","level":"CLAIM"}]})",
                         "p.json"));
  EXPECT_EQ(ledger.find("A.one")->link(Spec::kMain), "https://a.test/1");
}

TEST(Ledger, AnIdTwiceIsAnErrorAlsoAcrossFiles) {
  Ledger ledger;
  const std::string text = ledger_with("x.one", "x.one");
  ASSERT_TRUE(ledger.add(text, "first.json"));
  const auto again = ledger.add(text, "second.json");
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error(), AllOf(HasSubstr("second.json"), HasSubstr("x.one"), HasSubstr("twice")));
}

TEST(Ledger, ARequirementIsFoundByItsOtherNamesToo) {
  const auto with_also = [](const std::string& also) {
    return ledger_with("\"actor\"", "\"also\":" + also + ",\"actor\"");
  };
  Ledger ledger;
  ASSERT_TRUE(ledger.add(with_also(R"(["O.one","O.two"])"), "first.json"));
  ASSERT_NE(ledger.find("O.two"), nullptr);
  EXPECT_EQ(ledger.find("O.two"), ledger.find("x.one"));
  EXPECT_THAT(ledger.find("O.one")->also, testing::ElementsAre("O.one", "O.two"));
  EXPECT_EQ(ledger.all().size(), 1U);

  const auto taken = ledger.add(ledger_with("x.one", "O.two"), "second.json");
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error(), AllOf(HasSubstr("second.json"), HasSubstr("O.two"), HasSubstr("twice")));
  EXPECT_THAT(error_of(with_also(R"(["x.one"])")), AllOf(HasSubstr("x.one"), HasSubstr("twice")));
  EXPECT_THAT(error_of(with_also(R"(["O.one","O.one"])")), AllOf(HasSubstr("O.one"), HasSubstr("twice")));
  for (const auto* wrong : {"[]", "\"O.one\"", "[7]", "[\"\"]", "[\"O one\"]"}) {
    EXPECT_THAT(error_of(with_also(wrong)), AllOf(HasSubstr("x.one"), HasSubstr("`also`"))) << wrong;
  }
}

TEST(Ledger, TheOneInTheBinaryIsSound) {
  EXPECT_GE(Ledger::builtin().all().size(), 1U);
}

}  // namespace
}  // namespace referee::conformance
