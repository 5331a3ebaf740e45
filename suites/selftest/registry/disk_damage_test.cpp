// A store that is damaged, or a folder that is none: refused with one line, and left as it was.
#include "disk_fixture.hpp"

namespace referee::selftest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class DiskDamage : public DiskTest {
 protected:
  void SetUp() override {
    DiskTest::SetUp();
    ASSERT_THAT(push("a", "v1", image_), HasStatus(201));
    ASSERT_THAT(push("a", "v2", image_), HasStatus(201));
    client_.reset();
    server_.reset();
  }
  [[nodiscard]] fs::path journal() const { return folder_ / "referee" / "journal.jsonl"; }
  [[nodiscard]] fs::path file_of(const std::string& digest) const {
    return folder_ / "blobs" / "sha256" / digest.substr(digest.find(':') + 1);
  }
  /// The line that refuses a folder, which must be as it was.
  static std::string refusal(const fs::path& folder) {
    const auto before = content_of(folder);
    registry::ServerOptions options;
    options.store = folder.string();
    const auto server = registry::Server::start(options);
    EXPECT_FALSE(server);
    EXPECT_EQ(content_of(folder), before);
    const auto line = server ? std::string() : server.error();
    EXPECT_THAT(line, Not(HasSubstr("\n")));
    EXPECT_THAT(line, HasSubstr(folder.string()));
    return line;
  }
  [[nodiscard]] std::string refusal() const { return refusal(folder_); }

  const oci::Package image_ = oci::image(random_);
};

TEST_F(DiskDamage, OfNoneNothingIsRefused) {
  restart();
  EXPECT_THAT(server_->warning(), IsEmpty());
  EXPECT_THAT(tags("a"), ElementsAre("v1", "v2"));
}

TEST_F(DiskDamage, OtherFoldersAreRefused) {
  fs::create_directory(folder_ / "mine");
  write(folder_ / "mine" / "file", "x");
  EXPECT_THAT(refusal(folder_ / "mine"), HasSubstr("holds something else than an OCI image layout: use an empty"));
}

TEST_F(DiskDamage, ALayoutOfAnotherToolIsRefused) {
  fs::remove_all(folder_ / "referee");
  EXPECT_THAT(refusal(), HasSubstr("without Referee's journal (referee/journal.jsonl): use an empty or new folder"));
  fs::create_directory(folder_ / "referee");
  EXPECT_THAT(refusal(), HasSubstr("without Referee's journal"));
}

