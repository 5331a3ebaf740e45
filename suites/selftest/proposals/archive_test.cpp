// Images and their attachments through a layout on disk: nothing is lost, and how many files a look-up has to open.
#include "referee/proposals/archive.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "proposals/proposal_fixture.hpp"

namespace referee::proposals {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

/// What a registry says of an attachment, in a form that can be compared.
std::string line_of(const Entry& entry) {
  std::string line = entry.descriptor.digest + " " + entry.tag + " " + entry.artifact_type;
  for (const auto& [key, value] : entry.annotations) line += " " + key + "=" + value;
  return line;
}

struct Shelf {
  std::string variant;
  bool inlined = false;
  bool index = false;  ///< the image is an index of two platforms
};

class Archive : public testing::TestWithParam<Shelf> {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "referee-archive-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    settings_.inlined = GetParam().inlined;
    place_ = std::make_unique<Place>(variant(), settings_);
    ASSERT_TRUE(place_->support().present) << place_->support().evidence;
    subject_ = push_image("v1");
    given_ = {attachment(random_), attachment(random_, kSbom, "sbom"), attachment(random_)};
    const auto attached = place_->proposal().attach(subject_, given_);
    ASSERT_TRUE(attached) << attached.error().message;
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] const Variant& variant() const { return *find_variant(GetParam().variant); }

  Subject push_image(const std::string& tag) {
    if (!GetParam().index) {
      const auto image = oci::image(random_);
      EXPECT_EQ(distribution::push_package(place_->registry(), "team/app", image, tag).value().status, 201);
      return {image.descriptor(), tag, image.manifest};
    }
    oci::IndexBuilder builder;
    for (const char* architecture : {"amd64", "arm64"}) {
      const oci::Platform platform{architecture, "linux", "", ""};
      const auto image = oci::image(random_, 64, platform);
      EXPECT_EQ(distribution::push_package(place_->registry(), "team/app", image).value().status, 201);
      auto entry = image.descriptor();
      entry.platform = platform;
      builder.manifest(entry);
    }
    auto index = builder.build();
    EXPECT_EQ(place_->registry().put_manifest("team/app", tag, index).value().status, 201);
    return {index.descriptor(), tag, index};
  }

  oci::Layout saved(const archive::SaveOptions& options = {}) {
    auto layout = oci::Layout::create(folder_ / "layout").value();
    const auto done = archive::save(variant(), place_->proposal(), subject_, layout, options);
    EXPECT_TRUE(done) << done.error().message;
    return layout;
  }

  /// What a client that pulled `v1` first finds, attachments and payloads.
  static std::vector<std::string> discovered(Place& place, Subject subject) {
    const auto by_tag = place.registry().get_manifest("team/app", "v1").value();
    subject.root = oci::Content(by_tag.header("Content-Type").value_or(""), by_tag.body);
    std::vector<std::string> lines{subject.root->digest().str()};
    const auto entries = place.proposal().discover(subject, {});
    EXPECT_TRUE(entries) << entries.error().message;
    if (!entries) return lines;
    for (const auto& entry : *entries) {
      const auto payload = place.proposal().fetch(entry);
      EXPECT_TRUE(payload) << payload.error().message;
      lines.push_back(line_of(entry) + " " + oci::Digest::of(payload.value_or("")).str());
    }
    std::ranges::sort(lines);
    return lines;
  }

  static nlohmann::json tags(Place& place) {
    return nlohmann::json::parse(place.registry().list_tags("team/app").value().body).at("tags");
  }

  [[nodiscard]] std::vector<std::string> given_payloads() const {
    std::vector<std::string> all;
    for (const auto& one : given_) all.push_back(one.payload.bytes());
    return all;
  }

  [[nodiscard]] std::vector<std::string> payloads(const oci::Layout& layout, const std::vector<Entry>& entries) const {
    std::vector<std::string> all;
    for (const auto& entry : entries) {
      auto payload = archive::fetch(layout, variant(), entry);
      EXPECT_TRUE(payload) << payload.error().message;
      all.push_back(payload.value_or(""));
    }
    return all;
  }

