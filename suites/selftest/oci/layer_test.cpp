#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "referee/oci/builder.hpp"

namespace referee::oci {
namespace {

struct Output {
  int status = -1;
  std::string text;
};

Output run(const std::string& command) {
  Output output;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");  // NOLINT(cert-env33-c): fixed commands of this test
  if (pipe == nullptr) return output;
  std::array<char, 65536> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) output.text.append(buffer.data(), n);
  output.status = pclose(pipe);
  return output;
}

class LayerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "referee-layer-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string file(const Content& content) const {
    const std::string path = folder_ / "layer";
    std::ofstream(path, std::ios::binary) << content.bytes();
    return path;
  }

  std::filesystem::path folder_;
};

TEST_F(LayerTest, TarListsAndExtractsWhatWasPut) {
  for (const std::string_view type : {media_type::kLayerGzip, media_type::kLayer, media_type::kDockerLayer}) {
    for (const std::size_t size : {0UL, 1UL, 64UL, 511UL, 512UL, 513UL, 65'535UL, 200'000UL}) {
      Random random(9, "layer");
      const Content layer = tar_layer(random, size, "opt/data/file", type);
      EXPECT_EQ(layer.media_type(), type);
      const std::string flag = type == media_type::kLayer ? "" : "z";
      const Output listed = run("tar t" + flag + "f " + file(layer));
      EXPECT_EQ(listed.status, 0) << listed.text;
      EXPECT_EQ(listed.text, "opt/data/file\n") << size;
      const Output extracted = run("tar x" + flag + "Of " + file(layer));
      EXPECT_EQ(extracted.text, Random(9, "layer").bytes(size)) << size;
    }
  }
}

TEST_F(LayerTest, GzipAcceptsItAndSeesNoTime) {
  Random random(9);
  const Content layer = tar_layer(random, 100'000);
  EXPECT_EQ(run("gzip -t < " + file(layer)).status, 0);
  EXPECT_EQ(layer.bytes().substr(4, 4), std::string(4, '\0'));
}

TEST_F(LayerTest, ZstdAcceptsItWhereInstalled) {
  if (run("command -v zstd").status != 0) GTEST_SKIP() << "no zstd on PATH";
  for (const std::size_t size : {0UL, 64UL, 300'000UL}) {
    Random random(9, "zstd");
    const Content layer = tar_layer(random, size, "f", media_type::kLayerZstd);
    const Output extracted = run("zstd -dc < " + file(layer) + " | tar xOf -");
    EXPECT_EQ(extracted.text, Random(9, "zstd").bytes(size)) << size;
  }
}

TEST_F(LayerTest, DiffIdIsTheDigestOfTheUncompressedTar) {
  Random random(9);
  const Package package = image(random, 1000);
  const Output tar = run("gzip -dc < " + file(package.blobs.at(1)));
  const auto config = nlohmann::json::parse(package.blobs.at(0).bytes());
  EXPECT_EQ(config.at("rootfs").at("diff_ids").at(0), Digest::of(tar.text).str());
}

}  // namespace
}  // namespace referee::oci
