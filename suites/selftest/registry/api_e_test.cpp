// Proposal E: the field `refers` and the referrers API.
#include "proposal_fixture.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::selftest {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr const char* kApplied = "org.opencontainers.references.filtersApplied";

class ProposalE : public ProposalTest {
 protected:
  void SetUp() override { start_profile("e"); }
  [[nodiscard]] std::string final_list(const std::string& query = "") const {
    return "/v2/a/referrers/" + image_.digest().str() + (query.empty() ? "" : "?" + query);
  }
  [[nodiscard]] std::string trial_list(const std::string& query = "") const {
    return "/v2/a/_oci/artifacts/referrers?digest=" + image_.digest().str() + (query.empty() ? "" : "&" + query);
  }
  std::vector<std::string> list() { return walk(final_list(), "manifests"); }
  oci::Content typed(const std::string& type, const oci::Annotations& annotations = {}) {
    auto builder = oci::ManifestBuilder().config({type, "{}"}).field("refers", subject().dump());
    for (const auto& [key, value] : annotations) builder.annotation(key, value);
    const auto package = builder.build();
    EXPECT_THAT(push_blob("a", "{}"), HasStatus(201));
    return package.manifest;
  }
  std::string attach(const std::string& type, const oci::Annotations& annotations = {}) {
    const auto manifest = typed(type, annotations);
    EXPECT_THAT(put("a", manifest), HasStatus(201));
    return manifest.digest().str();
  }
  std::string attach_artifact() {
    const auto manifest =
        artifact({{"artifactType", "application/vnd.art"}, {"refers", subject()}, {"annotations", {{"k", "v"}}}});
    EXPECT_THAT(put("a", manifest), HasStatus(201));
    return manifest.digest().str();
  }
};

TEST_F(ProposalE, ListsImagesAndArtifactsOnBothPaths) {
  const auto empty = get(final_list());
  EXPECT_EQ(empty.header("Content-Type"), oci::media_type::kIndex);
  EXPECT_EQ(Json::parse(empty.body)["manifests"], Json::array());
  const auto image = attach("application/vnd.sig", {{"a", "1"}, {"b", ""}});
  const auto art = attach_artifact();
  for (const auto& path : {final_list(), trial_list()}) {
    EXPECT_THAT(walk(path, "manifests"), UnorderedElementsAre(image, art));
    const auto body = Json::parse(get(path).body);
    for (const auto& entry : body["manifests"]) {
      const bool is_image = entry["digest"] == image;
      EXPECT_EQ(entry["artifactType"], is_image ? "application/vnd.sig" : "application/vnd.art");
      EXPECT_EQ(entry["annotations"].size(), is_image ? 2U : 1U);
    }
  }
  ASSERT_THAT(put("a", image_with("subject", subject())), HasStatus(201));
  ASSERT_THAT(put("a", oci::IndexBuilder().field("refers", subject().dump()).build()), HasStatus(201));
  EXPECT_EQ(list().size(), 2U) << "another field, or another manifest, is no referrer";
  EXPECT_THAT(get("/v2/a/referrers/v1"), Fails(400, "DIGEST_INVALID"));
  EXPECT_THAT(get("/v2/a/_oci/artifacts/referrers"), Fails(400, "DIGEST_INVALID"));
  EXPECT_THAT(walk("/v2/unknown/referrers/" + image_.digest().str(), "manifests"), IsEmpty());
}

TEST_F(ProposalE, TakesReferrersBeforeAndAfterTheirSubject) {
  const auto image = attach("application/vnd.sig");
  ASSERT_THAT(remove("/v2/a/manifests/" + image_.digest().str()), HasStatus(202));
  EXPECT_THAT(list(), ElementsAre(image));
  const auto art = attach_artifact();
  EXPECT_THAT(list(), UnorderedElementsAre(image, art));
  ASSERT_THAT(remove("/v2/a/manifests/" + art), HasStatus(202));
  EXPECT_THAT(list(), ElementsAre(image));
}

