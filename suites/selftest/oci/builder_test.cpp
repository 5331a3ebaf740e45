#include "referee/oci/builder.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace referee::oci {
namespace {

using Json = nlohmann::json;

Descriptor some_subject() {
  return Content(std::string(media_type::kManifest), "subject").descriptor();
}

TEST(ManifestBuilderTest, AnImageHasTheRequiredFields) {
  Random random(1, "image");
  const Package package = image(random);
  const Json json = Json::parse(package.manifest.bytes());
  EXPECT_EQ(json.at("schemaVersion"), 2);
  EXPECT_EQ(json.at("mediaType"), media_type::kManifest);
  EXPECT_EQ(json.at("config").at("mediaType"), media_type::kConfig);
  ASSERT_EQ(json.at("layers").size(), 1U);
  EXPECT_EQ(json.at("layers")[0].at("mediaType"), media_type::kLayerGzip);
  ASSERT_EQ(package.blobs.size(), 2U);
  EXPECT_EQ(json.at("config").at("digest"), package.blobs[0].digest().str());
  EXPECT_EQ(json.at("config").at("size"), package.blobs[0].size());
  EXPECT_EQ(json.at("layers")[0].at("digest"), package.blobs[1].digest().str());
  EXPECT_EQ(json.at("layers")[0].at("size"), package.blobs[1].size());

  const Json config = Json::parse(package.blobs[0].bytes());
  EXPECT_EQ(config.at("architecture"), "amd64");
  EXPECT_EQ(config.at("os"), "linux");
  EXPECT_EQ(config.at("rootfs").at("type"), "layers");
  ASSERT_EQ(config.at("rootfs").at("diff_ids").size(), 1U);
  ASSERT_EQ(config.at("history").size(), 1U);
  EXPECT_TRUE(config.at("history")[0].is_object());
  EXPECT_EQ(package.descriptor().digest, Digest::of(package.manifest.bytes()).str());
}

TEST(ManifestBuilderTest, DefaultsToTheEmptyConfigAndAnEmptyLayerList) {
  const Package package = ManifestBuilder().build();
  EXPECT_EQ(package.manifest.bytes(),
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":)"
            R"("application/vnd.oci.empty.v1+json","digest":)"
            R"("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]})");
  ASSERT_EQ(package.blobs.size(), 1U);
  EXPECT_EQ(package.blobs[0].bytes(), "{}");
}

TEST(ManifestBuilderTest, WritesEveryPartInOrder) {
  Descriptor inlined = empty_blob().descriptor();
  inlined.data = "{}";
  const Package package = ManifestBuilder()
                              .artifact_type("application/vnd.example")
                              .config_descriptor(inlined)
                              .subject(some_subject())
                              .annotation("b", "2")
                              .annotation("a", "1")
                              .field("org.example.unknown", R"({"x":1e999})")
                              .build();
  const std::string& bytes = package.manifest.bytes();
  std::size_t last = 0;
  for (const char* key :
       {"schemaVersion", "mediaType", "artifactType", "config", R"("data":"e30=")", "layers", "subject", "annotations",
        R"("a":"1")", R"("b":"2")", R"("org.example.unknown":{"x":1e999}})"}) {
    const std::size_t at = bytes.find(key, last);
    ASSERT_NE(at, std::string::npos) << key << " in " << bytes;
    last = at;
  }
  EXPECT_TRUE(package.blobs.empty());
}

TEST(ManifestBuilderTest, OmittingMediaTypeKeepsTheContentType) {
  const Package package = ManifestBuilder().omit_media_type().build();
  EXPECT_FALSE(Json::parse(package.manifest.bytes()).contains("mediaType"));
  EXPECT_EQ(package.manifest.media_type(), media_type::kManifest);
}

TEST(ManifestBuilderTest, AFieldReplacesAKnownProperty) {
  const Package package = ManifestBuilder().field("schemaVersion", "7").field("layers", "null").build();
  const std::string& bytes = package.manifest.bytes();
  EXPECT_EQ(bytes.find("schemaVersion"), bytes.rfind("schemaVersion"));
  EXPECT_EQ(Json::parse(bytes).at("schemaVersion"), 7);
  EXPECT_TRUE(Json::parse(bytes).at("layers").is_null());
}

TEST(ManifestBuilderTest, PrettyMeansTheSameInOtherBytes) {
  const auto built = [](bool pretty) {
    ManifestBuilder builder;
    builder.annotation("a", "1").field("x", "[1]").field("y", "2");
    if (pretty) builder.pretty();
    return builder.build().manifest;
  };
  EXPECT_EQ(Json::parse(built(true).bytes()), Json::parse(built(false).bytes()));
  EXPECT_NE(built(true).digest(), built(false).digest());
  EXPECT_TRUE(built(true).bytes().ends_with("\n}\n"));
  EXPECT_TRUE(built(true).bytes().starts_with("{\n  \"schemaVersion\": 2,\n"));
}

