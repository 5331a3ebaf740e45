#include "referee/oci/media_types.hpp"
#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

using nlohmann::json;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Referrers : public RegistryTest {
 protected:
  void SetUp() override {
    start();
    ASSERT_THAT(push("a", "v1", image_), HasStatus(201));
  }
  json entry_of(const std::string& digest) {
    const auto body = json::parse(get("/v2/a/referrers/" + image_.digest().str()).body);
    for (const auto& entry : body["manifests"]) {
      if (entry["digest"] == digest) return entry;
    }
    return nullptr;
  }
  oci::Package add(const std::string& type, const oci::Annotations& annotations = {}) {
    auto package = oci::referrer(random_, image_.descriptor(), type, annotations);
    EXPECT_THAT(push("a", package.digest().str(), package), HasStatus(201));
    return package;
  }

  oci::Package image_ = oci::image(random_);
  std::string subject_ = image_.digest().str();
};

TEST_F(Referrers, AnEmptyListIsAnIndex) {
  for (const std::string repository : {"a", "unknown"}) {
    const auto reply = get("/v2/" + repository + "/referrers/" + subject_);
    EXPECT_THAT(reply, HasStatus(200));
    EXPECT_EQ(reply.header("Content-Type"), oci::media_type::kIndex);
    EXPECT_EQ(
        json::parse(reply.body),
        json::parse(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})"));
  }
  EXPECT_THAT(referrers("a", "unregistered+algorithm:x"), IsEmpty());
}

TEST_F(Referrers, DescribeTheManifest) {
  const auto package = add("application/vnd.example.sig", {{"a", "1"}, {"b", "\"\n\xC3\xA9"}});
  const auto entry = entry_of(package.digest().str());
  EXPECT_EQ(entry["mediaType"], package.manifest.media_type());
  EXPECT_EQ(entry["size"], package.manifest.size());
  EXPECT_EQ(entry["artifactType"], "application/vnd.example.sig");
  EXPECT_EQ(entry["annotations"], (json{{"a", "1"}, {"b", "\"\n\xC3\xA9"}}));
  EXPECT_EQ(entry.size(), 5U);
}

TEST_F(Referrers, TheConfigStandsInForTheArtifactType) {
  const auto typed =
      oci::ManifestBuilder().config({"application/vnd.example.config", "{}"}).subject(image_.descriptor()).build();
  ASSERT_THAT(push("a", "x", typed), HasStatus(201));
  EXPECT_EQ(entry_of(typed.digest().str())["artifactType"], "application/vnd.example.config");
  const auto index = oci::IndexBuilder().subject(image_.descriptor()).annotation("k", "v").build();
  ASSERT_THAT(put_manifest("a", "y", index), HasStatus(201));
  const auto entry = entry_of(index.digest().str());
  EXPECT_FALSE(entry.contains("artifactType")) << "an index has nothing to stand in";
  EXPECT_EQ(entry["annotations"], (json{{"k", "v"}}));
  const auto typed_index = oci::IndexBuilder().artifact_type("application/vnd.t").subject(image_.descriptor()).build();
  ASSERT_THAT(put_manifest("a", "z", typed_index), HasStatus(201));
  EXPECT_EQ(entry_of(typed_index.digest().str())["artifactType"], "application/vnd.t");
}

TEST_F(Referrers, AreThoseOfOneSubjectInOneRepository) {
  const auto one = add("application/vnd.one");
  const auto second = oci::referrer(random_, one.descriptor(), "application/vnd.two");
  ASSERT_THAT(push("a", second.digest().str(), second), HasStatus(201));
  EXPECT_THAT(referrers("a", subject_), UnorderedElementsAre(one.digest().str()));
  EXPECT_THAT(referrers("a", one.digest().str()), UnorderedElementsAre(second.digest().str()));
  EXPECT_THAT(referrers("b", subject_), IsEmpty());
}

TEST_F(Referrers, ComeBeforeTheirSubject) {
  const auto later = oci::image(random_);
  const auto early = oci::referrer(random_, later.descriptor(), "application/vnd.one");
  ASSERT_THAT(push("a", "early", early), HasStatus(201));
  EXPECT_THAT(referrers("a", later.digest().str()), UnorderedElementsAre(early.digest().str()));
}

