// Proposal C: node manifests below /v3/.
#include "proposal_fixture.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::selftest {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ProposalC : public ProposalTest {
 protected:
  void SetUp() override { start_profile("c"); }
  static oci::Content node(const Json& fields) {
    Json all{{"schemaVersion", 3}};
    if (fields.is_object()) all.update(fields);
    return document(oci::media_type::kNode, all);
  }
  /// Three objects in an order that is not that of their digests.
  static Json objects() {
    auto list = Json::array();
    for (const auto* text : {"c", "a", "b"}) list.push_back(descriptor_of({"text/plain", text}));
    return list;
  }
  Json json(const std::string& path) {
    const auto reply = get("/v3/a/" + path);
    EXPECT_THAT(reply, HasStatus(200));
    return Json::parse(reply.body, nullptr, false);
  }
};

TEST_F(ProposalC, StoresNodesBesideOtherManifests) {
  EXPECT_THAT(get("/v3/"), HasStatus(200));
  const auto manifest = node({{"description", "x"}, {"objects", objects()}, {"reference", subject()}});
  const auto reply = put("a", manifest, "v3");
  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(reply.header("Location"), "/v3/a/manifests/" + manifest.digest().str());
  EXPECT_THAT(put_manifest("a", "node", manifest), HasStatus(201)) << "/v2/ takes it too";
  for (const std::string path : {"/v3/a/manifests/node", "/v2/a/manifests/node"}) {
    EXPECT_EQ(get(path).body, manifest.bytes());
    EXPECT_EQ(get(path).header("Content-Type"), oci::media_type::kNode);
  }
  EXPECT_EQ(get("/v3/a/manifests/v1").body, image_.manifest.bytes());
  EXPECT_THAT(put("b", oci::IndexBuilder().build(), "v3"), HasStatus(201));
  EXPECT_THAT(remove("/v3/a/manifests/" + manifest.digest().str()), HasStatus(202));
  EXPECT_THAT(get("/v3/a/manifests/node"), HasStatus(404));
  EXPECT_THAT(get("/v3/a/tags/list"), Fails(404, "UNSUPPORTED"));
}

TEST_F(ProposalC, ValidatesNodes) {
  const auto nested = descriptor_of(node({}));
  EXPECT_THAT(put("a", node({})), HasStatus(201)) << "everything is optional";
  EXPECT_THAT(put("a", node({{"reference", Json::object()}})), HasStatus(201));
  EXPECT_THAT(put("a", node({{"reference", "https://example.com/elsewhere"}})), HasStatus(201));
  EXPECT_THAT(put("a", node({{"objects", Json::array({nested})}})), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put("a", node({{"reference", Json::array({subject(), subject()})}})), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put("a", node({{"reference", Json::array({subject()})}})), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put("a", node({{"schemaVersion", 2}})), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put("a", node({{"description", 1}})), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put("a", node({{"objects", Json::object()}})), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put("a", node({{"objects", Json::array({1})}})), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put("a", artifact({{"artifactType", "t/t"}})), Fails(400, "MANIFEST_INVALID"));
}

TEST_F(ProposalC, ListsTheNodesThatReferToATagOrDigest) {
  EXPECT_EQ(get("/v3/a/referrers/v1").body, "{\"referrers\":[]}\n");
  const auto first = node({{"description", "1"}, {"objects", objects()}, {"reference", subject()}});
  const auto second = node({{"description", "2"}, {"reference", subject()}});
  ASSERT_THAT(put("a", first), HasStatus(201));
  ASSERT_THAT(put("a", second), HasStatus(201));
  const auto both = UnorderedElementsAre(first.digest().str(), second.digest().str());
  EXPECT_THAT(walk("/v3/a/referrers/v1", "referrers"), both);
  EXPECT_THAT(walk("/v3/a/referrers/" + image_.digest().str(), "referrers"), both);
  EXPECT_EQ(json("referrers/v1")["referrers"][0].size(), 3U);
  EXPECT_THAT(get("/v3/a/referrers/unknown"), HasStatus(404));
  EXPECT_THAT(walk("/v3/b/referrers/" + image_.digest().str(), "referrers"), IsEmpty());
  ASSERT_THAT(remove("/v2/a/manifests/" + image_.digest().str()), HasStatus(202));
  EXPECT_THAT(walk("/v3/a/referrers/" + image_.digest().str(), "referrers"), both);
}

TEST_F(ProposalC, TellsWhatANodeHolds) {
  const std::string text = "Gr\xC3\xBC\xC3\x9F \"an alle\"\n" + std::string(64UL * 1024, 'x');
  const auto manifest = node({{"description", text}, {"objects", objects()}, {"reference", subject()}});
  ASSERT_THAT(put_manifest("a", "node", manifest), HasStatus(201));
  EXPECT_EQ(json("reference/node"), subject());
  EXPECT_EQ(json("objects/node")["objects"], objects());
  EXPECT_EQ(json("description/node")["description"], text);
  EXPECT_EQ(json("description/" + manifest.digest().str())["description"], text);
  ASSERT_THAT(put_manifest("a", "bare", node({})), HasStatus(201));
  EXPECT_EQ(json("reference/bare"), Json::object());
  EXPECT_EQ(json("objects/bare")["objects"], Json::array());
  EXPECT_EQ(json("description/bare")["description"], "");
  EXPECT_THAT(get("/v3/a/objects/v1"), Fails(404, "MANIFEST_UNKNOWN")) << "an image is no node";
  EXPECT_THAT(request("PUT", "/v3/a/objects/node", {}, ""), HasStatus(405));
}

TEST_F(ProposalC, IsNothingElsewhere) {
  start_profile("oci-1.0");
  for (const auto* path : {"/v3/", "/v3/a/manifests/v1", "/v3/a/referrers/v1", "/v3/a/objects/v1"}) {
    EXPECT_THAT(get(path), Fails(404, "UNSUPPORTED")) << path;
  }
  EXPECT_THAT(put("a", node({})), Fails(400, "MANIFEST_INVALID"));
}

TEST_F(ProposalC, FaultsBreakOneThing) {
  const auto manifest = node({{"description", "x"}, {"objects", objects()}});
  const auto start_and_push = [&](const std::string& fault) {
    start_profile("c", {fault});
    ASSERT_THAT(put_manifest("a", "node", manifest), HasStatus(201));
  };
  start_and_push("r.C.nested-node-ok");
  EXPECT_THAT(put("a", node({{"objects", Json::array({descriptor_of(manifest)})}})), HasStatus(201));
  start_and_push("r.C.two-references-ok");
  EXPECT_THAT(put("a", node({{"reference", Json::array({subject(), subject()})}})), HasStatus(201));
  start_and_push("r.C.objects-reordered");
  EXPECT_EQ(json("objects/node")["objects"][0], objects()[2]);
  start_and_push("r.C.description-lost");
  EXPECT_EQ(json("description/node")["description"], "");
  start_and_push("r.C.reference-null-404");
  EXPECT_THAT(get("/v3/a/reference/node"), HasStatus(404));
  start_and_push("r.C.referrers-objects");
  ASSERT_THAT(put("a", node({{"objects", objects()}, {"reference", subject()}})), HasStatus(201));
  EXPECT_EQ(json("referrers/v1")["referrers"], objects());
  start_and_push("r.C.v3-absent");
  EXPECT_THAT(get("/v3/"), HasStatus(404));
  EXPECT_THAT(get("/v3/a/manifests/node"), HasStatus(404));
  EXPECT_THAT(get("/v2/a/manifests/node"), HasStatus(200));
}

}  // namespace
}  // namespace referee::selftest
