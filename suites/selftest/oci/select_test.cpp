// The model runtime: every reading and every defect on every fixture, and that no index can hold it up.
#include "referee/oci/select.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "referee/oci/index_fixtures.hpp"

namespace referee::oci {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Platform kAmd64{"amd64", "linux", "", ""};

const std::vector<IndexFixture>& fixtures() {
  static const auto kFixtures = index_fixtures(40);
  return kFixtures;
}

const IndexFixture& fixture(const std::string& id) {
  return *std::ranges::find(fixtures(), id, &IndexFixture::id);
}

FetchIndex fetch_from(const IndexFixture& fixture) {
  return [&fixture](const Descriptor& wanted) -> tl::expected<Content, std::string> {
    for (const auto& index : fixture.nested) {
      if (index.digest().str() == wanted.digest) return index;
    }
    return tl::unexpected(std::string("there is no such index"));
  };
}

/// The label of what was chosen, or the outcome's name.
std::string said(const IndexFixture& fixture, const Selection& selection) {
  if (!selection.chosen) {
    EXPECT_NE(selection.outcome, SelectionOutcome::kSelected);
    EXPECT_FALSE(selection.reason.empty());
    return std::string(name(selection.outcome));
  }
  EXPECT_EQ(selection.outcome, SelectionOutcome::kSelected);
  for (const auto& [label, digest] : fixture.digests) {
    if (digest == selection.chosen->digest) return label;
  }
  return "something else";
}

std::string selected(const std::string& selector, const std::string& fixture_id, const Platform& host = kAmd64) {
  const auto& one = fixture(fixture_id);
  return said(one, select(*find_selector(selector), one.root, host, fetch_from(one)));
}

TEST(Selectors, HaveUniqueIdsAndADescription) {
  std::set<std::string> ids;
  for (const auto& selector : selectors()) {
    EXPECT_TRUE(ids.insert(selector.id).second) << selector.id;
    EXPECT_EQ(selector.id.starts_with("t."), selector.defect != Selector::Defect::kNone) << selector.id;
    EXPECT_TRUE(selector.about.ends_with(".")) << selector.id;
    EXPECT_EQ(find_selector(selector.id), &selector);
  }
  EXPECT_EQ(find_selector("t.nobody"), nullptr);
}

TEST(Fixtures, AreTheSameFromOneSeed) {
  const auto again = index_fixtures(40);
  ASSERT_EQ(again.size(), fixtures().size());
  std::set<std::string> ids;
  std::set<std::string> digests;
  for (std::size_t i = 0; i < again.size(); ++i) {
    EXPECT_EQ(again[i].root.digest(), fixtures()[i].root.digest()) << again[i].id;
    EXPECT_TRUE(ids.insert(again[i].id).second) << again[i].id;
    EXPECT_TRUE(digests.insert(again[i].root.digest().str()).second) << again[i].id;
    EXPECT_TRUE(again[i].digests.contains("image")) << again[i].id;
  }
  EXPECT_NE(index_fixtures(41).front().root.digest(), fixtures().front().root.digest());
}

TEST(Readings, AgreeWhereTheSpecificationLeavesNothingOpen) {
  for (const auto& one : fixtures()) {
    if (one.id.starts_with("F-nest") || one.id == "F-art-first") continue;
    for (const auto& [selector, selection] : select_by_all(one.root, kAmd64, fetch_from(one))) {
      if (selector->defect != Selector::Defect::kNone) continue;
      // Whether an entry that needs no platform fits everybody is left open.
      const bool first_fits = selector->platformless == Selector::Platformless::kFits && one.id == "F-noplat-first";
      EXPECT_EQ(said(one, selection), first_fits ? "artifact" : "image") << selector->id << " on " << one.id;
      EXPECT_EQ(selection.fetches, 0) << selector->id << " on " << one.id;
      EXPECT_THAT(selection.path, IsEmpty());
    }
  }
}

TEST(Readings, DifferOnNestedIndexes) {
  using Row = std::map<std::string, std::string>;
  const std::map<std::string, Row> expected{
      {"in-order", {{"F-nest1", "image"}, {"F-nest-first", "nested"}, {"F-nest-last", "image"}}},
      {"in-order/platformless-last", {{"F-nest1", "image"}, {"F-nest-first", "nested"}, {"F-nest-last", "image"}}},
      {"in-order/platformless-fits", {{"F-nest1", "image"}, {"F-nest-first", "nested"}, {"F-nest-last", "image"}}},
      {"in-order/os-version", {{"F-nest1", "image"}, {"F-nest-first", "nested"}, {"F-nest-last", "image"}}},
      {"flat-first", {{"F-nest1", "image"}, {"F-nest-first", "image"}, {"F-nest-last", "image"}}},
      {"flat-first/platformless-last", {{"F-nest1", "image"}, {"F-nest-first", "image"}, {"F-nest-last", "image"}}},
      {"nested-ignored", {{"F-nest1", "nothing"}, {"F-nest-first", "image"}, {"F-nest-last", "image"}}},
      {"nested-refused", {{"F-nest1", "refused"}, {"F-nest-first", "refused"}, {"F-nest-last", "image"}}}};
  std::size_t readings = 0;
  for (const auto& selector : selectors()) {
    if (selector.defect != Selector::Defect::kNone) continue;
    ++readings;
    ASSERT_TRUE(expected.contains(selector.id)) << selector.id;
    for (const auto& [id, what] : expected.at(selector.id)) {
      EXPECT_EQ(selected(selector.id, id), what) << selector.id << " on " << id;
    }
  }
  EXPECT_EQ(readings, expected.size());
}

TEST(Readings, AnArtifactWithTheImagesPlatformIsTakenIfItComesFirst) {
  for (const auto& selector : selectors()) {
    if (selector.defect != Selector::Defect::kNone) continue;
    EXPECT_EQ(selected(selector.id, "F-art-first"), "artifact") << selector.id;
  }
}

TEST(Readings, EntriesWithoutAPlatformAreALastResort) {
  const Platform plan9{"amd64", "plan9", "", ""};
  EXPECT_EQ(selected("in-order", "F-noplat-first", plan9), "nothing");
  EXPECT_EQ(selected("in-order/platformless-last", "F-noplat-first", plan9), "artifact");
  EXPECT_EQ(selected("flat-first/platformless-last", "F-noplat-last", plan9), "artifact");
  EXPECT_EQ(selected("in-order/platformless-last", "F-unk-both-first", plan9), "nothing");

  const auto& two = fixture("F-dupplat");
  const auto root =
      IndexBuilder().manifest(two.packages.front().descriptor()).manifest(two.packages.back().descriptor()).build();
  EXPECT_EQ(said(two, select(*find_selector("in-order/platformless-last"), root, kAmd64, fetch_from(two))), "image")
      << "the first of them";
}

TEST(Readings, PlatformsAreComparedWhole) {
  const auto on = [](const Platform& host, const std::string& reading = "in-order") {
    return selected(reading, "F-idx-many", host);
  };
  EXPECT_EQ(on({"arm", "linux", "", "v6"}), "armv6");
  EXPECT_EQ(on({"arm", "linux", "", "v7"}), "armv7");
  EXPECT_EQ(on({"arm", "linux", "", "v5"}), "nothing");
  EXPECT_EQ(on({"arm", "linux", "", ""}), "armv6") << "a host that does not say its variant";
  EXPECT_EQ(on({"arm64", "linux", "", ""}), "arm64");
  EXPECT_EQ(on({"s390x", "linux", "", ""}), "nothing");
  EXPECT_EQ(on({"amd64", "windows", "10.0.2", ""}), "windows");
  EXPECT_EQ(on({"amd64", "windows", "10.0.2", ""}, "in-order/os-version"), "nothing");
  EXPECT_EQ(on({"amd64", "windows", "10.0.1", ""}, "in-order/os-version"), "windows");
}

TEST(Nesting, CostsOneFetchForEachLevelAndSaysTheWay) {
  for (const int depth : {1, 2, 3}) {
    const auto& one = fixture("F-nest" + std::to_string(depth));
    const auto selection = select(*find_selector("in-order"), one.root, kAmd64, fetch_from(one));
    EXPECT_EQ(said(one, selection), "image");
    EXPECT_EQ(selection.fetches, depth);
    ASSERT_THAT(selection.path, SizeIs(static_cast<std::size_t>(depth)));
    EXPECT_EQ(selection.path.front(), one.nested.back().digest().str()) << "the outermost comes first";
  }
}

TEST(Nesting, IsBounded) {
  const auto& deep = fixture("F-nest33");
  const auto selection = select(*find_selector("in-order"), deep.root, kAmd64, fetch_from(deep));
  EXPECT_EQ(selection.outcome, SelectionOutcome::kTooDeep);
  EXPECT_EQ(selection.fetches, 32);
  const auto deeper = select(*find_selector("in-order"), deep.root, kAmd64, fetch_from(deep), {.depth = 33});
  EXPECT_EQ(said(deep, deeper), "image");
  EXPECT_EQ(deeper.fetches, 33);
  const auto few = select(*find_selector("in-order"), deep.root, kAmd64, fetch_from(deep), {.depth = 33, .fetches = 5});
  EXPECT_EQ(few.outcome, SelectionOutcome::kTooDeep);
  EXPECT_EQ(few.fetches, 5);
}

TEST(Nesting, AnIndexThatWasLookedThroughIsNotFetchedAgain) {
  // Each level names the next twice (told apart by an annotation): 2^20 ways, 20 indexes.
  IndexFixture diamond;
  auto inner = IndexBuilder().build();
  for (int i = 0; i < 20; ++i) {
    diamond.nested.push_back(inner);
    auto again = inner.descriptor();
    again.annotations["org.referee.again"] = "yes";
    inner = IndexBuilder().manifest(inner.descriptor()).manifest(again).build();
  }
  const auto selection = select(*find_selector("in-order"), inner, kAmd64, fetch_from(diamond));
  EXPECT_EQ(selection.outcome, SelectionOutcome::kNothing);
  EXPECT_EQ(selection.fetches, 20);
  const auto runaway = select(*find_selector("t.nested-unbounded"), inner, kAmd64, fetch_from(diamond));
  EXPECT_EQ(runaway.outcome, SelectionOutcome::kRunaway);
  EXPECT_EQ(runaway.fetches, kMostSteps);
}

TEST(Nesting, ALyingRegistryIsNotBelieved) {
  // It serves the root for every digest: a circle, if nobody hashes.
  const auto& one = fixture("F-nest1");
  const FetchIndex circle = [&](const Descriptor&) -> tl::expected<Content, std::string> { return one.root; };
  for (const auto& [selector, selection] : select_by_all(one.root, kAmd64, circle)) {
    if (selector->nested == Selector::Nested::kIgnored || selector->nested == Selector::Nested::kRefused) continue;
    if (selector->defect == Selector::Defect::kNoNested) continue;
    if (selector->defect == Selector::Defect::kNestedUnbounded) {
      EXPECT_EQ(selection.outcome, SelectionOutcome::kRunaway);
      EXPECT_EQ(selection.fetches, kMostSteps);
    } else {
      EXPECT_EQ(selection.outcome, SelectionOutcome::kUnreadable) << selector->id;
      EXPECT_THAT(selection.reason, HasSubstr("what came has another digest")) << selector->id;
      EXPECT_EQ(selection.fetches, 1) << selector->id;
    }
  }
  const FetchIndex gone = [](const Descriptor&) -> tl::expected<Content, std::string> {
    return tl::unexpected(std::string("status 404"));
  };
  const auto missing = select(*find_selector("in-order"), one.root, kAmd64, gone);
  EXPECT_EQ(missing.outcome, SelectionOutcome::kUnreadable);
  EXPECT_THAT(missing.reason, HasSubstr("status 404"));
}

TEST(Nesting, AnIndexOfAnotherPlatformIsNotLookedInto) {
  const auto& one = fixture("F-nest1");
  auto entry = one.nested.front().descriptor();
  entry.platform = Platform{"arm64", "linux", "", ""};
  const auto root = IndexBuilder().manifest(entry).build();
  const auto selection = select(*find_selector("in-order"), root, kAmd64, fetch_from(one));
  EXPECT_EQ(selection.outcome, SelectionOutcome::kNothing);
  EXPECT_EQ(selection.fetches, 0);
}

TEST(Nesting, WhatIsNoIndexIsSaidToBeNone) {
  const auto& one = fixture("F-idx");
  for (const auto& text : {std::string(), std::string("[]"), std::string(R"({"manifests":{}})"),
                           std::string(R"({"manifests":[{}]})"), std::string(100'000, '[')}) {
    for (const auto& [selector, selection] :
         select_by_all({std::string(media_type::kIndex), text}, kAmd64, fetch_from(one))) {
      EXPECT_EQ(selection.outcome, SelectionOutcome::kUnreadable) << selector->id << " on " << text.substr(0, 40);
      EXPECT_FALSE(selection.chosen);
    }
  }
}

struct Kill {
  std::string defect;
  std::string fixture;
  std::string instead;  ///< what the defect gives
};

class Defects : public testing::TestWithParam<Kill> {};

TEST_P(Defects, AreSeenOnTheirFixtureAndNotElsewhere) {
  const auto& [defect, id, instead] = GetParam();
  EXPECT_EQ(selected(defect, id), instead);
  EXPECT_NE(selected("in-order/platformless-last", id), instead);
  EXPECT_EQ(selected(defect, "F-img"), "image") << "a defect breaks one thing";
}

INSTANTIATE_TEST_SUITE_P(
    Table, Defects,
    testing::Values(
        Kill{"t.pick-last", "F-dupplat", "second"}, Kill{"t.pick-last", "F-nest-last", "nested"},
        Kill{"t.first-any-platform", "F-idx", "arm64"}, Kill{"t.first-any-platform", "F-unk-os-first", "artifact"},
        Kill{"t.platformless-first", "F-noplat-first", "artifact"},
        Kill{"t.platformless-first", "F-noplat-last", "artifact"}, Kill{"t.os-only-match", "F-idx", "arm64"},
        Kill{"t.os-only-match", "F-idx-many", "armv6"}, Kill{"t.runs-unknown", "F-unk-os-first", "artifact"},
        Kill{"t.runs-unknown", "F-unk-both-first", "artifact"}, Kill{"t.no-nested", "F-nest1", "rejected"},
        Kill{"t.no-nested", "F-nest-last", "rejected"}, Kill{"t.nested-first-wins", "F-nest-last", "nested"},
        Kill{"t.nested-unbounded", "F-nest33", "image"}, Kill{"t.error-unknown-mt", "F-mt-unknown-first", "rejected"},
        Kill{"t.error-unknown-mt", "F-mt-unknown-last", "rejected"},
        Kill{"t.error-unknown-field", "F-ufield", "rejected"},
        Kill{"t.error-missing-arch", "F-unk-os-first", "rejected"},
        Kill{"t.error-missing-arch", "F-unk-os-last", "rejected"}, Kill{"t.annot-4k", "F-annot-4097", "rejected"},
        Kill{"t.annot-4k", "F-annot-65536", "rejected"}),
    [](const testing::TestParamInfo<Kill>& one) {
      std::string all = one.param.defect + "_" + one.param.fixture;
      std::ranges::replace_if(all, [](char c) { return c == '.' || c == '-'; }, '_');
      return all;
    });

TEST(DefectTable, EveryDefectIsSeenOnSomeFixture) {
  for (const auto& selector : selectors()) {
    if (selector.defect == Selector::Defect::kNone) continue;
    const bool seen = std::ranges::any_of(fixtures(), [&](const IndexFixture& one) {
      return selected(selector.id, one.id) != selected("in-order/platformless-last", one.id);
    });
    EXPECT_TRUE(seen) << selector.id;
  }
}

TEST(DefectTable, TheFirstNestedIndexIsAllThatNestedFirstWinsKnows) {
  const auto& one = fixture("F-idx");
  IndexFixture both;
  both.nested.push_back(IndexBuilder().build());
  auto image = one.packages.back().descriptor();
  image.platform = kAmd64;
  const auto root = IndexBuilder().manifest(image).manifest(both.nested.front().descriptor()).build();
  EXPECT_EQ(select(*find_selector("t.nested-first-wins"), root, kAmd64, fetch_from(both)).outcome,
            SelectionOutcome::kNothing);
  EXPECT_TRUE(select(*find_selector("in-order"), root, kAmd64, fetch_from(both)).chosen);
}

}  // namespace
}  // namespace referee::oci
