// Proposal A: artifact manifests and their referrers.
#include "proposal_fixture.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::selftest {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ProposalA : public ProposalTest {
 protected:
  void SetUp() override { start_profile("a"); }
  [[nodiscard]] std::string list(const std::string& query = "") const {
    return "/v2/a/_oci/artifacts/referrers?digest=" + image_.digest().str() + query;
  }
  std::vector<std::string> walk_all(const std::string& query = "") { return walk(list(query), "referrers"); }
  /// Attaches an artifact; an empty date leaves it out.
  std::string attach(const std::string& date, const std::string& type = "signature/example",
                     const std::string& key = "org.opencontainers.artifact.created") {
    Json fields{{"artifactType", type}, {"subject", subject()}, {"annotations", {{"n", std::to_string(++attached_)}}}};
    if (!date.empty()) fields["annotations"][key] = date;
    const auto manifest = artifact(fields);
    EXPECT_THAT(put("a", manifest), HasStatus(201));
    return manifest.digest().str();
  }
  int attached_ = 0;
};

TEST_F(ProposalA, ListsDescriptorsWithTheirType) {
  EXPECT_EQ(get(list()).body, "{\"referrers\":[]}\n");
  const auto digest = attach("2022-01-01T00:00:00Z");
  const auto body = Json::parse(get(list()).body);
  ASSERT_EQ(body["referrers"].size(), 1U);
  const auto& entry = body["referrers"][0];
  EXPECT_EQ(entry["digest"], digest);
  EXPECT_EQ(entry["mediaType"], oci::media_type::kArtifactManifest);
  EXPECT_EQ(entry["artifactType"], "signature/example");
  EXPECT_EQ(entry.size(), 4U) << "no annotations: to tell signers apart costs a manifest each";
  EXPECT_THAT(walk("/v2/b/_oci/artifacts/referrers?digest=" + image_.digest().str(), "referrers"), IsEmpty());
  EXPECT_THAT(get("/v2/a/manifests/" + digest), HasStatus(200));
}

TEST_F(ProposalA, ValidatesArtifacts) {
  const Json type{{"artifactType", "ice-cream/example"}};
  const auto with = [&](const std::string& key, const Json& value) {
    auto fields = type;
    fields[key] = value;
    return artifact(fields);
  };
  EXPECT_THAT(put("a", artifact(type)), HasStatus(201)) << "neither blobs nor subject";
  EXPECT_THAT(put("a", with("blobs", Json::array())), HasStatus(201));
  EXPECT_THAT(put("a", artifact({{"blobs", Json::array()}})), Fails(400, "MANIFEST_INVALID")) << "no type";
  EXPECT_THAT(put("a", with("artifactType", "")), Fails(400, "MANIFEST_INVALID"));
  auto blob = descriptor_of({"text/plain", image_.blobs[0].bytes()});
  EXPECT_THAT(put("a", with("blobs", Json::array({blob}))), HasStatus(201));
  blob["artifactType"] = "x";
  EXPECT_THAT(put("a", with("blobs", Json::array({blob}))), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put("a", with("blobs", Json::array({subject()}))), Fails(400, "MANIFEST_INVALID"))
      << "a manifest among the blobs";
  EXPECT_THAT(put("a", with("blobs", Json::array({descriptor_of({"text/plain", "absent"})}))),
              Fails(400, "MANIFEST_BLOB_UNKNOWN"));
  EXPECT_THAT(put("a", with("subject", descriptor_of({"text/plain", image_.blobs[0].bytes()}))),
              Fails(400, "MANIFEST_INVALID"))
      << "a blob as subject";
  EXPECT_THAT(put("a", with("subject", descriptor_of({"text/plain", "absent"}))), Fails(400, "MANIFEST_BLOB_UNKNOWN"));
  EXPECT_THAT(put("b", with("subject", subject())), Fails(400, "MANIFEST_BLOB_UNKNOWN")) << "of another repository";
  EXPECT_THAT(put("a", with("subject", Json::array({subject()}))), Fails(400, "MANIFEST_INVALID"));
}

