// Collecting garbage: what is kept, under which profile.
#include "proposal_fixture.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::selftest {
namespace {

using Json = nlohmann::ordered_json;

class Collecting : public ProposalTest {
 protected:
  void SetUp() override { start_profile("oci-1.1"); }
  /// Manifests and blobs that were removed.
  std::pair<int, int> collect() {
    const auto reply = control("/gc");
    EXPECT_THAT(reply, HasStatus(200));
    const auto removed = Json::parse(reply.body)["removed"];
    return {removed["manifests"], removed["blobs"]};
  }
  bool stored(const std::string& digest) { return get("/v2/a/manifests/" + digest).status == 200; }
  bool has_blob(const std::string& bytes) { return head("/v2/a/blobs/" + digest_of(bytes)).status == 200; }
  std::string put_untagged(const oci::Content& manifest) {
    EXPECT_THAT(put("a", manifest), HasStatus(201));
    return manifest.digest().str();
  }
  std::string digest_ = image_.digest().str();
};

TEST_F(Collecting, KeepsWhatTagsLeadTo) {
  const auto garbage = oci::image(random_);
  ASSERT_THAT(push("a", garbage.digest().str(), garbage), HasStatus(201));
  ASSERT_THAT(push_blob("a", "lonely"), HasStatus(201));
  const auto child = oci::image(random_);
  ASSERT_THAT(push("a", child.digest().str(), child), HasStatus(201));
  const auto inner = oci::IndexBuilder().manifest(child.descriptor()).build();
  ASSERT_THAT(put("a", inner), HasStatus(201));
  ASSERT_THAT(put_manifest("a", "index", oci::IndexBuilder().manifest(inner.descriptor()).build()), HasStatus(201));
  EXPECT_EQ(collect(), std::pair(1, 3)) << "a manifest with config and layer, and a blob";
  EXPECT_FALSE(stored(garbage.digest().str()));
  EXPECT_TRUE(stored(child.digest().str()));
  for (const auto& blob : child.blobs) EXPECT_TRUE(has_blob(blob.bytes()));
  for (const auto& blob : image_.blobs) EXPECT_TRUE(has_blob(blob.bytes()));
  EXPECT_FALSE(has_blob("lonely"));
  EXPECT_EQ(collect(), std::pair(0, 0));
  ASSERT_THAT(remove("/v2/a/manifests/index"), HasStatus(202));
  EXPECT_EQ(collect().first, 3);
}

TEST_F(Collecting, KeepsBlobsThatAnIndexListsAndThoseOfUnknownManifests) {
  ASSERT_THAT(push_blob("a", "listed"), HasStatus(201));
  const auto index = oci::IndexBuilder().manifest(oci::Content("text/plain", "listed").descriptor()).build();
  ASSERT_THAT(put_manifest("a", "index", index), HasStatus(201));
  EXPECT_EQ(collect(), std::pair(0, 0));
  ASSERT_THAT(push_blob("a", "perhaps"), HasStatus(201));
  ASSERT_THAT(put_manifest("a", "unknown", {"application/vnd.unknown+json", "{}"}), HasStatus(201));
  EXPECT_EQ(collect(), std::pair(0, 0)) << "nobody knows what it needs";
  ASSERT_THAT(remove("/v2/a/manifests/unknown"), HasStatus(202));
  EXPECT_EQ(collect(), std::pair(1, 1));
}

TEST_F(Collecting, KeepsReferrersOfWhatIsKept) {
  const auto first = oci::referrer(random_, image_.descriptor(), "application/vnd.a");
  const auto second = oci::referrer(random_, first.descriptor(), "application/vnd.b");
  for (const auto& package : {first, second}) {
    ASSERT_THAT(push("a", package.digest().str(), package), HasStatus(201));
  }
  // A circle of subject and index is legal.
  const auto circle = oci::IndexBuilder().manifest(image_.descriptor()).subject(image_.descriptor()).build();
  ASSERT_THAT(put("a", circle), HasStatus(201));
  EXPECT_EQ(collect(), std::pair(0, 0));
  ASSERT_THAT(remove("/v2/a/manifests/" + digest_), HasStatus(202));
  EXPECT_EQ(collect().first, 3) << "their subject is gone";
}

TEST_F(Collecting, FollowsTheFieldOfTheProfile) {
  const struct {
    const char* profile;
    const char* field;
    bool kept;
  } cases[] = {{"oci-1.0", "subject", false}, {"b", "reference", true}, {"b", "refers", false},
               {"e", "refers", true},         {"e", "subject", false},  {"conditional", "refers", false}};
  for (const auto& [profile, field, kept] : cases) {
    start_profile(profile);
    const auto digest = put_untagged(image_with(field, subject()));
    EXPECT_EQ(collect().first, kept ? 0 : 1) << profile << " " << field;
    EXPECT_EQ(stored(digest), kept);
  }
}

TEST_F(Collecting, EndsAnArtifactWithItsSubjectUnlessItIsTagged) {
  start_profile("a");
  const auto tagged = artifact({{"artifactType", "t/t"}, {"subject", subject()}, {"annotations", {{"n", "1"}}}});
  const auto untagged = put_untagged(artifact({{"artifactType", "t/t"}, {"subject", subject()}}));
  ASSERT_THAT(put_manifest("a", "art", tagged), HasStatus(201));
  EXPECT_EQ(collect().first, 0);
  ASSERT_THAT(remove("/v2/a/manifests/" + digest_), HasStatus(202));
  EXPECT_TRUE(stored(untagged));
  EXPECT_EQ(collect().first, 1);
  EXPECT_FALSE(stored(untagged));
  EXPECT_TRUE(stored(tagged.digest().str()));
  EXPECT_EQ(walk("/v2/a/_oci/artifacts/referrers?digest=" + digest_, "referrers").size(), 1U);
}

TEST_F(Collecting, KeepsNodesAndTheirObjectsUntilTheyAreDeleted) {
  start_profile("c");
  ASSERT_THAT(push_blob("a", "object"), HasStatus(201));
  const auto held = oci::IndexBuilder().build();
  ASSERT_THAT(put("a", held), HasStatus(201));
  const auto objects = Json::array({descriptor_of({"text/plain", "object"}), descriptor_of(held)});
  const auto absent = descriptor_of({"application/vnd.x", "absent"});
  const auto node = put_untagged(
      document(oci::media_type::kNode, {{"schemaVersion", 3}, {"objects", objects}, {"reference", absent}}));
  EXPECT_EQ(collect(), std::pair(0, 0)) << "its reference is gone, and it has no tag";
  ASSERT_THAT(remove("/v3/a/manifests/" + node), HasStatus(202));
  EXPECT_EQ(collect(), std::pair(1, 1));
}

TEST_F(Collecting, FaultsBreakOneThing) {
  start_profile("e", {"r.gc.drops-untagged-referrer"});
  put_untagged(image_with("refers", subject()));
  EXPECT_EQ(collect().first, 1);
  start_profile("e", {"r.gc.keeps-orphan"});
  put_untagged(image_with("refers", subject()));
  put_untagged(oci::IndexBuilder().build());
  ASSERT_THAT(remove("/v2/a/manifests/" + digest_), HasStatus(202));
  EXPECT_EQ(collect().first, 1);
  const auto leaf = oci::IndexBuilder().annotation("leaf", "1").build();
  const auto inner = oci::IndexBuilder().manifest(leaf.descriptor()).build();
  const auto outer = oci::IndexBuilder().manifest(inner.descriptor()).build();
  start_profile("oci-1.0", {"r.gc.drops-nested-child"});
  put_untagged(leaf);
  put_untagged(inner);
  ASSERT_THAT(put_manifest("a", "outer", outer), HasStatus(201));
  EXPECT_EQ(collect().first, 1);
  EXPECT_TRUE(stored(inner.digest().str()));
  start_profile("oci-1.0", {"r.gc.drops-digest-tagged"});
  ASSERT_THAT(put_manifest("a", oci::referrers_tag(digest_), leaf), HasStatus(201));
  EXPECT_EQ(collect().first, 1);
  EXPECT_TRUE(stored(digest_));
}

}  // namespace
}  // namespace referee::selftest
