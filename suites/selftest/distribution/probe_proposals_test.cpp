// What the probe finds out about the interfaces of proposals, each of which only one profile has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "distribution/fake_server.hpp"
#include "referee/distribution/capabilities.hpp"
#include "referee/registry/server.hpp"

namespace referee::distribution {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Capabilities probe_profile(const std::string& profile, const std::vector<std::string>& deviations = {},
                           bool proposals = true) {
  registry::ServerOptions server_options;
  server_options.profile = profile;
  server_options.deviations = deviations;
  const auto server = registry::Server::start(server_options);
  EXPECT_TRUE(server) << server.error();
  if (!server) return {};
  ProbeOptions options;
  options.repository = "p/one";
  options.second_repository = "p/two";
  if (proposals) {
    for (const Capability capability : proposal_capabilities()) options.proposals.insert(capability);
  }
  Registry registry(test_client(), (*server)->url());
  auto probed = probe(registry, options);
  EXPECT_TRUE(probed) << probed.error().message;
  return probed.value_or(Capabilities{});
}

std::vector<std::string> proposals_on(const std::string& profile, const std::vector<std::string>& deviations = {}) {
  const auto found = probe_profile(profile, deviations);
  std::vector<std::string> names;
  for (const Capability capability : proposal_capabilities()) {
    EXPECT_THAT(found.at(capability).evidence, HasSubstr("answered")) << name(capability);
    if (found.at(capability).present) names.emplace_back(name(capability));
  }
  return names;
}

TEST(ProbeProposals, EachInterfaceIsFoundWhereItIsAndNowhereElse) {
  EXPECT_THAT(proposals_on("a"), ElementsAre("proposal-a"));
  EXPECT_THAT(proposals_on("a-lenient"), ElementsAre("proposal-a"));
  EXPECT_THAT(proposals_on("b"), ElementsAre("proposal-b"));
  EXPECT_THAT(proposals_on("c"), ElementsAre("proposal-c"));
  EXPECT_THAT(proposals_on("e"), ElementsAre("proposal-e"));
  EXPECT_THAT(proposals_on("oci-1.0"), IsEmpty());
  EXPECT_THAT(proposals_on("oci-1.1"), IsEmpty()) << "it has the path of E, and reads `subject`";
}

TEST(ProbeProposals, FaultsAreNotTakenForAbsences) {
  for (const auto* fault : {"r.E.refers-ignored", "r.E.artman-unlisted", "r.put.artman-201-not-indexed",
                            "r.ref.lists-tagged-only", "r.ref.404-when-empty", "r.ref.null-list", "r.ref.lag"}) {
    EXPECT_THAT(proposals_on("e", {fault}), ElementsAre("proposal-e")) << fault;
  }
  for (const auto* fault : {"r.put.artman-201-not-indexed", "r.ref.lists-tagged-only", "r.ref.404-when-empty"}) {
    EXPECT_THAT(proposals_on("a", {fault}), ElementsAre("proposal-a")) << fault;
  }
  for (const auto* fault : {"r.B.reference-dropped", "r.B.404-when-empty", "r.ref.lag"}) {
    EXPECT_THAT(proposals_on("b", {fault}), ElementsAre("proposal-b")) << fault;
  }
}

TEST(ProbeProposals, NobodyIsAskedForWhatNoCheckNeeds) {
  const auto found = probe_profile("e", {}, false);
  for (const Capability capability : proposal_capabilities()) EXPECT_FALSE(found.contains(capability));
}

}  // namespace
}  // namespace referee::distribution
