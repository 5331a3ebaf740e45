// What the sound client does, beyond the scenarios of its defects.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "imitation/world.hpp"
#include "referee/runtimes/description.hpp"

namespace referee::imitation {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(SoundClient, ReadsManifestsBlobsAndTags) {
  World world("oci-1.1");
  const auto image = world.push_image();
  EXPECT_EQ(world.run("sound", "manifest", world.at("v1")).out, image.manifest.bytes());
  EXPECT_EQ(world.run("sound", "manifest", world.at(image.digest().str())).out, image.manifest.bytes());
  EXPECT_EQ(world.run("sound", "tags", world.at("")).out, "v1\n");
  const auto& blob = image.blobs.front();
  Order order;
  order.output = world.path("blob");
  EXPECT_EQ(world.run("sound", "blob", world.at(blob.digest().str()), order).out, blob.digest().str() + "\n");
  std::ifstream file(order.output, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), blob.bytes());
  EXPECT_THAT(world.run("sound", "blob", world.at(blob.digest().str()), order).err, HasSubstr("is there already"));
}

TEST(SoundClient, IsDescribedWithEveryOperation) {
  std::ifstream file(REFEREE_SOURCE_DIR "/fixtures/imitation.json");
  std::string text(std::istreambuf_iterator<char>(file), {});
  const std::string model = "${model}";
  for (auto at = text.find(model); at != std::string::npos; at = text.find(model))
    text.replace(at, model.size(), "sound");
  const auto description = runtimes::parse_description(text);
  ASSERT_TRUE(description) << description.error();
  EXPECT_EQ(description->operations.size(), static_cast<std::size_t>(runtimes::kOperations));
  for (const auto& [operation, line] : description->operations) {
    EXPECT_EQ(line.words.at(3), name(operation));
    EXPECT_THAT(operations(), Contains(line.words.at(3)));
  }
}

TEST(SoundClient, SaysInOneLineWhatIsWrong) {
  World world("oci-1.1");
  const auto err = [&](const std::string& operation, const std::string& reference, const Order& order = {}) {
    const auto answer = world.run("sound", operation, reference, order);
    EXPECT_FALSE(answer.done) << operation;
    EXPECT_THAT(answer.out, IsEmpty());
    EXPECT_EQ(answer.err.find('\n'), std::string::npos) << answer.err;
    return answer.err;
  };
  EXPECT_THAT(err("manifest", world.at("v1")), HasSubstr("team/app/v1: the registry answered 404"));
  EXPECT_THAT(err("manifest", "nothing"), HasSubstr("'nothing' is no reference"));
  EXPECT_THAT(err("manifest", "host:5000/repository"), HasSubstr("is no reference"));
  EXPECT_THAT(err("invent", world.at("v1")), HasSubstr("choose pull, manifest, blob"));
  EXPECT_THAT(err("attach", world.at("v1")), HasSubstr("--file names no file"));
  EXPECT_THAT(err("tags", "127.0.0.1:1/team/app"), StartsWith("the tags: "));
  world.push_image();
  Order order;
  order.variant = "Z";
  order.output = world.path("layout");
  EXPECT_THAT(err("save", world.at("v1"), order), HasSubstr("there is no 'Z'"));
  order.file = world.write("payload", "x");
  order.type = kSbomType;
  order.annotation = "=x";
  EXPECT_THAT(err("attach", world.at("v1"), order), HasSubstr("KEY=VALUE"));
  order.file = world.write("record", "no digest\n");
  EXPECT_THAT(err("prune", world.at(""), order), HasSubstr("a line is no digest"));
}

/// With and without the referrers API, on either side: the same referrers, and a list under a tag only where it must.
class FourWays : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(FourWays, CopyTakesReferrersOfReferrersAndOfChildren) {
  World from(GetParam().first);
  World to(GetParam().second);
  const auto image = from.make_image();
  const auto index = oci::IndexBuilder().manifest(image.descriptor()).build();
  from.put(image);
  from.put({index, {}}, "v1");
  const auto artifact = from.attach("sound", "of the index");
  Order order;
  order.type = kSbomType;
  order.file = from.write("more", "of the referrer");
  ASSERT_TRUE(from.run("sound", "attach", from.at(artifact), order).done);
  order.file = from.write("more", "of the image");
  ASSERT_TRUE(from.run("sound", "attach", from.at(image.digest().str()), order).done);
  order.target = to.at("v1");
  const auto copied = from.run("sound", "copy", from.at("v1"), order);
  EXPECT_EQ(copied.out, index.digest().str() + "\n") << copied.err;
  for (const auto& digest : {index.digest().str(), artifact, image.digest().str()}) {
    const auto there = from.run("sound", "discover", from.at(digest));
    EXPECT_EQ(lines_of(there), "1") << there.err;
    EXPECT_EQ(to.run("sound", "discover", to.at(digest)).out, there.out);
  }
  EXPECT_EQ(to.tags().size(), std::string(GetParam().second) == "oci-1.0" ? 4U : 1U);
}

