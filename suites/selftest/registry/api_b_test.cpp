// Proposal B: the field `reference` and its list.
#include "proposal_fixture.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::selftest {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ProposalB : public ProposalTest {
 protected:
  void SetUp() override { start_profile("b"); }
  static std::string list(const std::string& reference) { return "/v2/a/manifests/" + reference + "/references"; }
  std::vector<std::string> references(const std::string& reference) { return walk(list(reference), "manifests"); }
  std::string attach() {
    const auto image = image_with("reference", subject());
    EXPECT_THAT(put("a", image), HasStatus(201));
    return image.digest().str();
  }
  std::string digest_ = image_.digest().str();
};

TEST_F(ProposalB, ListsByTagAndByDigest) {
  const auto empty = get(list("v1"));
  EXPECT_EQ(empty.header("Content-Type"), oci::media_type::kIndex);
  EXPECT_EQ(Json::parse(empty.body)["schemaVersion"], 2);
  EXPECT_THAT(references("v1"), IsEmpty());
  const auto image = attach();
  const auto index = oci::IndexBuilder().field("reference", subject().dump()).build();
  ASSERT_THAT(put("a", index), HasStatus(201));
  EXPECT_THAT(references("v1"), UnorderedElementsAre(image, index.digest().str()));
  EXPECT_THAT(references(digest_), UnorderedElementsAre(image, index.digest().str()));
  const auto body = Json::parse(get(list("v1")).body);
  for (const auto& entry : body["manifests"]) EXPECT_EQ(entry.size(), 3U);
  // The tag is looked up each time.
  const auto other = oci::image(random_);
  ASSERT_THAT(push("a", "v1", other), HasStatus(201));
  EXPECT_THAT(references("v1"), IsEmpty());
  EXPECT_THAT(get(list("unknown")), Fails(404, "MANIFEST_UNKNOWN"));
  EXPECT_THAT(references("sha256:" + std::string(64, 'a')), IsEmpty());
  EXPECT_THAT(get(list("sha256:x")), Fails(400, "DIGEST_INVALID"));
}

TEST_F(ProposalB, IsDirectReadOnlyAndOfTopLevelFields) {
  const auto first = attach();
  const auto second =
      image_with("reference", Json{{"mediaType", oci::media_type::kManifest}, {"digest", first}, {"size", 1}});
  ASSERT_THAT(put("a", second), HasStatus(201));
  EXPECT_THAT(references("v1"), ElementsAre(first));
  EXPECT_THAT(references(first), ElementsAre(second.digest().str()));
  auto layer = descriptor_of({"text/plain", "x"});
  layer["reference"] = subject();
  ASSERT_THAT(put("a", image_with("layers", Json::array({layer}))), HasStatus(201)) << "stored as it is";
  EXPECT_THAT(references("v1"), ElementsAre(first));
  for (const auto* method : {"PUT", "POST", "DELETE"}) EXPECT_THAT(request(method, list("v1"), {}, ""), HasStatus(405));
  EXPECT_THAT(put("a", artifact({{"artifactType", "t/t"}})), Fails(400, "MANIFEST_INVALID"));
}

TEST_F(ProposalB, IsComplete) {
  const auto attach_many = [&] {
    for (int i = 0; i < 120; ++i) {
      const auto index =
          oci::IndexBuilder().annotation("n", std::to_string(i)).field("reference", subject().dump()).build();
      ASSERT_THAT(put("a", index), HasStatus(201));
    }
  };
  attach_many();
  EXPECT_EQ(references("v1").size(), 120U);
  EXPECT_EQ(pages_, 1);
  start_profile("b", {"r.B.truncated"});
  attach_many();
  EXPECT_EQ(references("v1").size(), 100U);
}

TEST_F(ProposalB, DoesNotHideATagOfThatName) {
  ASSERT_THAT(push("p/manifests", "references", image_), HasStatus(201));
  ASSERT_THAT(push("p", "manifests", image_), HasStatus(201));
  EXPECT_EQ(get("/v2/p/manifests/manifests/references").body, image_.manifest.bytes());
  start_profile("b", {"r.B.repo-named-manifests-clash"});
  ASSERT_THAT(push("p/manifests", "references", image_), HasStatus(201));
  ASSERT_THAT(push("p", "manifests", image_), HasStatus(201));
  EXPECT_THAT(walk("/v2/p/manifests/manifests/references", "manifests"), IsEmpty());
}

TEST_F(ProposalB, IsNothingElsewhere) {
  start_profile("oci-1.0");
  EXPECT_THAT(get(list("v1")), Fails(404, "UNSUPPORTED"));
  EXPECT_THAT(request("POST", list("v1"), {}, ""), HasStatus(404));
  EXPECT_THAT(put("a", image_with("reference", subject())), HasStatus(201)) << "unknown fields are accepted";
}

TEST_F(ProposalB, FaultsBreakOneThing) {
  const auto start_and_attach = [&](const std::string& fault) {
    start_profile("b", {fault});
    attach();
    ASSERT_THAT(put("a", oci::IndexBuilder().field("reference", subject().dump()).build()), HasStatus(201));
  };
  start_and_attach("r.B.reference-dropped");
  EXPECT_THAT(references("v1"), IsEmpty());
  start_and_attach("r.B.indexonly");
  EXPECT_EQ(references("v1").size(), 1U);
  start_and_attach("r.B.tag-not-resolved");
  EXPECT_THAT(references("v1"), IsEmpty());
  EXPECT_EQ(references(digest_).size(), 2U);
  start_and_attach("r.B.404-when-empty");
  EXPECT_EQ(references("v1").size(), 2U);
  EXPECT_THAT(get(list("sha256:" + std::string(64, 'a'))), HasStatus(404));
  start_and_attach("r.B.layer-reference-listed");
  auto layer = descriptor_of({"text/plain", "x"});
  layer["reference"] = subject();
  ASSERT_THAT(put("a", image_with("layers", Json::array({layer}))), HasStatus(201));
  EXPECT_EQ(references("v1").size(), 3U);
}

}  // namespace
}  // namespace referee::selftest