TEST_F(ProposalA, MayBeLenientAboutAnAbsentSubject) {
  start_profile("a-lenient");
  const auto early =
      artifact({{"artifactType", "t/t"}, {"subject", descriptor_of({"application/vnd.later", "later"})}});
  EXPECT_THAT(put("a", early), HasStatus(201));
  const auto blob = descriptor_of({"text/plain", image_.blobs[0].bytes()});
  EXPECT_THAT(put("a", artifact({{"artifactType", "t/t"}, {"subject", blob}})), Fails(400, "MANIFEST_INVALID"));
}

TEST_F(ProposalA, ListsTheNewestFirstAndTheUndatedLast) {
  const auto undated = attach("");
  const auto early = attach("2022-01-01T01:00:00+02:00");  // 23:00Z of the day before
  const auto late = attach("2021-12-31T23:30:00Z");
  const auto latest = attach("2021-12-31t23:30:00.25z", "t/t", "org.oci.artifact.created");
  const auto wrong = attach("yesterday");
  auto all = walk_all();
  ASSERT_EQ(all.size(), 5U);
  EXPECT_THAT(std::vector(all.begin() + 3, all.end()), UnorderedElementsAre(undated, wrong));
  all.resize(3);
  EXPECT_THAT(all, ElementsAre(latest, late, early));
}

TEST_F(ProposalA, ComesInPages) {
  std::vector<std::string> expected;
  for (int i = 9; i >= 1; --i) expected.push_back(attach("2022-01-0" + std::to_string(i) + "T00:00:00Z"));
  EXPECT_EQ(walk_all("&n=4"), expected);
  EXPECT_EQ(pages_, 3);
  EXPECT_EQ(walk_all("&n=9"), expected);
  EXPECT_EQ(pages_, 1);
  const auto other = attach("", "t/a+b");
  EXPECT_THAT(walk_all("&n=1&artifactType=t/a%2Bb"), ElementsAre(other));
  EXPECT_EQ(walk_all("&n=2&artifactType=signature%2Fexample"), expected);
  for (const auto* query : {"&n=0", "&n=-1", "&n=x"}) EXPECT_THAT(get(list(query)), HasStatus(400)) << query;

  // What is attached between two pages does not push anything out of the walk.
  const auto first = get(list("&n=2"));
  attach("2023-01-01T00:00:00Z");
  const auto link = first.header("Link");
  const auto rest = walk(link.substr(1, link.find('>') - 1), "referrers");
  EXPECT_EQ(rest.size(), expected.size() + 1 - 2);
}

TEST_F(ProposalA, AnswersForAnyDigestAndNoOther) {
  const auto artifact_digest = attach("");
  ASSERT_THAT(remove("/v2/a/manifests/" + image_.digest().str()), HasStatus(202));
  EXPECT_THAT(walk_all(), ElementsAre(artifact_digest)) << "the subject is gone, its referrers are not";
  EXPECT_THAT(get("/v2/a/_oci/artifacts/referrers"), Fails(400, "DIGEST_INVALID"));
  EXPECT_THAT(get("/v2/a/_oci/artifacts/referrers?digest=v1"), Fails(400, "DIGEST_INVALID"));
  EXPECT_THAT(get("/v2/a/referrers/" + image_.digest().str()), HasStatus(404)) << "no API of 1.1";
  EXPECT_THAT(request("PUT", list(), {}, ""), HasStatus(405));
  const auto image = image_with("subject", subject());
  EXPECT_THAT(put("a", image), HasStatus(201));
  EXPECT_THAT(walk_all(), ElementsAre(artifact_digest)) << "the field of an image means nothing here";
}

