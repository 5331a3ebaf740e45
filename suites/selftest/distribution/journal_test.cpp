#include "referee/distribution/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "distribution/fake_server.hpp"
#include "referee/distribution/registry.hpp"

namespace referee::distribution {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "referee-journal-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ / "journal.jsonl";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::unique_ptr<Journal> open() const {
    auto journal = Journal::open(path_);
    EXPECT_TRUE(journal) << journal.error();
    return journal ? std::move(*journal) : nullptr;
  }
  [[nodiscard]] std::vector<JournalEntry> read() const {
    auto entries = read_journal(path_);
    EXPECT_TRUE(entries) << entries.error();
    return entries.value_or(std::vector<JournalEntry>{});
  }
  [[nodiscard]] std::string text() const {
    std::ostringstream out;
    out << std::ifstream(path_).rdbuf();
    return out.str();
  }

  std::filesystem::path folder_;
  std::string path_;
};

const JournalEntry kTag{Pushed::kTag, "http://h", "r", "t"};
const JournalEntry kBlob{Pushed::kBlob, "http://h", "r", "sha256:x"};
const JournalEntry kUpload{Pushed::kUpload, "http://h", "r", "http://h/v2/r/blobs/uploads/1?s=\"\\\n\xff"};

TEST_F(JournalTest, ReadsWhatWasAddedInOrderAndOnce) {
  const auto journal = open();
  for (const auto& entry : {kTag, kBlob, kTag, kBlob}) journal->add(entry);
  EXPECT_THAT(read(), ElementsAre(kTag, kBlob));
  EXPECT_FALSE(journal->error());
  journal->add(kUpload);
  EXPECT_EQ(read().size(), 3U);
}

TEST_F(JournalTest, AnEndedUploadIsNotListed) {
  const JournalEntry other{Pushed::kUpload, "http://h", "r", "http://h/u/2"};
  const auto journal = open();
  journal->add(kUpload);
  journal->add(other);
  journal->close_upload({Pushed::kUpload, "http://h", "", kUpload.reference});
  EXPECT_THAT(read(), ElementsAre(other));
}

TEST_F(JournalTest, ACutLineIsSkippedAndNeverGluedToTheNext) {
  open()->add(kTag);
  {
    std::ofstream(path_, std::ios::app) << R"({"kind":"blob","regis)";
  }
  EXPECT_THAT(read(), ElementsAre(kTag));
  open()->add(kBlob);
  EXPECT_THAT(read(), ElementsAre(kTag, kBlob));
}

TEST_F(JournalTest, OtherFilesAreRefused) {
  {
    std::ofstream(path_) << "root:x:0:0\n";
  }
  EXPECT_THAT(read_journal(path_).error(), HasSubstr("is not a journal: line 1"));
  {
    std::ofstream(path_) << "{\"kind\":\"cat\",\"registry\":\"\",\"repository\":\"\",\"reference\":\"\"}\n";
  }
  EXPECT_THAT(read_journal(path_).error(), HasSubstr("line 1"));
  EXPECT_THAT(read_journal(path_ + ".absent").error(), HasSubstr("No such file"));
  EXPECT_THAT(Journal::open(path_ + "/x").error(), HasSubstr("Not a directory"));
  {
    std::ofstream(path_, std::ios::trunc) << "";
  }
  EXPECT_THAT(read(), IsEmpty());
}