  [[nodiscard]] archive::Finding find(const oci::Layout& layout, const std::string& digest) const {
    auto found = archive::find(layout, variant(), oci::Digest::parse(digest).value());
    EXPECT_TRUE(found) << found.error().message;
    return found.value_or(archive::Finding{});
  }

  fs::path folder_;
  oci::Random random_{30};
  Settings settings_;
  std::unique_ptr<Place> place_;
  Subject subject_;
  std::vector<Attachment> given_;
};

TEST_P(Archive, ASecondRegistryHasWhatTheFirstHad) {
  const auto layout = saved();
  const auto before = discovered(*place_, subject_);
  ASSERT_EQ(before.size(), 1 + given_.size());
  auto tags_before = tags(*place_);
  place_.reset();

  Place second(variant(), settings_);
  const auto loaded = archive::load(layout, variant(), second.proposal());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(discovered(second, subject_), before);
  EXPECT_EQ(tags(second), tags_before);
  EXPECT_THAT(loaded->unreached, IsEmpty());
  EXPECT_EQ(loaded->names.size(), tags_before.size());

  // And out of the second registry comes the layout that went into it.
  auto subject = subject_;
  subject.root.reset();
  const auto again = oci::Layout::create(folder_ / "again").value();
  ASSERT_TRUE(archive::save(variant(), second.proposal(), subject, again));
  auto one = layout.entries().value();
  auto two = again.entries().value();
  std::ranges::sort(one, {}, [](const auto& entry) { return entry.digest + oci::ref_name(entry); });
  std::ranges::sort(two, {}, [](const auto& entry) { return entry.digest + oci::ref_name(entry); });
  EXPECT_EQ(one, two);
}

TEST_P(Archive, LoadingTwiceChangesNothing) {
  const auto layout = saved();
  const auto before = discovered(*place_, subject_);
  for (int time = 0; time < 2; ++time) {
    const auto loaded = archive::load(layout, variant(), place_->proposal());
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(discovered(*place_, subject_), before);
  }
}

TEST_P(Archive, TheLayoutAloneTellsWhatIsAttached) {
  const auto layout = saved();
  place_.reset();
  const auto found = find(layout, subject_.descriptor.digest);
  EXPECT_THAT(payloads(layout, found.entries), testing::UnorderedElementsAreArray(given_payloads()));
  for (const auto& entry : found.entries) {
    EXPECT_TRUE(entry.artifact_type == kSignature || entry.artifact_type == kSbom) << line_of(entry);
  }

  // index.json and what the trail leads over; where only a field tells, every manifest that may have it.
  static const std::map<std::string, std::uint64_t> kFiles{{"A", 4},
                                                           {"B", 4},
                                                           {"C", 4},
                                                           {"D/index", 2},
                                                           {"D/digest-tag", 1},
                                                           {"D/wrap", 2},
                                                           {"E/api", 4},
                                                           {"E/tag", 2},
                                                           {"F/reference-index", 2},
                                                           {"F/enhanced", 2},
                                                           {"oci-1.1/api", 4},
                                                           {"oci-1.1/fallback", 2},
                                                           {"cosign/tag", 3}};
  EXPECT_EQ(found.files, kFiles.at(GetParam().variant));

  EXPECT_THAT(find(layout, oci::Digest::of("nobody").str()).entries, IsEmpty());
}

TEST_P(Archive, HintsSaveOpeningTheManifests) {
  const auto layout = saved({.hints = true});
  const auto found = find(layout, subject_.descriptor.digest);
  EXPECT_THAT(payloads(layout, found.entries), testing::UnorderedElementsAreArray(given_payloads()));
  if (variant().trail.kind == Trail::Kind::kField) {
    EXPECT_EQ(found.files, 1U);
  }
  // Payloads and manifests are the same with and without them.
  Place second(variant(), settings_);
  ASSERT_TRUE(archive::load(layout, variant(), second.proposal()));
  EXPECT_EQ(discovered(second, subject_), discovered(*place_, subject_));
}

