// The crafted contents: reproducible, complete, and each asking for what its sentence says.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "matrix/judge.hpp"
#include "matrix/shape.hpp"
#include "referee/conformance/requirement.hpp"

namespace referee::suites::matrix {
namespace {

const oci::Platform kWanted{"amd64", "linux", "", ""};

const std::vector<Shape>& all() {
  static const auto kAll = shapes(1, kWanted);
  return kAll;
}

const Shape& named(const std::string& id) {
  const auto found = std::ranges::find(all(), id, &Shape::id);
  EXPECT_NE(found, all().end()) << id;
  return *found;
}

TEST(Shapes, HaveUniqueIdsThatRepositoriesMayHave) {
  std::set<std::string> ids;
  for (const auto& one : all()) {
    EXPECT_TRUE(ids.insert(one.id).second) << one.id;
    EXPECT_TRUE(std::ranges::all_of(one.id, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    })) << one.id;
    EXPECT_TRUE(one.about.ends_with('.')) << one.id;
    EXPECT_FALSE(one.requirements.empty()) << one.id;
    for (const auto& id : one.requirements) {
      EXPECT_NE(conformance::Ledger::builtin().find(id), nullptr) << one.id << " cites " << id;
    }
  }
}

TEST(Shapes, AreTheSameBytesEachTime) {
  const auto again = shapes(1, kWanted);
  const auto other = shapes(2, kWanted);
  ASSERT_EQ(again.size(), all().size());
  std::size_t differing = 0;
  for (std::size_t at = 0; at < again.size(); ++at) {
    EXPECT_EQ(again[at].root().digest(), all()[at].root().digest()) << again[at].id;
    differing += other[at].root().digest() == again[at].root().digest() ? 0 : 1;
  }
  // What holds no random image is the same with every seed.
  EXPECT_GT(differing, all().size() - 10);
}

TEST(Shapes, AreMadeAloneAsTheyAreWithTheOthers) {
  std::vector<std::pair<std::string, bool>> asked;
  const auto last = shapes(1, kWanted, [&](const std::string& id, bool full) {
    asked.emplace_back(id, full);
    return id == "entries-1000" || id == "nested-2";
  });
  ASSERT_EQ(asked.size(), all().size());
  for (std::size_t at = 0; at < asked.size(); ++at) {
    EXPECT_EQ(asked[at], std::pair(all()[at].id, all()[at].full));
  }
  ASSERT_EQ(last.size(), 2);
  for (const auto& shape : last) EXPECT_EQ(shape.root().digest(), named(shape.id).root().digest()) << shape.id;
}

/// Everything that a part names is a part before it, unless it is left out on purpose.
/// Sanitizers see no other code in megabytes of JSON than in a kilobyte, and take minutes.
bool too_large([[maybe_unused]] const Shape& shape) {
#ifdef REFEREE_SANITIZED
  return shape.full || shape.parts.size() > 100;
#else
  return false;
#endif
}

TEST(Shapes, ComeInAnOrderInWhichTheyCanBePushed) {
  static const std::set<std::string> kSparse{"image-subject", "index-subject", "referrers-tag",  "entries-1000",
                                             "entries-10000", "image-4mib",    "entry-data-only"};
  for (const auto& one : all()) {
    if (kSparse.contains(one.id) || too_large(one)) continue;
    std::set<std::string> known;
    for (const auto& part : one.parts) {
      const auto json = part.is_blob ? nlohmann::json() : nlohmann::json::parse(part.content.bytes(), nullptr, false);
      if (json.is_object() && json.contains("manifests")) {
        for (const auto& entry : json["manifests"]) {
          EXPECT_TRUE(known.contains(entry["digest"].get_ref<const std::string&>())) << one.id << " " << part.label;
        }
      }
      known.insert(part.content.digest().str());
    }
  }
}

TEST(Shapes, AskForWhatImageSpecAsksFor) {
  const std::map<std::string, std::string> expected{
      {"image", "image"},
      {"flat-image-arm64-windows", "image"},
      {"flat-arm64-windows-image", "image"},
      {"flat-by-digest", "image"},
      {"two-matching", "image"},
      {"two-matching-equal", "image"},
      {"foreign-only", "nothing"},
      {"empty-index", "nothing"},
      {"no-platform", "open: nothing or image"},
      {"platformless-first", "open: image or platformless"},
      {"platformless-last", "image"},
      {"platformless-foreign", "open: nothing or platformless"},
      {"nested-1", "image"},
      {"nested-2-bare", "image"},
      {"nested-33", "image"},
      {"nested-first", "open: nested or image"},
      {"nested-last", "image"},
      {"nested-foreign-first", "image"},
      {"nested-fruitless-first", "open: nothing or image"},
      {"nested-two", "open: nothing or image"},
      {"nested-bomb", "nothing"},
      {"wrapping-root", "image"},
      {"artifact-unknown-first", "image"},
      {"artifact-os-only-first", "image"},
      {"artifact-platformless-first", "open: image or artifact"},
      {"artifact-platformless-last", "image"},
      {"artifact-claims-last", "image"},
      {"artifacts-only", "nothing"},
      {"unknown-type-first", "image"},
      {"unknown-type-only", "nothing"},
      {"unknown-fields", "image"},
      {"index-subject-cycle", "image"},
      {"entry-annotation-65536", "image"},
      {"entries-1000", "image"},
      {"f-as-written", "image"},
      {"f-artifact-first", "open: image or artifact"},
      {"d-index", "image"},
      {"entry-data-wrong", "open: nothing or image"},
      {"artifact-manifest", "open, for instance nothing"},
  };
  for (const auto& [id, text] : expected) {
    auto said = expectation(named(id), kWanted).text();
    // The order of what is open does not matter.
    if (said == "open: image or nothing") said = "open: nothing or image";
    if (said == "open: platformless or nothing") said = "open: nothing or platformless";
    if (said == "open: image or nested") said = "open: nested or image";
    EXPECT_EQ(said, text) << id;
  }
}

TEST(Shapes, HoldForOtherPlatforms) {
  const auto usual = [](const std::string& /*id*/, bool large) { return !large; };
  for (const auto& one : shapes(1, {"arm64", "linux", "", ""}, usual)) {
    if (too_large(one)) continue;
    const auto expected = expectation(one, {"arm64", "linux", "", ""});
    EXPECT_FALSE(expected.text().empty()) << one.id;
    if (one.id == "two-matching") {
      EXPECT_EQ(expected.text(), "image");
    }
  }
}

}  // namespace
}  // namespace referee::suites::matrix
