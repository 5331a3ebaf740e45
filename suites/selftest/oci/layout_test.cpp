// An image layout on a real disk: what it writes, and what it refuses to read.
#include "referee/oci/layout.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "referee/oci/builder.hpp"

namespace referee::oci {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = LayoutErrorKind;

class LayoutFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "referee-layout-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override { fs::remove_all(root_); }

  [[nodiscard]] std::string folder(const std::string& name = "l") const { return root_ / name; }
  [[nodiscard]] Layout fresh() const { return Layout::create(folder()).value(); }
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
  }
  [[nodiscard]] fs::path blob(const Content& content) const {
    return fs::path(folder()) / "blobs" / name(content.digest().algorithm()) / content.digest().encoded();
  }
  [[nodiscard]] LayoutError refusal() const {
    const auto opened = Layout::open(folder());
    return opened ? LayoutError{Kind::kDisk, "it was opened"} : opened.error();
  }
  static Descriptor named(Descriptor descriptor, const std::string& ref) {
    descriptor.annotations[std::string(kRefName)] = ref;
    return descriptor;
  }

  fs::path root_;
};

TEST_F(LayoutFolder, ANewOneHasWhatTheSpecificationAsksFor) {
  ASSERT_TRUE(Layout::create(folder()));
  EXPECT_EQ(read(folder() + "/oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}\n");
  const auto index = nlohmann::json::parse(read(folder() + "/index.json"));
  EXPECT_EQ(index.at("schemaVersion"), 2);
  EXPECT_EQ(index.at("manifests"), nlohmann::json::array());
  EXPECT_TRUE(fs::is_directory(folder() + "/blobs"));
  const auto opened = Layout::open(folder());
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_THAT(opened->entries().value(), IsEmpty());
}

TEST_F(LayoutFolder, WhatWasPutIsGotAgain) {
  const auto layout = fresh();
  for (const auto algorithm : {Algorithm::kSha256, Algorithm::kSha512}) {
    const Content content("text/plain", "some bytes", algorithm);
    EXPECT_FALSE(layout.has(content.digest().str()));
    ASSERT_TRUE(layout.put(content));
    EXPECT_EQ(read(blob(content)), "some bytes");
    EXPECT_TRUE(layout.has(content.digest().str()));
    const auto again = layout.get(content.descriptor());
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->bytes(), content.bytes());
    EXPECT_EQ(again->digest(), content.digest());
    EXPECT_EQ(again->media_type(), "text/plain");
  }
  // Nothing is left lying about.
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder())) files.push_back(entry.path().filename());
  EXPECT_THAT(files, testing::UnorderedElementsAre("blobs", "index.json", "oci-layout"));
}

TEST_F(LayoutFolder, BytesThatAreNotTheirDescriptorsAreNotWritten) {
  const auto layout = fresh();
  const Content content("text/plain", "right");
  const auto other = layout.put(content.descriptor(), "wrong");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, Kind::kDamaged);
  EXPECT_THAT(other.error().message, HasSubstr(content.digest().str()));
  EXPECT_FALSE(fs::exists(blob(content)));
  EXPECT_TRUE(layout.put(content.descriptor(), "right"));
  EXPECT_EQ(read(blob(content)), "right");
}

TEST_F(LayoutFolder, ADamagedBlobIsSeenAndMended) {
  const auto layout = fresh();
  const Content content("text/plain", "right");
  ASSERT_TRUE(layout.put(content));
  for (const auto& [bytes, what] : {std::pair<std::string, std::string>{"wrong", "is damaged: its bytes have digest"},
                                    {"right!", "has 6 bytes, its descriptor says 5"},
                                    {"", "has 0 bytes"}}) {
    write(blob(content), bytes);
    const auto got = layout.get(content.descriptor());
    ASSERT_FALSE(got) << bytes;
    EXPECT_EQ(got.error().kind, Kind::kDamaged);
    EXPECT_THAT(got.error().message, HasSubstr(what));
    EXPECT_THAT(got.error().message, HasSubstr(content.digest().encoded()));
  }
  ASSERT_TRUE(layout.put(content));
  EXPECT_TRUE(layout.get(content.descriptor()));
}