INSTANTIATE_TEST_SUITE_P(Copies, FourWays,
                         testing::Values(std::pair("oci-1.1", "oci-1.1"), std::pair("oci-1.1", "oci-1.0"),
                                         std::pair("oci-1.0", "oci-1.1"), std::pair("oci-1.0", "oci-1.0")));

TEST(SoundClient, PushesWhatItPulled) {
  World world("oci-1.1");
  const auto image = world.push_image();
  Order order;
  order.output = world.path("pulled");
  ASSERT_TRUE(world.run("sound", "pull", world.at("v1"), order).done);
  order.layout = order.output;
  const auto pushed = world.run("sound", "push", world.at("v2", "team/pushed"), order);
  EXPECT_EQ(pushed.out, image.digest().str() + "\n") << pushed.err;
  EXPECT_EQ(world.body("v2", "team/pushed"), image.manifest.bytes());
}

TEST(SoundClient, FindsNothingWhereAnImageHasTheTagOfTheList) {
  World world("oci-1.0");
  const auto image = world.push_image();
  world.put(world.make_image(), oci::referrers_tag(image.digest().str()));
  const auto found = world.run("sound", "discover", world.at("v1"));
  EXPECT_TRUE(found.done) << found.err;
  EXPECT_THAT(found.out, IsEmpty());
}

TEST(SoundClient, FiltersByType) {
  for (const auto* profile : {"oci-1.1", "oci-1.0"}) {
    World world(profile);
    world.push_image();
    const auto signature = world.attach("sound", "one");
    Order order;
    order.type = kSbomType;
    world.attach("sound", "two", order);
    order.type = kSignatureType;
    EXPECT_EQ(world.run("sound", "discover", world.at("v1"), order).out, signature + " " + kSignatureType + "\n");
  }
}

TEST(SoundClient, PrunesReferrersOfWhatIsGone) {
  World world("oci-1.1");
  const auto image = world.push_image();
  const auto artifact = world.attach("sound", "one");
  Order order;
  order.file = world.write("record", image.digest().str() + "\n");
  EXPECT_THAT(world.run("sound", "prune", world.at(""), order).out, IsEmpty());
  ASSERT_EQ(world.registry().delete_manifest("team/app", image.digest().str()).value().status, 202);
  EXPECT_EQ(world.run("sound", "prune", world.at(""), order).out, "pruned " + artifact + "\n");
  EXPECT_THAT(world.body(artifact), IsEmpty());
}

TEST(SoundClient, TakesDigestTagsThroughALayout) {
  World world("oci-1.0");
  World fresh("oci-1.0");
  const auto image = world.push_image();
  const auto artifact =
      oci::ManifestBuilder().config({kSignatureType, "{}"}).layer({kSignatureType, "signature"}).build();
  const auto tag = oci::referrers_tag(image.digest().str()) + "." + artifact.digest().encoded().substr(0, 16) + ".sig";
  world.put(artifact, tag);
  Order order;
  order.variant = "D/digest-tag";
  order.output = world.path("layout");
  const auto saved = world.run("sound", "save", world.at("v1"), order);
  EXPECT_THAT(saved.out, HasSubstr(artifact.digest().str() + " " + tag + "\n")) << saved.err;
  order.layout = order.output;
  const auto loaded = fresh.run("sound", "load", fresh.at(""), order);
  EXPECT_EQ(loaded.out, "tag " + tag + "\ntag v1\n") << loaded.err;
  EXPECT_EQ(fresh.run("sound", "discover-tagged", fresh.at("v1")).out, artifact.digest().str() + " " + tag + "\n");
}

TEST(SoundClient, ListsWhatItLoadsWhereTheApiIsAbsent) {
  World world("oci-1.1");
  World fresh("oci-1.0");
  world.push_image();
  world.attach("sound", "one");
  Order order;
  order.output = world.path("layout");
  ASSERT_TRUE(world.run("sound", "save", world.at("v1"), order).done);
  order.layout = order.output;
  const auto loaded = fresh.run("sound", "load", fresh.at(""), order);
  EXPECT_TRUE(loaded.done) << loaded.err;
  EXPECT_EQ(fresh.run("sound", "discover", fresh.at("v1")).out, world.run("sound", "discover", world.at("v1")).out);
}

}  // namespace
}  // namespace referee::imitation
