// What is certified, what is not, and what comes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"
#include "referee/registry/server.hpp"
#include "referee/signing/bundle.hpp"

namespace referee::certificate::test {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> names(const std::vector<Claim>& claims) {
  std::vector<std::string> list;
  for (const auto& claim : claims) list.push_back(claim.profile);
  return list;
}

std::string why_not(const Order& order, const Build& by = build()) {
  const auto made = certify(order, vendor(), by, world().book());
  return made ? "" : made.error();
}

TEST(Certify, ASoundRunIsCertified) {
  const auto made = certify(order(sound_run()), vendor(), build(), world().book());
  ASSERT_TRUE(made) << made.error();
  EXPECT_THAT(names(made->claims), ElementsAre("pull", "push", "discovery", "management"));
  EXPECT_THAT(made->not_claimed, IsEmpty()) << "proposals were not judged at all";
  const auto claim = signing::read_bundle(made->files.at(std::string(kBundleFile)));
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->statement_type, kPredicateType);
  const auto statement = json::parse(claim->document);
  EXPECT_EQ(statement["_type"], "https://in-toto.io/Statement/v1");
  EXPECT_EQ(statement["predicate"]["result"], "PASSED");
  EXPECT_THAT(statement["predicate"]["passedTests"], Contains(json("oci-1.1/delete/manifest")));
  EXPECT_THAT(statement["predicate"]["configuration"][1]["annotations"]["observed"], ElementsAre("oci-1.1/tags/race"));
  std::vector<std::string> files;
  for (const auto& [name, bytes] : made->files) files.push_back(name);
  EXPECT_THAT(files, ElementsAre("PRODUCT.yaml", "README.md", "badge.json", "badge.svg", kBundleFile, "junit.xml",
                                 "recording.jsonl", "report.html", "results.json"));
  EXPECT_THAT(made->files.at("PRODUCT.yaml"), HasSubstr("vendor: \"Example: \\\"Inc\\\"\"\nname: \"Registry\"\n"));
  EXPECT_THAT(made->files.at("README.md"), HasSubstr("cosign verify-blob-attestation"));
  EXPECT_EQ(json::parse(made->files.at("badge.json"))["message"], "pull, push, discovery, management");
}

TEST(Certify, WhatFailsIsNotClaimedAndSaid) {
  const Folder folder;
  judge(folder, {"r.ref.null-list"});
  const auto made = certify(order(folder), vendor(), build(), world().book());
  ASSERT_TRUE(made) << made.error();
  EXPECT_THAT(names(made->claims), ElementsAre("pull", "push", "management"));
  EXPECT_THAT(made->not_claimed, ElementsAre("discovery: fail oci-1.1/referrers/empty-list"));
  auto wanted = order(folder);
  wanted.profiles = {"pull", "discovery"};
  EXPECT_EQ(why_not(wanted), "the run does not show the profile discovery: fail oci-1.1/referrers/empty-list");
}

TEST(Certify, WhatIsUnsupportedIsSaid) {
  const Folder folder;
  judge(folder, {}, {}, "oci-1.0");
  const auto made = certify(order(folder), vendor(), build(), world().book());
  ASSERT_TRUE(made) << made.error();
  const auto claim = signing::read_bundle(made->files.at(std::string(kBundleFile)));
  const auto statement = json::parse(claim->document);
  EXPECT_THAT(statement["predicate"]["configuration"][1]["annotations"]["unsupported"],
              ElementsAre("oci-1.1/referrers/empty-list"));
}

TEST(Certify, RefusesABuildThatNobodyElseHas) {
  for (const auto& commit : {kCommit + "+dirty", std::string("unknown"), std::string()}) {
    EXPECT_THAT(why_not(order(sound_run()), {build().version, commit}), HasSubstr("nobody else can have it"));
  }
  EXPECT_THAT(why_not(order(sound_run()), {build().version, std::string(40, 'b')}),
              HasSubstr("certify with the Referee that judged"));
  EXPECT_THAT(why_not(order(sound_run()), {"9.9.9", kCommit}), HasSubstr("certify with the Referee that judged"));
}