TEST_P(Archive, WithoutNamesWhatOnlyATagLedToIsLost) {
  const auto layout = saved();
  const auto entries_before = layout.entries().value();
  for (auto entry : entries_before) {
    if (oci::ref_name(entry).empty()) continue;
    ASSERT_TRUE(layout.remove([&](const oci::Descriptor& one) { return one == entry; }));
    entry.annotations.erase(std::string(oci::kRefName));
    ASSERT_TRUE(layout.add(entry));
  }
  const bool by_tag = variant().trail.kind != Trail::Kind::kField && !variant().in_image;
  // D's wrapping root is in the image's index; but the unsigned digest leads to it over a tag.
  const bool lost = by_tag || GetParam().variant == "D/wrap";
  EXPECT_EQ(find(layout, subject_.descriptor.digest).entries.empty(), lost);

  Place second(variant(), settings_);
  const auto loaded = archive::load(layout, variant(), second.proposal());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_THAT(loaded->names, IsEmpty());
  // The image is one; whatever else was known by a tag alone is reported too.
  EXPECT_EQ(loaded->unreached.size() > 1, by_tag);
  auto now = subject_;
  if (!variant().in_image) {
    const auto entries = second.proposal().discover(now, {});
    ASSERT_TRUE(entries) << entries.error().message;
    EXPECT_EQ(entries->empty(), lost);
  }
}

TEST_P(Archive, ADamagedPayloadIsNotHandedOut) {
  const auto layout = saved();
  for (const auto& one : given_) {
    const auto file = folder_ / "layout" / "blobs" / "sha256" / one.payload.digest().encoded();
    std::ofstream(file, std::ios::binary | std::ios::trunc) << std::string(one.payload.bytes().size(), 'x');
  }
  const auto found = find(layout, subject_.descriptor.digest);
  ASSERT_EQ(found.entries.size(), given_.size());
  for (const auto& entry : found.entries) {
    const auto payload = archive::fetch(layout, variant(), entry);
    // What is carried in a manifest or list does not need the blob.
    EXPECT_EQ(payload.has_value(), GetParam().inlined);
    if (!payload) {
      EXPECT_EQ(payload.error().kind, FailureKind::kBroken);
    }
  }
}

TEST_P(Archive, TwoImagesInOneLayoutAreToldApart) {
  const auto layout = saved();
  auto second = push_image("v2");
  const auto given = attachments(random_, 1);
  ASSERT_TRUE(place_->proposal().attach(second, given));
  ASSERT_TRUE(archive::save(variant(), place_->proposal(), second, layout));
  EXPECT_THAT(payloads(layout, find(layout, subject_.descriptor.digest).entries),
              testing::UnorderedElementsAreArray(given_payloads()));
  EXPECT_THAT(payloads(layout, find(layout, second.descriptor.digest).entries),
              testing::ElementsAre(given.front().payload.bytes()));
}

class SharedLists : public Archive {};

TEST_P(SharedLists, ALoadKeepsWhatTheTargetHad) {
  const auto layout = saved();
  Place second(variant(), settings_);
  auto there = second.copy_image(*place_, subject_);
  const auto other = attachments(random_, 1);
  ASSERT_TRUE(second.proposal().attach(there, other));
  const auto loaded = archive::load(layout, variant(), second.proposal());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(discovered(second, subject_).size(), 1 + given_.size() + other.size());
}

TEST(ArchiveConflicts, ATagThatLeadsElsewhereIsLeftAlone) {
  const auto& variant = *find_variant("cosign/tag");
  oci::Random random(31);
  Place place(variant, {});
  Place second(variant, {});
  auto subject = place.push(oci::image(random));
  auto there = subject;
  ASSERT_TRUE(place.proposal().attach(subject, attachments(random, 1)));
  std::string pattern = testing::TempDir() + "referee-archive-XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const auto layout = oci::Layout::create(pattern).value();
  ASSERT_TRUE(archive::save(variant, place.proposal(), subject, layout));
  const auto others = attachments(random, 1);
  ASSERT_TRUE(second.proposal().attach(there, others));
  const auto loaded = archive::load(layout, variant, second.proposal());
  fs::remove_all(pattern);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, FailureKind::kConflict);
  EXPECT_THAT(loaded.error().message, HasSubstr("it is left alone"));
  const auto found = second.proposal().discover(there, {});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().descriptor.digest, others.front().payload.digest().str());
}

