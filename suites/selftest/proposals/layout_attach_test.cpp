// Attaching where there is no registry: what a layout holds then is what a registry would have given it.
#include <gmock/gmock.h>

#include <filesystem>

#include "proposals/proposal_fixture.hpp"
#include "referee/oci/digest.hpp"
#include "referee/proposals/archive.hpp"

namespace referee::proposals {
namespace {

namespace files = std::filesystem;

class LayoutAttach : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "referee-attach-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { files::remove_all(folder_); }

  oci::Layout make(const std::string& name) { return oci::Layout::create(folder_ / name).value(); }

  static Subject keep(const oci::Layout& layout, const oci::Package& image) {
    for (const auto& blob : image.blobs) EXPECT_TRUE(layout.put(blob));
    EXPECT_TRUE(layout.put(image.manifest));
    auto entry = image.descriptor();
    entry.annotations[std::string(oci::kRefName)] = "v1";
    EXPECT_TRUE(layout.add(entry));
    return {image.descriptor(), "v1", image.manifest};
  }

  files::path folder_;
};

/// Names and digests of index.json.
std::vector<std::string> lines_of(const oci::Layout& layout) {
  std::vector<std::string> lines;
  const auto entries = layout.entries().value();
  for (const auto& entry : entries) lines.push_back(oci::ref_name(entry) + " " + entry.digest);
  return lines;
}

TEST_F(LayoutAttach, ItIsAsIfARegistryHadBeenSaved) {
  for (const auto& variant : variants()) {
    SCOPED_TRACE(variant.id);
    oci::Random random(5);
    const auto image = oci::image(random);
    const auto given = attachments(random, 3);

    const auto layout = make("made-" + std::to_string(&variant - variants().data()));
    auto subject = keep(layout, image);
    for (const auto& one : given) {
      const auto done = archive::attach(layout, variant, subject, std::span(&one, 1));
      ASSERT_TRUE(done) << done.error().message;
    }

    Place place(variant, {.conditions = false});
    auto there = place.push(image);
    for (const auto& one : given) ASSERT_TRUE(place.proposal().attach(there, std::span(&one, 1)));
    const auto saved = make("saved-" + std::to_string(&variant - variants().data()));
    ASSERT_TRUE(archive::save(variant, place.proposal(), there, saved));

    EXPECT_THAT(lines_of(layout), testing::UnorderedElementsAreArray(lines_of(saved)));
    const auto found = archive::find(layout, variant, image.digest());
    ASSERT_TRUE(found) << found.error().message;
    std::vector<std::string> payloads;
    for (const auto& entry : found->entries) payloads.push_back(archive::fetch(layout, variant, entry).value_or(""));
    EXPECT_THAT(payloads, testing::UnorderedElementsAre(given[0].payload.bytes(), given[1].payload.bytes(),
                                                        given[2].payload.bytes()));
  }
}

TEST_F(LayoutAttach, ATagThatWouldBeTooLongIsRefusedThereToo) {
  const auto layout = make("long");
  oci::Random random(5);
  auto subject = keep(layout, oci::image(random));
  const std::vector<Attachment> given{attachment(random, kSignature, std::string(40, 't'))};
  const auto before = lines_of(layout);
  const auto refused = archive::attach(layout, *find_variant("D/digest-tag"), subject, given);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, FailureKind::kLimit);
  EXPECT_EQ(lines_of(layout), before);
}

}  // namespace
}  // namespace referee::proposals