TEST(Certify, RefusesAPartOfASuite) {
  const Folder folder;
  judge(folder, {}, [](conformance::RunOptions& options) { std::erase(options.checks, "oci-1.1/tags/list"); });
  EXPECT_THAT(why_not(order(folder)),
              HasSubstr("the run took a part of the suite oci-1.1 only: 1 of 8 checks is missing, oci-1.1/tags/list"));
}

TEST(Certify, RefusesARunThatWasCut) {
  const Folder folder;
  folder.copy_from(sound_run());
  const auto whole = folder.read("recording.jsonl");
  folder.write("recording.jsonl", whole.substr(0, whole.rfind('\n', whole.size() - 2) + 1));
  EXPECT_THAT(why_not(order(folder)), HasSubstr("the recording is incomplete"));
  folder.write("recording.jsonl", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(why_not(order(folder)), HasSubstr("the recording is incomplete"));
}

TEST(Certify, RefusesResultsThatWereEdited) {
  const Folder folder;
  judge(folder, {"r.ref.null-list"});
  folder.edit("results.json", R"("verdict": "fail")", R"("verdict": "pass")");
  EXPECT_THAT(why_not(order(folder)), HasSubstr("results.json does not follow from the recording"));
}

TEST(Certify, TheSameRunAtTheSameTimeIsTheSameCertificate) {
  const auto once = certify(order(sound_run()), vendor(), build(), world().book());
  const auto again = certify(order(sound_run()), vendor(), build(), world().book());
  ASSERT_TRUE(once && again);
  EXPECT_TRUE(once->files == again->files);
}

/// Where a referrer of `subject` is found.
void expect_attached(const std::string& profile, bool fallback) {
  registry::ServerOptions options;
  options.profile = profile;
  const auto server = registry::Server::start(options);
  ASSERT_TRUE(server);
  distribution::Registry registry(std::make_shared<http::Client>(http::ClientOptions{}),
                                  "http://127.0.0.1:" + std::to_string((*server)->port()));
  const auto made = certify(order(sound_run()), vendor(), build(), world().book());
  ASSERT_TRUE(made);
  for (int time = 0; time < 2; ++time) {
    const auto attached = attach(registry, "referee/certificate", *made);
    ASSERT_TRUE(attached) << attached.error();
    EXPECT_EQ(attached->fallback, fallback);
    EXPECT_EQ(attached->submission, made->image.digest().str());
    const auto list = fallback ? registry.get_manifest("referee/certificate", oci::referrers_tag(attached->submission))
                               : registry.referrers("referee/certificate", attached->submission);
    ASSERT_TRUE(list);
    const auto entries = json::parse(list->body)["manifests"];
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0]["digest"], attached->certificate);
    EXPECT_EQ(entries[0]["artifactType"], signing::kBundleType);
  }
  const auto claim = signing::read_bundle(made->files.at(std::string(kBundleFile)));
  EXPECT_TRUE(claim->names(made->image.digest())) << "whoever finds it there can tie it to its subject";
}

TEST(Attach, IsAReferrerOfTheSubmission) {
  expect_attached("oci-1.1", false);
}

TEST(Attach, IsListedByTagWhereThereIsNoReferrersApi) {
  expect_attached("oci-1.0", true);
}

TEST(Badge, TextIsText) {
  const auto svg = badge_svg("a<b>&\"", "pull");
  EXPECT_THAT(svg, HasSubstr("a&lt;b&gt;&amp;&quot;"));
  EXPECT_EQ(svg.find("a<b"), std::string::npos);
  EXPECT_EQ(json::parse(badge_json("x", "y"))["schemaVersion"], 1);
}

}  // namespace
}  // namespace referee::certificate::test
