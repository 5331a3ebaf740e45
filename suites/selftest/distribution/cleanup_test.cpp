#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "distribution/fake_server.hpp"
#include "referee/distribution/journal.hpp"
#include "referee/distribution/registry.hpp"
#include "referee/registry/server.hpp"

namespace referee::distribution {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string digest(char c) {
  return "sha256:" + std::string(64, c);
}

std::vector<std::string> lines(const FakeServer& server) {
  std::vector<std::string> out;
  for (const FakeRequest& request : server.requests()) out.push_back(request.line());
  return out;
}

// Every kind, in the order in which pushes happen.
std::vector<JournalEntry> entries(const std::string& base) {
  return {{Pushed::kBlob, base, "r", digest('b')},
          {Pushed::kManifest, base, "r", digest('1')},
          {Pushed::kTag, base, "r", "t"},
          {Pushed::kManifest, base, "r", digest('2')},
          {Pushed::kUpload, base, "r", base + "/v2/r/u/1"},
          {Pushed::kBlob, base, "r", digest('c')},
          {Pushed::kNode, base, "r", digest('n')}};
}

TEST(CleanupTest, GoesFromWhatRefersToWhatIsReferredTo) {
  FakeServer server([](const FakeRequest&) { return FakeResponse{202, {}, ""}; });
  Registry registry(test_client(), server.url());
  const CleanupReport report = cleanup(registry, entries(server.url()));
  EXPECT_THAT(lines(server),
              ElementsAre("DELETE /v2/r/u/1", "DELETE /v2/r/manifests/t", "DELETE /v3/r/manifests/" + digest('n'),
                          "DELETE /v2/r/manifests/" + digest('2'), "DELETE /v2/r/manifests/" + digest('1'),
                          "DELETE /v2/r/blobs/" + digest('b'), "DELETE /v2/r/blobs/" + digest('c')));
  EXPECT_EQ(report.removed, 7U);
  EXPECT_THAT(report.left, IsEmpty());
}

TEST(CleanupTest, WhatIsGoneIsCounted) {
  FakeServer server([](const FakeRequest&) { return FakeResponse{404, {}, ""}; });
  Registry registry(test_client(), server.url());
  const CleanupReport report = cleanup(registry, entries(server.url()));
  EXPECT_EQ(report.already_gone, 7U);
  EXPECT_EQ(report.removed, 0U);
}

TEST(CleanupTest, AKindThatCannotBeDeletedIsAskedForOnceInEachRepository) {
  for (const int status : {400, 405}) {
    FakeServer server(
        [status](const FakeRequest&) { return FakeResponse{status, {}, R"({"errors":[{"code":"UNSUPPORTED"}]})"}; });
    Registry registry(test_client(), server.url());
    std::vector<JournalEntry> many;
    for (const char* repository : {"a", "b"}) {
      for (const char c : {'0', '1', '2', '3'}) many.push_back({Pushed::kBlob, server.url(), repository, digest(c)});
    }
    const CleanupReport report = cleanup(registry, many);
    EXPECT_EQ(server.count("DELETE"), 2U);
    ASSERT_EQ(report.left.size(), 8U);
    for (const Leftover& item : report.left) EXPECT_EQ(item.reason, std::to_string(status) + " UNSUPPORTED");
  }
}

TEST(CleanupTest, ARefusalOfOneObjectDoesNotSpeakForTheRest) {
  FakeServer server([](const FakeRequest& request) {
    const bool refused = request.target.ends_with(digest('2')) || request.target.ends_with("nonsense");
    return refused ? FakeResponse{400, {}, R"({"errors":[{"code":"MANIFEST_INVALID"}]})"} : FakeResponse{202, {}, ""};
  });
  Registry registry(test_client(), server.url());
  const std::string base = server.url();
  const CleanupReport report = cleanup(registry, {{Pushed::kManifest, base, "r", digest('1')},
                                                  {Pushed::kManifest, base, "r", digest('2')},
                                                  {Pushed::kManifest, base, "r", digest('3')},
                                                  {Pushed::kManifest, base, "r", "sha256:nonsense"}});
  EXPECT_EQ(report.removed, 2U);
  EXPECT_EQ(report.left.size(), 1U);
  EXPECT_EQ(report.already_gone, 1U);  // nothing can be stored under a digest that is none
}

TEST(CleanupTest, AnUploadIsCancelledAtTheAddressOfItsLatestAnswer) {
  FakeServer server([](const FakeRequest& request) {
    if (request.method == "GET") return FakeResponse{204, {{"Location", "/v2/r/blobs/uploads/1?state=2"}}, ""};
    return request.target.ends_with("state=2") ? FakeResponse{204, {}, ""} : FakeResponse{416, {}, ""};
  });
  Registry registry(test_client(), server.url());
  const std::string opened = server.url() + "/v2/r/blobs/uploads/1?state=1";
  const CleanupReport report = cleanup(registry, {{Pushed::kUpload, server.url(), "r", opened}});
  EXPECT_EQ(report.removed, 1U);
  EXPECT_TRUE(report.left.empty());
}

TEST(CleanupTest, ATagTakenForAMalformedDigestSpeaksForAllTags) {
  FakeServer server(
      [](const FakeRequest&) { return FakeResponse{400, {}, R"({"errors":[{"code":"DIGEST_INVALID"}]})"}; });
  Registry registry(test_client(), server.url());
  std::vector<JournalEntry> many;
  for (const char* tag : {"a", "b", "c"}) many.push_back({Pushed::kTag, server.url(), "r", tag});
  EXPECT_EQ(cleanup(registry, many).left.size(), 3U);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(CleanupTest, AServerErrorAboutWhatIsNotThereIsNoLeftover) {
  FakeServer server([](const FakeRequest& request) {
    if (request.method == "DELETE") return FakeResponse{500, {}, ""};
    return FakeResponse{request.target.ends_with(digest('b')) ? 404 : 200, {}, ""};
  });
  Registry registry(test_client(), server.url());
  const std::string base = server.url();
  const CleanupReport report =
      cleanup(registry, {{Pushed::kBlob, base, "r", digest('b')}, {Pushed::kBlob, base, "r", digest('c')}});
  EXPECT_EQ(report.already_gone, 1U);
  ASSERT_EQ(report.left.size(), 1U);
  EXPECT_EQ(report.left[0].entry.reference, digest('c'));
}

TEST(CleanupTest, TagsThatWentWithTheirManifestAreGone) {
  FakeServer server([](const FakeRequest& request) {
    if (request.method == "HEAD") return FakeResponse{404, {}, ""};
    return FakeResponse{request.target.find("sha256") == std::string::npos ? 405 : 202, {}, ""};
  });
  Registry registry(test_client(), server.url());
  const std::string base = server.url();
  const CleanupReport report =
      cleanup(registry, {{Pushed::kTag, base, "r", "t"}, {Pushed::kManifest, base, "r", digest('1')}});
  EXPECT_EQ(report.removed, 1U);
  EXPECT_EQ(report.already_gone, 1U);
  EXPECT_THAT(report.left, IsEmpty());
}

TEST(CleanupTest, AnUploadThatCannotBeCancelledButIsOverIsGone) {
  FakeServer server([](const FakeRequest& request) {
    if (request.method == "DELETE") return FakeResponse{405, {}, ""};
    return FakeResponse{request.target.ends_with("open") ? 204 : 404, {}, ""};
  });
  Registry registry(test_client(), server.url());
  const std::string base = server.url();
  const CleanupReport report = cleanup(
      registry, {{Pushed::kUpload, base, "r", base + "/u/over"}, {Pushed::kUpload, base, "r", base + "/u/open"}});
  EXPECT_EQ(server.count("DELETE"), 1U);
  EXPECT_EQ(report.already_gone, 1U);
  ASSERT_EQ(report.left.size(), 1U);
  EXPECT_EQ(report.left[0].entry.reference, base + "/u/open");
}

TEST(CleanupTest, AHostOutOfReachIsNotAskedAgain) {
  std::string base;
  {
    FakeServer server([](const FakeRequest&) { return FakeResponse{}; });
    base = server.url();
  }
  auto client = test_client();
  Registry registry(client, base);
  const CleanupReport report = cleanup(registry, entries(base));
  EXPECT_EQ(report.left.size(), 7U);
  for (const Leftover& item : report.left) EXPECT_FALSE(item.reason.empty());
  EXPECT_EQ(client->exchanges(), 1U);
}

TEST(CleanupTest, ConnectionsThatBreakEndItAfterThree) {
  FakeServer server([](const FakeRequest&) { return FakeResponse{0, {}, ""}; });
  auto client = test_client();
  Registry registry(client, server.url());
  std::vector<JournalEntry> many;
  for (int i = 0; i < 50; ++i) many.push_back({Pushed::kTag, server.url(), "r", std::to_string(i)});
  EXPECT_EQ(cleanup(registry, many).left.size(), 50U);
  EXPECT_LE(server.requests().size(), 6U);
}

TEST(CleanupTest, OtherRegistriesAreLeftAlone) {
  FakeServer server([](const FakeRequest&) { return FakeResponse{202, {}, ""}; });
  Registry registry(test_client(), server.url());
  const CleanupReport report = cleanup(registry, {{Pushed::kTag, "http://elsewhere", "r", "t"}});
  ASSERT_EQ(report.left.size(), 1U);
  EXPECT_THAT(report.left[0].reason, HasSubstr("another registry"));
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST(CleanupTest, HostileErrorBodiesAreNotRepeated) {
  FakeServer server([](const FakeRequest& request) {
    if (request.target.ends_with("a")) return FakeResponse{500, {}, R"({"errors":[{"code":"<script>"}]})"};
    if (request.target.ends_with("b")) return FakeResponse{500, {}, std::string(60'000, '[')};
    return FakeResponse{500, {}, R"({"errors":{"code":[1]}})"};
  });
  Registry registry(test_client(), server.url());
  const std::string base = server.url();
  const CleanupReport report = cleanup(
      registry, {{Pushed::kTag, base, "r", "a"}, {Pushed::kTag, base, "r", "b"}, {Pushed::kTag, base, "r", "c"}});
  ASSERT_EQ(report.left.size(), 3U);
  for (const Leftover& item : report.left) EXPECT_EQ(item.reason, "500");
}

// The whole way on the reference registry: everything that was pushed can be removed by what the journal says.
TEST(CleanupEndToEndTest, TheJournalCoversEverythingThatWasPushed) {
  std::string folder = ::testing::TempDir() + "referee-cleanup-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/journal.jsonl";
  auto server = registry::Server::start({});
  ASSERT_TRUE(server) << server.error();
  auto journal = Journal::open(path);
  ASSERT_TRUE(journal) << journal.error();
  Registry registry(test_client(), (*server)->url(), journal->get());

  oci::Random random(5);
  const oci::Package image = oci::image(random);
  const oci::Package signature = oci::referrer(random, image.descriptor(), "application/vnd.example");
  ASSERT_EQ(push_package(registry, "r", image, "v1")->status, 201);
  ASSERT_EQ(push_package(registry, "r", signature)->status, 201);
  ASSERT_EQ(registry.start_upload("r")->status, 202);
  const oci::Content index = oci::IndexBuilder().manifest(image.descriptor()).build();
  Options tags;
  tags.query = {{"tag", "v2"}};
  ASSERT_EQ(registry.put_manifest("r", index.digest().str(), index, tags)->status, 201);

  const auto found = read_journal(path);
  ASSERT_TRUE(found) << found.error();
  const CleanupReport report = cleanup(registry, *found);
  EXPECT_THAT(report.left, IsEmpty());
  EXPECT_EQ(report.removed + report.already_gone, found->size());
  for (const oci::Content* gone : {&image.manifest, &signature.manifest, &index}) {
    EXPECT_EQ(registry.head_manifest("r", gone->digest().str())->status, 404);
  }
  for (const oci::Content& blob : image.blobs) EXPECT_EQ(registry.head_blob("r", blob.digest().str())->status, 404);
  ASSERT_TRUE(rewrite_journal(path, report.left));
  EXPECT_THAT(read_journal(path).value(), IsEmpty());
  std::filesystem::remove_all(folder);
}

// A node is pushed by a request that is no verb of the distribution-spec.
TEST(CleanupEndToEndTest, NodesOfProposalCAreCovered) {
  std::string folder = ::testing::TempDir() + "referee-cleanup-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  registry::ServerOptions profile;
  profile.profile = "c";
  auto server = registry::Server::start(profile);
  ASSERT_TRUE(server) << server.error();
  auto journal = Journal::open(folder + "/journal.jsonl");
  ASSERT_TRUE(journal) << journal.error();
  Registry registry(test_client(), (*server)->url(), journal->get());

  const oci::Content node(std::string(oci::media_type::kNode),
                          R"({"schemaVersion":3,"mediaType":"application/vnd.oci.node.v1+json","objects":[]})");
  Options options;
  options.headers.set("Content-Type", node.media_type());
  const std::string by_digest = "/v3/team/app/manifests/" + node.digest().str();
  ASSERT_EQ(registry.request("PUT", "/v3/team/app/manifests/newest", node.bytes(), options)->status, 201);
  ASSERT_EQ(registry.request("GET", by_digest)->status, 200);

  const auto found = read_journal(folder + "/journal.jsonl");
  ASSERT_TRUE(found) << found.error();
  EXPECT_THAT(*found, ElementsAre(JournalEntry{Pushed::kNode, (*server)->url(), "team/app", node.digest().str()}));
  EXPECT_EQ(cleanup(registry, *found).removed, 1U);
  EXPECT_EQ(registry.request("GET", by_digest)->status, 404);
  EXPECT_EQ(registry.request("GET", "/v3/team/app/manifests/newest")->status, 404);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace referee::distribution