TEST_F(JournalTest, ManyThreadsAndWritersLoseNothing) {
  const auto shared = open();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const auto own = Journal::open(path_);
      for (int i = 0; i < 250; ++i) {
        const JournalEntry entry{Pushed::kTag, "http://h", "r" + std::to_string(t), std::to_string(i)};
        (i % 2 == 0 ? *shared : **own).add(entry);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(read().size(), 1000U);
}

TEST_F(JournalTest, AFailedWriteIsRemembered) {
  auto journal = Journal::open("/dev/full");
  ASSERT_TRUE(journal) << journal.error();
  EXPECT_FALSE((*journal)->error());
  (*journal)->add(kTag);
  EXPECT_THAT((*journal)->error().value_or(""), HasSubstr("No space left"));
}

TEST_F(JournalTest, RewritingKeepsJustWhatIsLeft) {
  const auto journal = open();
  journal->add(kTag);
  journal->add(kBlob);
  ASSERT_TRUE(rewrite_journal(path_, {{kBlob, "405"}}));
  EXPECT_THAT(read(), ElementsAre(kBlob));
  ASSERT_TRUE(rewrite_journal(path_, {}));
  EXPECT_EQ(text(), "");
  EXPECT_THAT(rewrite_journal(path_ + ".absent/x", {}).error(), HasSubstr("cannot rewrite"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(JournalTest, NeedsCleanupUntilEverythingIsGoneOrRefused) {
  EXPECT_FALSE(needs_cleanup(path_));
  open()->add(kBlob);
  EXPECT_TRUE(needs_cleanup(path_));
  ASSERT_TRUE(rewrite_journal(path_, {{kBlob, "no connection"}}));
  EXPECT_TRUE(needs_cleanup(path_));
  ASSERT_TRUE(rewrite_journal(path_, {{kBlob, "405", true}}));
  EXPECT_FALSE(needs_cleanup(path_));
  EXPECT_THAT(read(), ElementsAre(kBlob));
}

TEST_F(JournalTest, PushesStandInTheJournalBeforeTheyAreSent) {
  std::string seen;
  FakeServer server([&](const FakeRequest& request) {
    seen = text();
    return request.method == "POST" ? FakeResponse{202, {{"Location", "/v2/r/blobs/uploads/1"}}, ""} : FakeResponse{};
  });
  const auto journal = open();
  Registry registry(test_client(), server.url(), journal.get());
  const oci::Content manifest = oci::ManifestBuilder().build().manifest;
  const std::string digest = manifest.digest().str();

  ASSERT_TRUE(registry.put_manifest("r", "v1", manifest));
  EXPECT_THAT(seen, HasSubstr("\"v1\""));
  EXPECT_THAT(seen, HasSubstr(digest));
  Options tags;
  tags.query = {{"tag", "v2"}, {"tag", "v3"}};
  ASSERT_TRUE(registry.put_manifest("r", digest, manifest, tags));
  EXPECT_THAT(seen, HasSubstr("\"v3\""));
  ASSERT_TRUE(registry.post_blob("r", "sha256:posted", "x"));
  EXPECT_THAT(seen, HasSubstr("sha256:posted"));
  ASSERT_TRUE(registry.mount_blob("r", "sha256:mounted", "q"));
  EXPECT_THAT(seen, HasSubstr("sha256:mounted"));
  ASSERT_TRUE(registry.finish_upload("r", "/u/1", "sha256:closed", "x"));
  EXPECT_THAT(seen, HasSubstr("sha256:closed"));
  ASSERT_TRUE(registry.request("PUT", "/v2/r/manifests/raw", "{}"));
  EXPECT_THAT(seen, HasSubstr("\"raw\""));

  const auto has = [this](Pushed kind, const std::string& reference) {
    const auto entries = read();
    return std::ranges::any_of(entries, [&](const JournalEntry& entry) {
      return entry.kind == kind && entry.reference == reference && entry.repository == "r";
    });
  };
  EXPECT_TRUE(has(Pushed::kTag, "v2"));
  EXPECT_TRUE(has(Pushed::kManifest, digest));
  // The sessions that the POSTs opened, by the address that the registry gave.
  EXPECT_TRUE(has(Pushed::kUpload, server.url() + "/v2/r/blobs/uploads/1"));
}

TEST_F(JournalTest, AFinishedUploadLeavesOnlyItsBlob) {
  FakeServer server([](const FakeRequest& request) {
    return request.method == "POST" ? FakeResponse{202, {{"Location", "/v2/r/blobs/uploads/1"}}, ""}
                                    : FakeResponse{201, {}, ""};
  });
  const auto journal = open();
  Registry registry(test_client(), server.url(), journal.get());
  const oci::Content blob("x/y", "z");
  ASSERT_TRUE(push_blob(registry, "r", blob));
  EXPECT_THAT(read(), ElementsAre(JournalEntry{Pushed::kBlob, server.url(), "r", blob.digest().str()}));
}

}  // namespace
}  // namespace referee::distribution