TEST_F(ProposalA, FaultsBreakOneThing) {
  const auto absent = artifact({{"artifactType", "t/t"}, {"subject", descriptor_of({"text/plain", "absent"})}});
  const auto untyped = artifact({{"blobs", Json::array()}});
  start_profile("a", {"r.A.subject-missing-201"});
  EXPECT_THAT(put("a", absent), HasStatus(201));
  EXPECT_THAT(put("a", untyped), HasStatus(400));
  start_profile("a", {"r.A.artifacttype-optional"});
  EXPECT_THAT(put("a", untyped), HasStatus(201));
  EXPECT_THAT(put("a", absent), HasStatus(400));
  start_profile("a", {"r.A.blob-subject-201"});
  const auto blob = descriptor_of({"text/plain", image_.blobs[0].bytes()});
  EXPECT_THAT(put("a", artifact({{"artifactType", "t/t"}, {"subject", blob}})), HasStatus(201));
  start_profile("a", {"r.A.blobs-manifest-ok"});
  EXPECT_THAT(put("a", artifact({{"artifactType", "t/t"}, {"blobs", Json::array({subject()})}})), HasStatus(201));
  start_profile("a", {"r.put.artman-201-not-indexed"});
  attach("");
  EXPECT_THAT(walk_all(), IsEmpty());
  start_profile("a", {"r.A.mediatype-in-index-refused"});
  EXPECT_THAT(put("a", oci::IndexBuilder().manifest(untyped.descriptor()).build()), HasStatus(400));
  EXPECT_THAT(put("a", oci::IndexBuilder().manifest(image_.descriptor()).build()), HasStatus(201));
}

TEST_F(ProposalA, FaultsOfTheListBreakOneThing) {
  const auto order = [&](const std::string& fault) {
    start_profile("a", {fault});
    const std::vector<std::string> pushed = {attach("2022-01-01T01:00:00+02:00"), attach("2021-12-31T23:30:00Z"),
                                             attach("")};
    std::vector<int> places;
    for (const auto& digest : walk_all()) {
      places.push_back(static_cast<int>(std::ranges::find(pushed, digest) - pushed.begin()));
    }
    return places;
  };
  EXPECT_THAT(order("r.get.ct-generic"), ElementsAre(1, 0, 2)) << "the right order";
  EXPECT_THAT(order("r.A.sort-lexical"), ElementsAre(0, 1, 2));
  EXPECT_THAT(order("r.A.sort-oldest-first"), ElementsAre(0, 1, 2));
  EXPECT_THAT(order("r.A.undated-first"), ElementsAre(2, 1, 0));
  const auto sorted_by_digest = [&](const std::string& fault) {
    start_profile("a", {fault});
    for (int day = 1; day < 9; ++day) attach("2022-01-0" + std::to_string(day) + "T00:00:00Z");
    return std::ranges::is_sorted(walk_all());
  };
  EXPECT_FALSE(sorted_by_digest("r.get.ct-generic"));
  EXPECT_TRUE(sorted_by_digest("r.A.sort-none"));
  EXPECT_TRUE(sorted_by_digest("r.A.wrong-key")) << "undated by the key that it looks at";
  start_profile("a", {"r.A.n-ignored"});
  for (int i = 0; i < 3; ++i) attach("");
  EXPECT_EQ(Json::parse(get(list("&n=1")).body)["referrers"].size(), 3U);
  start_profile("a", {"r.A.n-overshoot"});
  for (int i = 0; i < 3; ++i) attach("");
  EXPECT_EQ(Json::parse(get(list("&n=1")).body)["referrers"].size(), 2U);
  start_profile("a", {"r.A.filter-MAY-404"});
  EXPECT_THAT(get(list("&artifactType=t/t")), HasStatus(404));
  start_profile("a", {"r.ref.null-list"});
  EXPECT_TRUE(Json::parse(get(list()).body)["referrers"].is_null()) << "faults of lists work in every API";
}

}  // namespace
}  // namespace referee::selftest