TEST(ManifestBuilderTest, PushesARepeatedBlobOnce) {
  Random random(1);
  const Content layer = tar_layer(random);
  const Package package = ManifestBuilder().layer(layer).layer(layer).build();
  EXPECT_EQ(package.blobs.size(), 2U);
  EXPECT_EQ(Json::parse(package.manifest.bytes()).at("layers").size(), 2U);
}

TEST(ManifestBuilderTest, CanBeBuiltTwice) {
  ManifestBuilder builder;
  builder.pad_to(1000);
  EXPECT_EQ(builder.build().manifest.bytes(), builder.build().manifest.bytes());
}

TEST(ManifestBuilderTest, Sha512ReachesEveryPartOfAnImage) {
  Random random(1);
  const Package package = image(random, 64, {"amd64", "linux", "", ""}, Algorithm::kSha512);
  EXPECT_EQ(package.digest().algorithm(), Algorithm::kSha512);
  EXPECT_EQ(package.manifest.bytes().find("sha256"), std::string::npos);
  EXPECT_EQ(ManifestBuilder().algorithm(Algorithm::kSha512).build().manifest.bytes().find("sha256"), std::string::npos);
}

TEST(ManifestBuilderTest, DockerImagesNameNothingOfOci) {
  Random random(1);
  const Package package = docker_image(random);
  EXPECT_EQ(package.manifest.media_type(), media_type::kDockerManifest);
  EXPECT_EQ(package.manifest.bytes().find("vnd.oci"), std::string::npos);
}

TEST(ManifestBuilderTest, AReferrerNamesItsSubject) {
  Random random(1);
  const Package package = referrer(random, some_subject(), "application/vnd.example.sbom", {{"k", "v"}});
  const Json json = Json::parse(package.manifest.bytes());
  EXPECT_EQ(json.at("subject").at("digest"), some_subject().digest);
  EXPECT_EQ(json.at("artifactType"), "application/vnd.example.sbom");
  EXPECT_EQ(json.at("annotations"), Json({{"k", "v"}}));
  EXPECT_EQ(package.blobs.size(), 2U);
  EXPECT_NE(referrer(random, some_subject(), "application/vnd.example.sbom").digest(), package.digest());
}

class PaddingTest : public ::testing::TestWithParam<std::size_t> {};

TEST_P(PaddingTest, IsExactAndStaysValidJson) {
  for (const bool pretty : {false, true}) {
    ManifestBuilder builder;
    builder.annotation("quote", "\"\\\n\xc3\xa9").field("x", "1").pad_to(GetParam());
    if (pretty) builder.pretty();
    const Content manifest = builder.build().manifest;
    EXPECT_EQ(manifest.bytes().size(), GetParam());
    EXPECT_TRUE(Json::accept(manifest.bytes()));
    IndexBuilder index;
    index.manifest(some_subject()).pad_to(GetParam());
    if (pretty) index.pretty();
    EXPECT_EQ(index.build().bytes().size(), GetParam());
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, PaddingTest,
                         ::testing::Values(500, 501, 512, 1000, 1024, 4095, 4096, 65'535, 65'536, 1'000'000, 4'000'000,
                                           4 * 1024 * 1024, 4 * 1024 * 1024 + 1));

TEST(PaddingEdgeTest, EverySizeAboveTheNaturalOneIsReached) {
  const std::size_t natural = ManifestBuilder().build().manifest.bytes().size();
  for (std::size_t size = natural; size < natural + 100; ++size) {
    const std::string bytes = ManifestBuilder().pad_to(size).build().manifest.bytes();
    ASSERT_EQ(bytes.size(), size);
    ASSERT_TRUE(Json::accept(bytes)) << bytes;
  }
  EXPECT_EQ(ManifestBuilder().pad_to(natural - 1).build().manifest.bytes().size(), natural);
}

TEST(PaddingEdgeTest, WorksWhereAnnotationsAreReplaced) {
  const std::string bytes = ManifestBuilder().field("annotations", "7").pad_to(2000).build().manifest.bytes();
  EXPECT_EQ(bytes.size(), 2000U);
  EXPECT_EQ(Json::parse(bytes).at("annotations"), 7);
}

TEST(IndexBuilderTest, WritesEntriesWithPlatforms) {
  Descriptor entry = some_subject();
  entry.platform = Platform{"arm64", "linux", "", "v8"};
  const Content index = IndexBuilder().manifest(entry).subject(some_subject()).artifact_type("t/x").build();
  const Json json = Json::parse(index.bytes());
  EXPECT_EQ(json.at("mediaType"), media_type::kIndex);
  EXPECT_EQ(json.at("manifests")[0].at("platform").at("variant"), "v8");
  EXPECT_EQ(json.at("artifactType"), "t/x");
  EXPECT_TRUE(Json::parse(IndexBuilder().build().bytes()).at("manifests").is_array());
  EXPECT_EQ(IndexBuilder().media_type(media_type::kDockerManifestList).build().media_type(),
            media_type::kDockerManifestList);
}

TEST(BuilderTest, InvalidUtf8DoesNotThrow) {
  EXPECT_TRUE(Json::accept(ManifestBuilder().annotation("a", "\xff").pad_to(2000).build().manifest.bytes()));
}

}  // namespace
}  // namespace referee::oci
