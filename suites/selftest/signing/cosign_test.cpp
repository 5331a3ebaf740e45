#include <gtest/gtest.h>

#include "candidates.hpp"

namespace referee::signing {
namespace {

// What cosign 3.1.3 stored when interop/run.py made it sign with these keys.
PublicKey cosign_key() {
  return PrivateKey::from_seed(KeyType::kEcdsaP256, 1).public_key();
}

std::string stored(const std::string& name) {
  return read_file(std::string(REFEREE_SOURCE_DIR) + "/fixtures/golden/signing/cosign-3.1.3/" + name);
}

TEST(Cosign, ItsBundleCounts) {
  const auto claim = read_bundle(stored("bundle-p256.json"));
  ASSERT_TRUE(claim) << claim.error();
  EXPECT_EQ(claim->statement_type, kCosignSign);
  ASSERT_EQ(claim->subjects.size(), 1U);
  const auto subject = oci::Digest::parse(claim->subjects.front());
  ASSERT_TRUE(subject) << subject.error();
  EXPECT_TRUE(check_claim(*claim, *subject, cosign_key()));
  EXPECT_FALSE(check_claim(*claim, image_digest(), cosign_key()));
  EXPECT_FALSE(check_claim(*claim, *subject, p256_key().public_key()));
  // Its hint is the one that is written here.
  const auto ours =
      read_bundle(sign_bundle(PrivateKey::from_seed(KeyType::kEcdsaP256, 1), {image_digest()}).payload.bytes());
  ASSERT_TRUE(ours) << ours.error();
  EXPECT_EQ(claim->key_hint, ours->key_hint);
}

TEST(Cosign, ItsSimpleSigningCounts) {
  auto signature = stored("simple-signing-p256.txt");
  signature.pop_back();
  const auto claim =
      read_simple_signing(stored("simple-signing.json"), {{std::string(kSignatureAnnotation), signature}});
  ASSERT_TRUE(claim) << claim.error();
  const auto subject = oci::Digest::parse(claim->subjects.front());
  ASSERT_TRUE(subject) << subject.error();
  EXPECT_TRUE(check_claim(*claim, *subject, cosign_key()));
  EXPECT_FALSE(check_claim(*claim, *subject, p256_key().public_key()));
}

/// Byte for byte what cosign writes, but for the name of the image.
TEST(Cosign, OurSimpleSigningReadsLikeIts) {
  const auto theirs = nlohmann::json::parse(stored("simple-signing.json"));
  const auto& critical = theirs.at("critical");
  const auto subject = oci::Digest::parse(critical.at("image").at("docker-manifest-digest").get<std::string>());
  ASSERT_TRUE(subject) << subject.error();
  EXPECT_EQ(simple_signing_json(*subject, critical.at("identity").at("docker-reference").get<std::string>()),
            stored("simple-signing.json"));
}

/// cosign 3.1.3 signs with Ed25519ph and verifies pure Ed25519: it takes this one as little as we do.
TEST(Cosign, ItsPrehashedEd25519DoesNotCount) {
  const auto claim = read_bundle(stored("bundle-ed25519ph.json"));
  ASSERT_TRUE(claim) << claim.error();
  const auto subject = oci::Digest::parse(claim->subjects.front());
  ASSERT_TRUE(subject) << subject.error();
  EXPECT_FALSE(check_claim(*claim, *subject, PrivateKey::from_seed(KeyType::kEd25519, 2).public_key()));
}

}  // namespace
}  // namespace referee::signing
