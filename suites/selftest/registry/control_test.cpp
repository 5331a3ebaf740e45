// The control port: switching profiles while the registry runs.
#include <atomic>
#include <thread>

#include "proposal_fixture.hpp"

namespace referee::selftest {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Control : public ProposalTest {
 protected:
  void SetUp() override { start_profile("oci-1.0"); }
  Json switch_to(const std::string& profile) {
    const auto reply = control("/profile?name=" + profile);
    EXPECT_THAT(reply, HasStatus(200));
    return Json::parse(reply.body, nullptr, false);
  }
  std::vector<std::string> list() { return walk("/v2/a/referrers/" + image_.digest().str(), "manifests"); }
};

TEST_F(Control, IsAPortOfItsOwn) {
  EXPECT_NE(server_->control_port(), server_->port());
  EXPECT_THAT(control("/gc", "GET"), Fails(405, "UNSUPPORTED"));
  EXPECT_THAT(control("/v2/", "GET"), HasStatus(404));
  EXPECT_THAT(control("/profile?name=none"), Fails(400, "UNSUPPORTED"));
  EXPECT_THAT(control("/profile"), Fails(400, "UNSUPPORTED"));
  EXPECT_THAT(request("POST", "/gc", {}, ""), HasStatus(404)) << "not on the registry's port";
  registry::ServerOptions open;
  open.control_address = "0.0.0.0";
  EXPECT_FALSE(registry::Server::start(open)) << "loopback only";
  start();
  EXPECT_EQ(server_->control_port(), 0);
}

TEST_F(Control, AnApiThatIsSwitchedOnReadsDigestTags) {
  const auto tagged = image_with("refers", subject());
  ASSERT_THAT(put("a", tagged), HasStatus(201));
  auto other = image_.descriptor();
  const auto untagged = oci::IndexBuilder().field("refers", subject().dump()).build();
  ASSERT_THAT(put("a", untagged), HasStatus(201));
  const auto tag = oci::referrers_tag(image_.digest().str());
  const auto index = oci::IndexBuilder().manifest(tagged.descriptor()).manifest(other).build();
  ASSERT_THAT(put_manifest("a", tag, index), HasStatus(201));
  EXPECT_THAT(get("/v2/a/referrers/" + image_.digest().str()), HasStatus(404));

  EXPECT_EQ(switch_to("e"), (Json{{"profile", "e"}, {"rescanned", 1}}));
  EXPECT_THAT(list(), ElementsAre(tagged.digest().str())) << "what no digest tag lists is not looked for";
  EXPECT_EQ(tags("a").size(), 2U) << "the digest tag stays";
  const auto fresh = image_with("refers", [&] {
    auto target = subject();
    target["annotations"] = {{"new", "1"}};
    return target;
  }());
  ASSERT_THAT(put("a", fresh), HasStatus(201));
  EXPECT_THAT(list(), UnorderedElementsAre(tagged.digest().str(), fresh.digest().str()));

  switch_to("oci-1.0");
  EXPECT_THAT(get("/v2/a/referrers/" + image_.digest().str()), HasStatus(404));
  switch_to("e");
  EXPECT_EQ(list().size(), 2U) << "nothing is forgotten, nothing counted twice";
  switch_to("oci-1.1");
  EXPECT_THAT(list(), IsEmpty()) << "there the field is another";
}

TEST_F(Control, ARepeatedPushIsReadInTheNewWay) {
  const auto manifest = image_with("refers", subject());
  ASSERT_THAT(put_manifest("a", "x", manifest), HasStatus(201));
  switch_to("e");
  EXPECT_THAT(list(), IsEmpty());
  ASSERT_THAT(put("a", manifest), HasStatus(201));
  EXPECT_THAT(list(), ElementsAre(manifest.digest().str()));
  ASSERT_THAT(remove("/v2/a/manifests/" + manifest.digest().str()), HasStatus(202));
  EXPECT_THAT(list(), IsEmpty());
  EXPECT_THAT(get("/v2/a/manifests/x"), HasStatus(404));
}

TEST_F(Control, TheAdoptedApiReadsDigestTagsAsWell) {
  for (const bool everything : {false, true}) {
    SCOPED_TRACE(everything);
    start_profile("oci-1.0", everything ? std::vector<std::string>{"v.rescan-everything"} : std::vector<std::string>{});
    const auto tagged = oci::IndexBuilder().subject(image_.descriptor()).build();
    const auto untagged = oci::IndexBuilder().subject(image_.descriptor()).annotation("n", "1").build();
    for (const auto& one : {tagged, untagged}) ASSERT_THAT(put("a", one), HasStatus(201));
    const auto index = oci::IndexBuilder().manifest(tagged.descriptor()).build();
    ASSERT_THAT(put_manifest("a", oci::referrers_tag(image_.digest().str()), index), HasStatus(201));
    switch_to("oci-1.1");
    EXPECT_EQ(list().size(), everything ? 2U : 1U);
    EXPECT_THAT(list(), testing::Contains(tagged.digest().str()));
  }
}

TEST_F(Control, AFaultForgetsToRescan) {
  start_profile("oci-1.0", {"r.E.no-rescan-on-upgrade"});
  const auto tagged = image_with("refers", subject());
  ASSERT_THAT(put("a", tagged), HasStatus(201));
  const auto index = oci::IndexBuilder().manifest(tagged.descriptor()).build();
  ASSERT_THAT(put_manifest("a", oci::referrers_tag(image_.digest().str()), index), HasStatus(201));
  EXPECT_EQ(switch_to("e")["rescanned"], 0);
  EXPECT_THAT(list(), IsEmpty());
}

TEST_F(Control, SwitchingAndCollectingUnderLoadIsSound) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&, i] {
      RawClient client(server_->port());
      const auto index = oci::IndexBuilder().annotation("n", std::to_string(i)).build();
      while (!stop) {
        const auto pushed = client.request("PUT", "/v2/c/manifests/t" + std::to_string(i),
                                           {{"Content-Type", index.media_type()}}, index.bytes());
        EXPECT_EQ(pushed.status, 201);
        EXPECT_EQ(client.get("/v2/c/manifests/t" + std::to_string(i)).status, 200);
        const auto listed = client.get("/v2/a/referrers/" + image_.digest().str()).status;
        EXPECT_TRUE(listed == 200 || listed == 404) << listed;
      }
    });
  }
  for (int round = 0; round < 30; ++round) {
    for (const auto* profile : {"e", "oci-1.0", "a", "c"}) switch_to(profile);
    EXPECT_THAT(control("/gc"), HasStatus(200));
  }
  stop = true;
  for (auto& client : clients) client.join();
}

}  // namespace
}  // namespace referee::selftest