TEST(ArchiveTags, ATagWhoseHashIsNotTheArtifactsOwnLeadsNowhere) {
  const auto& variant = *find_variant("D/digest-tag");
  std::string pattern = testing::TempDir() + "referee-archive-XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const auto layout = oci::Layout::create(pattern).value();
  const auto subject = oci::Digest::of("an image");
  const auto right = oci::empty_blob().descriptor();
  const auto prefix = oci::referrers_tag(subject.str());
  const auto hash = oci::empty_blob().digest().encoded().substr(0, 16);
  const auto add = [&](const std::string& name) {
    auto entry = right;
    entry.annotations[std::string(oci::kRefName)] = name;
    ASSERT_TRUE(layout.add(entry));
  };
  for (const auto& name : {prefix + "." + std::string(16, '0') + ".sig", prefix + "x." + hash + ".sig", prefix,
                           prefix + "." + hash, prefix + "." + hash + ".sig"}) {
    add(name);
  }
  const auto found = archive::find(layout, variant, subject);
  fs::remove_all(pattern);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->entries.size(), 1U);
  EXPECT_EQ(found->entries.front().tag, prefix + "." + hash + ".sig");
  EXPECT_EQ(found->files, 1U);
}

TEST(ArchiveLimits, IndexesInEachOtherAreFollowedSoFarAndNoFurther) {
  const auto& variant = *find_variant("oci-1.1/api");
  Place place(variant, {});
  std::string pattern = testing::TempDir() + "referee-archive-XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const auto layout = oci::Layout::create(pattern).value();
  std::vector<oci::Content> chain{oci::IndexBuilder().build()};
  for (int i = 0; i < 33; ++i) chain.push_back(oci::IndexBuilder().manifest(chain.back().descriptor()).build());
  for (const auto& index : chain) ASSERT_TRUE(layout.put(index));
  ASSERT_TRUE(layout.add(chain[32].descriptor()));
  EXPECT_TRUE(archive::load(layout, variant, place.proposal()));
  Place second(variant, {});
  ASSERT_TRUE(layout.add(chain[33].descriptor()));
  ASSERT_TRUE(layout.remove([&](const oci::Descriptor& one) { return one == chain[32].descriptor(); }));
  const auto deep = archive::load(layout, variant, second.proposal());
  fs::remove_all(pattern);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().kind, FailureKind::kLimit);
}

TEST_P(Archive, ADamagedOrMissingBlobIsNamed) {
  const auto layout = saved();
  Place second(variant(), settings_);
  const auto manifest = subject_.root.value_or(oci::empty_blob());
  const auto file = folder_ / "layout" / "blobs" / "sha256" / manifest.digest().encoded();
  std::ofstream(file, std::ios::binary | std::ios::trunc) << std::string(manifest.bytes().size(), ' ');
  const auto damaged = archive::load(layout, variant(), second.proposal());
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().kind, FailureKind::kBroken);
  EXPECT_THAT(damaged.error().message, HasSubstr(manifest.digest().encoded() + " is damaged"));
  fs::remove(file);
  const auto missing = archive::load(layout, variant(), second.proposal());
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr(manifest.digest().encoded() + " is missing"));
}

std::vector<Shelf> shelves() {
  std::vector<Shelf> all;
  for (const auto& variant : variants()) {
    all.push_back({variant.id, false, false});
    if (variant.can_inline) all.push_back({variant.id, true, false});
    all.push_back({variant.id, false, true});
  }
  return all;
}

std::vector<Shelf> shelves_with_lists() {
  auto all = shelves();
  std::erase_if(all, [](const Shelf& shelf) {
    const auto& variant = *find_variant(shelf.variant);
    return variant.trail.kind != Trail::Kind::kListTag || variant.in_image;
  });
  return all;
}

std::string name_of_shelf(const testing::TestParamInfo<Shelf>& one) {
  std::string name;
  for (const char c : one.param.variant) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name + (one.param.inlined ? "_inlined" : "") + (one.param.index ? "_index" : "");
}

INSTANTIATE_TEST_SUITE_P(Variants, Archive, testing::ValuesIn(shelves()), name_of_shelf);
INSTANTIATE_TEST_SUITE_P(Variants, SharedLists, testing::ValuesIn(shelves_with_lists()), name_of_shelf);

}  // namespace
}  // namespace referee::proposals