TEST_F(DiskDamage, OtherLayoutVersionsAreRefused) {
  write(folder_ / "oci-layout", R"({"imageLayoutVersion":"9"})");
  EXPECT_THAT(refusal(), HasSubstr("oci-layout says version 9, not 1.0.0: use an empty"));
  for (const char* text : {"", "{", "[]", "null", "{}", R"({"imageLayoutVersion":1})"}) {
    write(folder_ / "oci-layout", text);
    EXPECT_THAT(refusal(), HasSubstr("is not readable as an oci-layout file")) << text;
  }
  write(folder_ / "oci-layout", std::string(100'000, '['));
  EXPECT_THAT(refusal(), HasSubstr("is not readable as an oci-layout file"));
}

TEST_F(DiskDamage, OfEveryJournalLineIsRefused) {
  write(journal(), "x");
  EXPECT_THAT(refusal(), HasSubstr("index.json names 1 manifests that referee/journal.jsonl does not know"));
  write(journal(), "x\ny\nz\n");
  EXPECT_THAT(refusal(), HasSubstr("referee/journal.jsonl line 1 is damaged"));
}

TEST_F(DiskDamage, OfAJournalLineIsRefusedByItsNumber) {
  const auto sound = read(journal());
  for (const char* line :
       {"not json", "", "{}", R"({"kind":"tag","repository":"a"})", R"({"kind":"new","repository":"a"})",
        R"({"kind":"blob","repository":"a","digest":"sha256:../../../etc/passwd"})"}) {
    const auto second = sound.find('\n') + 1;
    write(journal(), sound.substr(0, second) + line + "\n" + sound.substr(second));
    EXPECT_THAT(refusal(), HasSubstr("referee/journal.jsonl line 2 is damaged")) << line;
  }
}

TEST_F(DiskDamage, OfTheLastJournalLineIsForgiven) {
  const auto sound = read(journal());
  write(journal(), sound + "{\"ki");
  restart();
  EXPECT_THAT(tags("a"), ElementsAre("v1", "v2"));
  ASSERT_THAT(push("a", "v3", image_), HasStatus(201));  // not glued to what was cut
  restart();
  EXPECT_THAT(tags("a"), ElementsAre("v1", "v2", "v3"));
}

TEST_F(DiskDamage, OfTheLastJournalLineCostsWhatItSaid) {
  const auto other = oci::image(random_);
  restart();
  ASSERT_THAT(push("a", other.digest().str(), other), HasStatus(201));
  server_.reset();
  auto text = read(journal());
  write(journal(), text.substr(0, text.size() - 10));
  restart();
  EXPECT_THAT(tags("a"), ElementsAre("v1", "v2"));
  EXPECT_THAT(get("/v2/a/manifests/" + other.digest().str()), HasStatus(404));
}

TEST_F(DiskDamage, AnIndexThatTheJournalDoesNotKnowIsRefused) {
  const auto sound = read(journal());
  write(journal(), "");
  EXPECT_THAT(refusal(), HasSubstr("index.json names 1 manifests that referee/journal.jsonl does not know"));
  write(journal(), sound);
  auto index = read_json("index.json");
  index["manifests"].push_back({{"digest", digest_of("of another tool")}});
  index["manifests"].push_back("nonsense");
  write(folder_ / "index.json", index.dump());
  EXPECT_THAT(refusal(), HasSubstr("index.json names 2 manifests"));
  write(folder_ / "index.json", "{");
  EXPECT_THAT(refusal(), HasSubstr("index.json is not readable as an image index: move it away"));
  fs::remove(folder_ / "index.json");
  restart();
  EXPECT_THAT(tags("a"), ElementsAre("v1", "v2"));
  EXPECT_EQ(read_json("index.json")["manifests"].size(), 2U);
}

TEST_F(DiskDamage, MissingContentIsRefusedWithACount) {
  fs::remove(file_of(image_.digest().str()));
  EXPECT_THAT(refusal(), HasSubstr("lacks content of 1 entries of its journal, first " + image_.digest().str()));
  fs::remove(file_of(image_.blobs[0].digest().str()));
  EXPECT_THAT(refusal(), HasSubstr("lacks content of 2 entries"));
  fs::remove_all(folder_ / "blobs");
  EXPECT_THAT(refusal(), HasSubstr("put the files back below blobs/"));
}

TEST_F(DiskDamage, ATagOfNothingIsRefused) {
  write(journal(),
        read(journal()) + R"({"kind":"tag","repository":"a","tag":"x","digest":")" + digest_of("x") + "\"}\n");
  EXPECT_THAT(refusal(), HasSubstr("lacks content of 1 entries of its journal, first " + digest_of("x")));
}

TEST_F(DiskDamage, OfAManifestIsToldAndItsTagsStay) {
  for (const char* text : {"", "{}", "not a manifest"}) {
    write(file_of(image_.digest().str()), text);
    restart();
    EXPECT_THAT(server_->warning(),
                HasSubstr("1 of its manifests do not match their digests, first " + image_.digest().str()));
    EXPECT_THAT(tags("a"), ElementsAre("v1", "v2"));
    EXPECT_EQ(read_json("index.json")["manifests"].size(), 2U);
    server_.reset();
  }
}

TEST_F(DiskDamage, AFirstStartThatWasCutOffIsTakenUp) {
  fs::create_directories(folder_ / "new" / "referee");
  write(folder_ / "new" / "referee" / "journal.jsonl", "");
  folder_ /= "new";
  restart();
  EXPECT_EQ(read_json("oci-layout")["imageLayoutVersion"], "1.0.0");
  folder_ = folder_.parent_path();
}

}  // namespace
}  // namespace referee::selftest
