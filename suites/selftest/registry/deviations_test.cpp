// The frame for faults and variants, by one or two examples of each kind of definition.
#include "referee/registry/profile.hpp"
#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Deviations : public RegistryTest {
 protected:
  void start_broken(const std::string& name) {
    start_with({name});
    ASSERT_THAT(push("a", "v1", image_), HasStatus(201));
  }
  oci::Package image_ = oci::image(random_);
  std::string digest_ = image_.digest().str();
  std::string list_ = "/v2/a/referrers/" + digest_;
};

TEST(DeviationTable, IsSortedUniqueAndDescribed) {
  const auto& all = registry::deviations();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [name, kind, description, profiles] = all[i];
    if (i > 0) {
      EXPECT_LT(all[i - 1].name, name);
    }
    EXPECT_EQ(registry::find_deviation(name), &all[i]);
    const auto* const prefix = kind == registry::DeviationKind::kFault     ? "r."
                               : kind == registry::DeviationKind::kVariant ? "v."
                                                                           : "l.";
    EXPECT_TRUE(name.starts_with(prefix)) << name;
    EXPECT_FALSE(description.empty()) << name;
    for (const auto& profile : profiles) EXPECT_NE(registry::find_profile(profile), nullptr) << name;
  }
  EXPECT_EQ(registry::find_deviation("r.none"), nullptr);
  EXPECT_EQ(registry::find_profile("none"), nullptr);
  EXPECT_EQ(registry::find_profile("oci-1.1")->name, "oci-1.1");
}

TEST_F(Deviations, RewriteAnAnswer) {
  start_broken("r.ref.null-list");
  EXPECT_TRUE(json::parse(get(list_).body)["manifests"].is_null());
  start_broken("r.ref.404-when-empty");
  EXPECT_THAT(get(list_), HasStatus(404));
  start_broken("r.get.ct-generic");
  EXPECT_EQ(get("/v2/a/manifests/v1").header("Content-Type"), "application/json");
  start_broken("r.put.no-oci-subject");
  EXPECT_FALSE(push("a", "s", oci::referrer(random_, image_.descriptor(), "application/vnd.a")).has("OCI-Subject"));
  EXPECT_EQ(json::parse(get(list_).body)["manifests"].size(), 1U) << "the rest stays right";
  start_broken("r.tags.unsorted");
  ASSERT_THAT(push("a", "v0", image_), HasStatus(201));
  EXPECT_THAT(tags("a"), ElementsAre("v1", "v0"));
  start_broken("r.blob.truncated");
  const auto& blob = image_.blobs[0];
  EXPECT_EQ(get("/v2/a/blobs/" + blob.digest().str()).body, blob.bytes().substr(0, blob.bytes().size() - 1));
}

TEST_F(Deviations, RewriteARequest) {
  start_broken("r.tags.n-ignored");
  ASSERT_THAT(push("a", "v2", image_), HasStatus(201));
  EXPECT_EQ(tags("a", "?n=1").size(), 2U);
  start_broken("r.ref.filter-claimed-not-done");
  ASSERT_THAT(push("a", "s", oci::referrer(random_, image_.descriptor(), "application/vnd.a")), HasStatus(201));
  const auto reply = get(list_ + "?artifactType=application/vnd.b");
  EXPECT_EQ(reply.header("OCI-Filters-Applied"), "artifactType");
  EXPECT_EQ(json::parse(reply.body)["manifests"].size(), 1U);
}

TEST_F(Deviations, AnswerInTheHandlersPlace) {
  start_broken("r.del.disabled-500");
  EXPECT_THAT(remove("/v2/a/manifests/v1"), HasStatus(500));
  EXPECT_THAT(get("/v2/a/manifests/v1"), HasStatus(200));
}

TEST_F(Deviations, TurnRules) {
  start_broken("r.put.accept-digest-mismatch");
  const auto wrong = "sha256:" + std::string(64, 'b');
  EXPECT_THAT(put_manifest("a", wrong, image_.manifest), HasStatus(201));
  EXPECT_EQ(get("/v2/a/manifests/" + wrong).body, image_.manifest.bytes());
  start_broken("r.del.leaves-tag");
  EXPECT_THAT(remove("/v2/a/manifests/" + digest_), HasStatus(202));
  EXPECT_THAT(get("/v2/a/manifests/" + digest_), HasStatus(404));
  EXPECT_THAT(get("/v2/a/manifests/v1"), HasStatus(200));
  start_broken("r.ref.lag");
  ASSERT_THAT(push("a", "s", oci::referrer(random_, image_.descriptor(), "application/vnd.a")), HasStatus(201));
  EXPECT_THAT(referrers("a", digest_), IsEmpty());
  start_broken("r.ref.stale-after-delete");
  const auto stale = oci::referrer(random_, image_.descriptor(), "application/vnd.a");
  ASSERT_THAT(push("a", "s", stale), HasStatus(201));
  ASSERT_THAT(remove("/v2/a/manifests/" + stale.digest().str()), HasStatus(202));
  EXPECT_EQ(referrers("a", digest_).size(), 1U);
}

TEST_F(Deviations, VariantsTakeFeaturesAway) {
  start_broken("v.delete-405");
  EXPECT_THAT(remove("/v2/a/manifests/v1"), Fails(405, "UNSUPPORTED"));
  EXPECT_THAT(remove("/v2/a/manifests/" + digest_), Fails(405, "UNSUPPORTED"));
  EXPECT_THAT(remove("/v2/a/blobs/" + image_.blobs[0].digest().str()), Fails(405, "UNSUPPORTED"));
  start_broken("v.mount-202");
  EXPECT_THAT(request("POST", "/v2/b/blobs/uploads/?from=a&mount=" + image_.blobs[0].digest().str(), {}, ""),
              HasStatus(202));
}

TEST_F(Deviations, VariantsChangeHowBodiesAreSent) {
  start_broken("v.chunked-responses");
  const auto reply = get("/v2/a/manifests/v1");
  EXPECT_EQ(reply.header("Transfer-Encoding"), "chunked");
  EXPECT_FALSE(reply.has("Content-Length"));
  EXPECT_EQ(reply.body, image_.manifest.bytes());
  EXPECT_EQ(head("/v2/a/manifests/v1").header("Content-Length"), std::to_string(image_.manifest.size()));
  EXPECT_THAT(get("/v2/a/manifests/v1", {{"If-None-Match", "*"}}), HasStatus(304));
  EXPECT_THAT(get("/v2/"), HasStatus(200));
}

TEST_F(Deviations, SeveralAtOnce) {
  start_with({"r.ref.null-list", "r.get.ct-generic"});
  ASSERT_THAT(push("a", "v1", image_), HasStatus(201));
  EXPECT_TRUE(json::parse(get(list_).body)["manifests"].is_null());
  EXPECT_EQ(get("/v2/a/manifests/v1").header("Content-Type"), "application/json");
}

}  // namespace
}  // namespace referee::selftest