TEST_F(LayoutFolder, ReadingIsBoundedAndAMissingBlobSaysSo) {
  const auto layout = fresh();
  const Content content("text/plain", "12345");
  EXPECT_EQ(layout.get(content.descriptor()).error().kind, Kind::kMissing);
  ASSERT_TRUE(layout.put(content));
  EXPECT_TRUE(layout.get(content.descriptor(), 5));
  const auto small = layout.get(content.descriptor(), 4);
  ASSERT_FALSE(small);
  EXPECT_EQ(small.error().kind, Kind::kTooLarge);
  EXPECT_THAT(small.error().message, HasSubstr("has 5 bytes; 4 are read at most"));
  auto strange = content.descriptor();
  strange.digest = "sha256:../../../etc/passwd";
  EXPECT_EQ(layout.get(strange).error().kind, Kind::kDamaged);
  EXPECT_FALSE(layout.has(strange.digest));
}

TEST_F(LayoutFolder, LinksAndPipesAreNotFollowed) {
  const auto layout = fresh();
  const Content content("text/plain", "outside");
  write(root_ / "outside", content.bytes());
  ASSERT_TRUE(layout.put(content));
  fs::remove(blob(content));
  fs::create_symlink(root_ / "outside", blob(content));
  const auto linked = layout.get(content.descriptor());
  ASSERT_FALSE(linked);
  EXPECT_EQ(linked.error().kind, Kind::kUnsafe);
  EXPECT_THAT(linked.error().message, HasSubstr("is a symbolic link: it is not followed"));
  EXPECT_FALSE(layout.has(content.digest().str()));

  fs::remove(blob(content));
  ASSERT_EQ(::mkfifo(blob(content).c_str(), 0600), 0);
  EXPECT_EQ(layout.get(content.descriptor()).error().kind, Kind::kUnsafe);

  // Nor does a folder lead writing out of it.
  fs::create_directory(root_ / "elsewhere");
  fs::remove_all(fs::path(folder()) / "blobs" / "sha256");
  fs::create_directory_symlink(root_ / "elsewhere", fs::path(folder()) / "blobs" / "sha256");
  const auto put = layout.put(content);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, Kind::kUnsafe);
  EXPECT_TRUE(fs::is_empty(root_ / "elsewhere"));

  fs::remove(folder() + "/index.json");
  fs::create_symlink(root_ / "outside", folder() + "/index.json");
  EXPECT_EQ(refusal().kind, Kind::kUnsafe);
  // But a link to the folder itself is the caller's own wish.
  ASSERT_TRUE(Layout::create(folder("real")));
  fs::create_directory_symlink(folder("real"), root_ / "link");
  EXPECT_TRUE(Layout::open(root_ / "link"));
}

