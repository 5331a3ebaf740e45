#include <gtest/gtest.h>

#include "referee/oci/builder.hpp"

namespace referee::oci {
namespace {

// Reports of two builds can be compared only if the same seed names the same digests. A change of one of these values
// changes every digest in every report: do it on purpose or not at all.
TEST(GoldenTest, SeededContentIsTheSameInEveryBuild) {
  EXPECT_EQ(Random(42, "golden").hex(32), "4e703ac48dfb0bc58f06a9e64a79068b");
  Random random(42, "golden");
  const Package first = image(random);
  EXPECT_EQ(first.blobs.at(0).digest().str(),
            "sha256:ffd66f0056340aaafdf63e8ad32cfc217d7dc235fa264afae307aac6ab02ad14");
  EXPECT_EQ(first.blobs.at(1).digest().str(),
            "sha256:6f93cfe528ac59ae85041a96c2cb405aae4309f0ae18fc7c39ed50bb78080dba");
  EXPECT_EQ(first.digest().str(), "sha256:ec78e4e9c2962aa13f561b99f62e563ae9ed233c8d0b4bc7b6538f416bdb7395");
  EXPECT_EQ(referrer(random, first.descriptor(), "application/vnd.example", {{"a", "b"}}).digest().str(),
            "sha256:3dcc938fad955e7e6d1ff2bf726aac08521b95d585d13d4f646099a8f166dcfd");
  EXPECT_EQ(docker_image(random).digest().str(),
            "sha256:ec163111b4600e9d614b6069eadac97f17e93f9caa42c79cbb92ff297fd5833d");
  EXPECT_EQ(image(random, 100'000, {"arm64", "linux", "", "v8"}, Algorithm::kSha512).digest().str(),
            "sha512:"
            "4507aa18350c48763689512d60124bb94852238578c472446c336d0b8013266503b89bb3b86dbf332d70d3250547de0af5f18b4d2e"
            "2e3a237bfec6cd2d9a0822");
  EXPECT_EQ(tar_layer(random, 10, "z", media_type::kLayerZstd).digest().str(),
            "sha256:bf5ba8695a1c5d6bf6e599c827e4315cdfc59285038bb04869af258ea1f4c370");
  EXPECT_EQ(IndexBuilder().manifest(first.descriptor()).pad_to(4096).build().digest().str(),
            "sha256:082d028d00bfbc193081f1ffd8e1688ccea72f5528f7e76ae8ca88d833116329");
}

}  // namespace
}  // namespace referee::oci