TEST_F(ProposalE, FiltersByOneTypeAndSaysSo) {
  const auto one = attach("application/vnd.a+json");
  const auto two = attach("application/vnd.b");
  const auto filtered = [&](const std::string& query) {
    const auto body = Json::parse(get(final_list(query)).body);
    EXPECT_EQ(body["annotations"][kApplied], "artifactType");
    return body["manifests"];
  };
  EXPECT_EQ(filtered("artifactType=application/vnd.b")[0]["digest"], two);
  EXPECT_EQ(filtered("artifactType=application/vnd.a%2Bjson")[0]["digest"], one);
  EXPECT_EQ(filtered("artifactType=application/vnd.b&artifactType=application/vnd.a%2Bjson").size(), 1U);
  EXPECT_THAT(filtered("artifactType=application/vnd.c"), IsEmpty());
  EXPECT_FALSE(Json::parse(get(final_list()).body).contains("annotations"));
  EXPECT_THAT(walk(trial_list("artifactType=application/vnd.b"), "manifests"), ElementsAre(two));
}

TEST_F(ProposalE, ComesInPagesAboveTheLimitOfBytes) {
  std::vector<std::string> expected;
  for (int i = 0; i < 10; ++i) {
    expected.push_back(attach(i % 2 == 0 ? "application/vnd.a+b" : "application/vnd.c",
                              {{"n", std::to_string(i)}, {"padding", std::string(600'000, 'x')}}));
  }
  std::ranges::sort(expected);
  for (const auto& path : {final_list(), trial_list()}) {
    EXPECT_EQ(walk(path, "manifests"), expected);
    EXPECT_EQ(pages_, 2);
  }
  EXPECT_EQ(walk(trial_list("artifactType=application/vnd.a%2Bb"), "manifests").size(), 5U);
}

TEST_F(ProposalE, TellsItsExtensions) {
  for (const auto* path : {"/v2/_oci/ext/discover", "/v2/a/_oci/ext/discover"}) {
    const auto reply = get(path);
    EXPECT_THAT(reply, HasStatus(200)) << path;
    const auto extensions = Json::parse(reply.body, nullptr, false)["extensions"];
    ASSERT_EQ(extensions.size(), 1U) << path;
    EXPECT_EQ(extensions[0]["name"], "_oci");
    EXPECT_TRUE(extensions[0]["url"].get<std::string>().ends_with("PROPOSAL_E.md"));
    EXPECT_EQ(extensions[0]["endpoints"].size(), 2U);
    EXPECT_THAT(request("PUT", path, {}, ""), HasStatus(405));
  }
  start_profile("oci-1.0");
  EXPECT_THAT(get("/v2/_oci/ext/discover"), HasStatus(404));
}

TEST_F(ProposalE, FaultsBreakOneThing) {
  const auto listed = [&](const std::string& fault) {
    start_profile("e", {fault});
    const auto image = attach("application/vnd.a");
    const auto art = attach_artifact();
    std::vector<std::string> kinds;
    for (const auto& digest : list()) kinds.emplace_back(digest == image ? "image" : digest == art ? "artifact" : "?");
    return kinds;
  };
  EXPECT_THAT(listed("r.E.refers-ignored"), ElementsAre("artifact"));
  EXPECT_THAT(listed("r.E.artman-unlisted"), ElementsAre("image"));
  EXPECT_THAT(listed("r.put.artman-201-not-indexed"), ElementsAre("image"));
  EXPECT_THAT(listed("r.E.filters-annotation-missing"), UnorderedElementsAre("image", "artifact"));
  auto body = Json::parse(get(final_list("artifactType=application/vnd.a")).body);
  EXPECT_EQ(body["manifests"].size(), 1U);
  EXPECT_FALSE(body.contains("annotations"));
  EXPECT_THAT(listed("r.E.filters-annotation-wrong-key"), UnorderedElementsAre("image", "artifact"));
  body = Json::parse(get(final_list("artifactType=application/vnd.a")).body);
  EXPECT_EQ(body["annotations"].size(), 1U);
  EXPECT_FALSE(body["annotations"].contains(kApplied));
}

}  // namespace
}  // namespace referee::selftest