TEST_F(LayoutFolder, WhatIsNoLayoutIsNotOpened) {
  EXPECT_EQ(refusal().kind, Kind::kAbsent);
  write(folder(), "a file");
  EXPECT_EQ(refusal().kind, Kind::kNotALayout);
  EXPECT_FALSE(Layout::create(folder()));
  fs::remove(folder());
  fs::create_directory(folder());
  EXPECT_THAT(refusal().message, HasSubstr("is no OCI image layout: it has no oci-layout file"));
  write(folder() + "/mine", "precious");
  const auto created = Layout::create(folder());
  ASSERT_FALSE(created);
  EXPECT_THAT(created.error().message, HasSubstr("is not empty"));
  EXPECT_FALSE(fs::exists(folder() + "/oci-layout"));

  for (const std::string text : {"", "{", "[]", R"({"imageLayoutVersion":1})", R"({"version":"1.0.0"})"}) {
    write(folder() + "/oci-layout", text);
    EXPECT_EQ(refusal().kind, Kind::kNotALayout) << text;
    EXPECT_THAT(refusal().message, HasSubstr("is not readable as an oci-layout file")) << text;
  }
  write(folder() + "/oci-layout", std::string(50'000, '['));
  EXPECT_EQ(refusal().kind, Kind::kNotALayout);
  write(folder() + "/oci-layout", std::string(1'000'000, ' '));
  EXPECT_EQ(refusal().kind, Kind::kNotALayout);
  write(folder() + "/oci-layout", R"({"imageLayoutVersion":"2.0.0"})");
  EXPECT_EQ(refusal().kind, Kind::kForeignVersion);
  EXPECT_THAT(refusal().message, HasSubstr("says version 2.0.0, not 1.0.0"));
  write(folder() + "/oci-layout", R"({"imageLayoutVersion":"1.0.0","more":true})");
  EXPECT_THAT(refusal().message, HasSubstr("it has no index.json"));
  write(folder() + "/index.json", R"({"schemaVersion":2,"manifests":[]})");
  EXPECT_THAT(refusal().message, HasSubstr("it has no blobs folder"));
  fs::create_directory(folder() + "/blobs");
  EXPECT_TRUE(Layout::open(folder()));
}

TEST_F(LayoutFolder, EntriesAreAddedRenamedAndRemoved) {
  const auto layout = fresh();
  Random random(1);
  const auto one = image(random).descriptor();
  const auto two = image(random).descriptor();
  ASSERT_TRUE(layout.add(named(one, "v1")));
  ASSERT_TRUE(layout.add(named(one, "latest")));
  ASSERT_TRUE(layout.add(two));
  ASSERT_TRUE(layout.add(two));
  EXPECT_THAT(layout.entries().value(), ElementsAre(named(one, "v1"), named(one, "latest"), two));
  // A name moves as a tag does; what it named stays.
  ASSERT_TRUE(layout.add(named(two, "latest")));
  EXPECT_THAT(layout.entries().value(), ElementsAre(named(one, "v1"), one, two, named(two, "latest")));
  auto typed = named(one, "v1");
  typed.artifact_type = "application/vnd.example";
  ASSERT_TRUE(layout.add(typed));
  EXPECT_THAT(layout.entries().value(), ElementsAre(typed, one, two, named(two, "latest")));

  EXPECT_EQ(layout.remove([&](const Descriptor& entry) { return entry.digest == two.digest; }).value(), 2U);
  EXPECT_EQ(layout.remove([&](const Descriptor& entry) { return entry.digest == two.digest; }).value(), 0U);
  EXPECT_THAT(layout.entries().value(), ElementsAre(typed, one));
}

TEST_F(LayoutFolder, WhatOthersWroteIntoTheIndexStays) {
  const auto layout = fresh();
  write(folder() + "/index.json", R"({"schemaVersion":2,"org.example.more":{"z":1,"a":[2]},"manifests":[)"
                                  R"({"mediaType":"application/vnd.unknown","size":3,"digest":"sha256:)" +
                                      std::string(64, '0') + R"(","org.example.field":["kept"]}]})");
  ASSERT_EQ(layout.entries().value().size(), 1U) << "an unknown media type is no error";
  ASSERT_TRUE(layout.add(named(empty_blob().descriptor(), "x")));
  const auto index = nlohmann::json::parse(read(folder() + "/index.json"));
  EXPECT_EQ(index.at("org.example.more").dump(), R"({"a":[2],"z":1})");
  EXPECT_EQ(index.at("manifests").at(0).at("org.example.field").at(0), "kept");
  EXPECT_EQ(index.at("manifests").size(), 2U);
}

TEST_F(LayoutFolder, ADamagedIndexIsNamedAndLeftAlone) {
  const auto layout = fresh();
  for (const std::string text : {"", "[]", R"({"manifests":{}})", R"({"schemaVersion":2})", R"({"manifests":[{}]})",
                                 R"({"manifests":[1]})", R"({"manifests":[)"}) {
    write(folder() + "/index.json", text);
    const auto entries = layout.entries();
    ASSERT_FALSE(entries) << text;
    EXPECT_EQ(entries.error().kind, Kind::kDamaged) << text;
    EXPECT_THAT(entries.error().message, HasSubstr("index.json")) << text;
    EXPECT_FALSE(layout.add(empty_blob().descriptor())) << text;
    EXPECT_EQ(read(folder() + "/index.json"), text);
  }
  write(folder() + "/index.json", std::string(100'000, '['));
  EXPECT_EQ(layout.entries().error().kind, Kind::kDamaged);
}

TEST_F(LayoutFolder, OpenedFilesAreCounted) {
  const auto layout = fresh();
  const auto content = empty_blob();
  ASSERT_TRUE(layout.put(content));
  EXPECT_EQ(layout.opened(), 0U);
  ASSERT_TRUE(layout.entries());
  ASSERT_TRUE(layout.get(content.descriptor()));
  EXPECT_EQ(layout.opened(), 2U);
  EXPECT_TRUE(layout.has(content.digest().str()));
  EXPECT_EQ(layout.opened(), 2U) << "looking is not opening";
}

}  // namespace
}  // namespace referee::oci
