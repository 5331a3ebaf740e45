// The old registries among the profiles, and dates.
#include "instant.hpp"
#include "manifest_document.hpp"
#include "proposal_fixture.hpp"

namespace referee::selftest {
namespace {

using Json = nlohmann::ordered_json;
using registry::Instant;
using registry::parse_date_time;

class Profiles : public ProposalTest {
 protected:
  void SetUp() override {}
};

TEST_F(Profiles, OldRegistriesHaveNothingNew) {
  for (const auto& profile : registry::profiles()) {
    const auto& name = profile.name;
    if (name == "oci-1.1") continue;
    start_profile(name);
    const auto list = get("/v2/a/referrers/" + image_.digest().str());
    EXPECT_EQ(list.status, name == "e" ? 200 : 404) << name;
    const auto index = oci::IndexBuilder().build();
    ASSERT_THAT(put_manifest("a", index.digest().str() + "?tag=x", index), HasStatus(201)) << name;
    EXPECT_EQ(tags("a").size(), 1U) << name;
    EXPECT_EQ(get("/v2/a/manifests/v1").has("ETag"), name == "conditional") << name;
    const auto conditional = put_manifest("a", "v1", index, {{"If-None-Match", "*"}});
    const bool immutable = name == "oci-1.0-immutable-tags";
    EXPECT_EQ(conditional.status, name == "conditional" ? 412 : immutable ? 409 : 201) << name;
    const auto art = put("a", artifact({{"artifactType", "t/t"}}));
    EXPECT_EQ(art.status, name == "e" || name.starts_with("a") ? 201 : 400) << name;
    EXPECT_EQ(get("/v2/a/_oci/artifacts/referrers?digest=" + image_.digest().str()).status,
              name == "e" || name.starts_with("a") ? 200 : 404)
        << name;
    EXPECT_EQ(get("/v3/").status, name == "c" ? 200 : 404) << name;
    EXPECT_EQ(get("/v2/a/manifests/v1/references").status, name == "b" ? 200 : 404) << name;
  }
}

TEST_F(Profiles, FieldsMayBeStrict) {
  start_profile("oci-1.0-strict-fields");
  EXPECT_THAT(put("a", image_with("refers", subject())), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put("a", image_with("artifactType", "t/t")), Fails(400, "MANIFEST_INVALID"));
  EXPECT_THAT(put("a", oci::IndexBuilder().field("x", "1").build()), Fails(400, "MANIFEST_INVALID"));
  auto child = image_.descriptor();
  child.platform = oci::Platform{"amd64", "linux", "", ""};
  EXPECT_THAT(put("a", oci::IndexBuilder().manifest(child).annotation("k", "v").build()), HasStatus(201));
  child.extra["x"] = "1";
  EXPECT_THAT(put("a", oci::IndexBuilder().manifest(child).build()), Fails(400, "MANIFEST_INVALID"));
  auto layer = descriptor_of({"text/plain", "x"});
  EXPECT_THAT(put("a", image_with("layers", Json::array({layer}))), HasStatus(201));
  layer["reference"] = subject();
  EXPECT_THAT(put("a", image_with("layers", Json::array({layer}))), Fails(400, "MANIFEST_INVALID"));
}

TEST_F(Profiles, IndexesMayBeFlat) {
  start_profile("oci-1.0-no-nesting");
  const auto flat = oci::IndexBuilder().manifest(image_.descriptor()).build();
  EXPECT_THAT(put("a", flat), HasStatus(201));
  EXPECT_THAT(put("a", oci::IndexBuilder().manifest(flat.descriptor()).build()), Fails(400, "MANIFEST_INVALID"));
}

TEST_F(Profiles, TagsMayBeImmutable) {
  start_profile("oci-1.0-immutable-tags");
  const auto other = oci::IndexBuilder().build();
  EXPECT_THAT(put_manifest("a", "v1", other), Fails(409, "DENIED"));
  EXPECT_EQ(get("/v2/a/manifests/v1").body, image_.manifest.bytes());
  EXPECT_THAT(put_manifest("a", "v1", image_.manifest), HasStatus(201)) << "the same again";
  EXPECT_THAT(put_manifest("a", "v2", other), HasStatus(201));
  start_profile("oci-1.0-immutable-tags", {"r.put.immutable-all"});
  EXPECT_THAT(put_manifest("a", "v2", other), Fails(409, "DENIED"));
  EXPECT_THAT(put_manifest("b", "v2", other), HasStatus(201));
}

TEST(Instants, AreComparedWhateverTheyLookLike) {
  const auto at = [](std::string_view text) { return parse_date_time(text); };
  EXPECT_EQ(at("1970-01-01T00:00:00Z"), (Instant{0, 0}));
  EXPECT_EQ(at("2022-01-01T01:00:00+02:00"), at("2021-12-31T23:00:00Z"));
  EXPECT_EQ(at("2021-12-31t20:30:00.5-03:30"), at("2022-01-01T00:00:00.500z"));
  EXPECT_LT(at("2022-01-01T00:00:00.1Z"), at("2022-01-01T00:00:00.11Z"));
  EXPECT_EQ(at("0000-03-01T00:00:00.1234567891Z")->nanoseconds, 123'456'789U);
  EXPECT_TRUE(at("1990-12-31T23:59:60Z")) << "a leap second";
  for (const auto* text : {"", "2022", "2022-02-30T00:00:00Z", "2022-01-01T24:00:00Z", "2022-01-01T00:00:00",
                           "2022-01-01T00:00:00.Z", "2022-01-01T00:00:00Z ", "2022-01-01T00:00:00+0200",
                           "2022-13-01T00:00:00Z", "2022-1-1T00:00:00Z", "+022-01-01T00:00:00Z"}) {
    EXPECT_FALSE(at(text)) << text;
  }
}

}  // namespace
}  // namespace referee::selftest