TEST_F(Referrers, AreFiltered) {
  const auto one = add("application/vnd.a+json");
  const auto two = add("application/vnd.a");
  const auto url = "/v2/a/referrers/" + subject_;
  EXPECT_EQ(get(url + "?artifactType=application/vnd.a").header("OCI-Filters-Applied"), "artifactType");
  EXPECT_THAT(referrers("a", subject_, "?artifactType=application/vnd.a"), UnorderedElementsAre(two.digest().str()));
  EXPECT_THAT(referrers("a", subject_, "?artifactType=application%2Fvnd.a%2Bjson"),
              UnorderedElementsAre(one.digest().str()));
  EXPECT_THAT(referrers("a", subject_, "?artifactType=application/vnd.a+json"),
              UnorderedElementsAre(one.digest().str()));
  EXPECT_THAT(referrers("a", subject_, "?artifactType=none"), IsEmpty());
  EXPECT_FALSE(get(url).has("OCI-Filters-Applied"));
}

TEST_F(Referrers, AreListedOnceAndVanish) {
  const auto one = add("application/vnd.a");
  ASSERT_THAT(push("a", "again", one), HasStatus(201));
  EXPECT_EQ(referrers("a", subject_).size(), 1U);
  ASSERT_THAT(remove("/v2/a/manifests/again"), HasStatus(202));
  EXPECT_EQ(referrers("a", subject_).size(), 1U) << "only the tag went";
  ASSERT_THAT(remove("/v2/a/manifests/" + one.digest().str()), HasStatus(202));
  EXPECT_THAT(referrers("a", subject_), IsEmpty());
}

TEST_F(Referrers, IncludeWhatAFallbackTagListsButNotItsIndex) {
  const auto one = add("application/vnd.a");
  const auto index = oci::IndexBuilder().manifest(one.descriptor()).build();
  ASSERT_THAT(put_manifest("a", oci::referrers_tag(subject_), index), HasStatus(201));
  EXPECT_THAT(referrers("a", subject_), UnorderedElementsAre(one.digest().str()));
}

/// All pages: the digests in order, and how many pages there were.
struct Walk {
  std::vector<std::string> digests;
  int pages = 0;
  std::size_t largest = 0;
};

class ReferrersPages : public Referrers {
 protected:
  Walk walk(const std::string& query = "") {
    Walk walk;
    std::string next = "/v2/a/referrers/" + subject_ + query;
    for (; walk.pages < 50 && !next.empty(); ++walk.pages) {
      const auto reply = get(next);
      EXPECT_THAT(reply, HasStatus(200));
      EXPECT_EQ(reply.has("OCI-Filters-Applied"), !query.empty());
      walk.largest = std::max(walk.largest, reply.body.size());
      const auto body = json::parse(reply.body, nullptr, false);
      for (const auto& entry : body["manifests"]) walk.digests.push_back(entry["digest"]);
      const auto link = reply.header("Link");
      EXPECT_TRUE(link.empty() || link.ends_with(">; rel=\"next\"")) << link;
      next = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    }
    return walk;
  }
};

TEST_F(ReferrersPages, StayBelowTheLimit) {
  std::vector<std::string> expected;
  for (int i = 0; i < 6; ++i) {
    expected.push_back(add("application/vnd.a", {{"padding", std::string(900'000, 'x')}}).digest().str());
  }
  std::ranges::sort(expected);
  const auto all = walk();
  EXPECT_EQ(all.pages, 2);
  EXPECT_LE(all.largest, 4U * 1024 * 1024);
  EXPECT_EQ(all.digests, expected);
}

TEST_F(ReferrersPages, KeepTheFilter) {
  start_with({"v.early-paging-referrers"});
  ASSERT_THAT(push("a", "v1", image_), HasStatus(201));
  for (int i = 0; i < 8; ++i) add(i % 2 == 0 ? "application/vnd.a+b" : "application/vnd.c");
  EXPECT_EQ(walk().pages, 8);
  EXPECT_EQ(walk().digests.size(), 8U);
  const auto filtered = walk("?artifactType=application/vnd.a%2Bb");
  EXPECT_EQ(filtered.pages, 4);
  EXPECT_EQ(filtered.digests.size(), 4U);
}

TEST_F(Referrers, MayBeAbsent) {
  registry::ServerOptions options;
  options.profile = "oci-1.0";
  start(options);
  EXPECT_THAT(get("/v2/a/referrers/" + subject_), HasStatus(404));
  EXPECT_FALSE(push("a", "x", oci::referrer(random_, image_.descriptor(), "application/vnd.a")).has("OCI-Subject"));
}

}  // namespace
}  // namespace referee::selftest
