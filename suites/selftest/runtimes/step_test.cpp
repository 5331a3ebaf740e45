// What is read from what a client prints: its own words, and the digests that it names.
#include <gmock/gmock.h>

#include <filesystem>

#include "referee/oci/builder.hpp"
#include "referee/oci/layout.hpp"
#include "referee/runtimes/session.hpp"
#include "selection.hpp"

namespace referee::runtimes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Step said(std::string err, std::string out = "") {
  Step step;
  step.err = std::move(err);
  step.out = std::move(out);
  return step;
}

TEST(Words, AreTheLastLineThatComplains) {
  EXPECT_EQ(said("pulling\nError: no image\nsee the log\n").words(), "Error: no image");
  EXPECT_EQ(said("error one\nerror two\n").words(), "error two");
  EXPECT_EQ(said("one\ntwo\n\n").words(), "two");
  EXPECT_EQ(said("", "only out\n").words(), "only out");
  EXPECT_EQ(said("").words(), "");
}

TEST(Words, HaveNoColoursNorControlCharacters) {
  EXPECT_EQ(said("\x1b[31mERRO\x1b[0m \x07 failed\r\n").words(), "ERRO   failed");
  EXPECT_EQ(said("10%\r50%\rfailed to pull\r\n").words(), "failed to pull");
}

TEST(Words, OfALogAreItsMessage) {
  EXPECT_EQ(said(R"(time="2026-11-28T21:28:42Z" level=fatal msg="copying \"x\": failed")").words(),
            R"(copying "x": failed)");
  EXPECT_EQ(said("FATA failed msg=\"x\"").words(), "FATA failed msg=\"x\"");
}

TEST(Words, AreShort) {
  EXPECT_THAT(said("error " + std::string(10'000, 'x')).words(), SizeIs(300));
  std::string umlauts = "error ";
  for (int at = 0; at < 400; ++at) umlauts += "ü";
  const auto words = said(umlauts).words();
  EXPECT_EQ((words.size() - 6) % 2, 0) << "cut in the middle of a character";
}

TEST(Groups, AreTakenFromEachLine) {
  EXPECT_THAT(groups_in("id: a1\nnothing\r\nid: b2\r\n", "^id: (.*)$"), ElementsAre("a1", "b2"));
  EXPECT_THAT(groups_in("", "(.*)"), IsEmpty());
  std::string flood;
  for (int at = 0; at < 10'000; ++at) flood += "id: x\n";
  EXPECT_THAT(groups_in(flood, "id: (.)"), SizeIs(64));
  // A line without an end must not exhaust the stack.
  std::string endless;
  for (int at = 0; at < 1'000'000; ++at) endless += "aaaaaaaaaa";
  EXPECT_THAT(groups_in(endless, "^(a|b)*$"), SizeIs(1));
  // An expression that would take for ever elsewhere.
  EXPECT_THAT(groups_in(endless, "(a+)+b"), IsEmpty());
}

TEST(Digests, ComeWithAndWithoutTheirAlgorithm) {
  const std::string hex(64, 'a');
  EXPECT_EQ(as_digest("sha256:" + hex), "sha256:" + hex);
  EXPECT_EQ(as_digest(hex), "sha256:" + hex);
  EXPECT_EQ(as_digest(hex + hex), "sha512:" + hex + hex);
  EXPECT_EQ(as_digest("latest"), std::nullopt);
  EXPECT_EQ(as_digest(std::string(64, 'z')), std::nullopt);
}

TEST(Layouts, NameWhatWasSelected) {
  std::string place = testing::TempDir() + "layout-XXXXXX";
  ASSERT_NE(::mkdtemp(place.data()), nullptr);
  auto layout = oci::Layout::create(place + "/l");
  ASSERT_TRUE(layout);
  oci::Random random(1);
  const auto image = oci::image(random);
  auto index = oci::IndexBuilder().manifest(image.descriptor()).build();
  ASSERT_TRUE(layout->put(image.manifest) && layout->put(index));
  ASSERT_TRUE(layout->add(image.descriptor()));
  // Without names all entries count, and an image is known by its config too.
  EXPECT_THAT(*digests_of_layout(place + "/l"), ElementsAre(image.digest().str(), image.blobs.front().digest().str()));
  auto named = index.descriptor();
  named.annotations[std::string(oci::kRefName)] = "v1";
  ASSERT_TRUE(layout->add(named));
  EXPECT_THAT(*digests_of_layout(place + "/l"), ElementsAre(index.digest().str()));
  std::filesystem::remove_all(place);
}

TEST(Layouts, ThatAreNoneAreAReason) {
  const auto none = digests_of_layout("/nonexistent/layout");
  ASSERT_FALSE(none);
  EXPECT_FALSE(none.error().empty());
}

}  // namespace
}  // namespace referee::runtimes
