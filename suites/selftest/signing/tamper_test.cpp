#include <gtest/gtest.h>

#include "referee/signing/bundle.hpp"
#include "referee/signing/simple_signing.hpp"
#include "support.hpp"

namespace referee::signing {
namespace {

// Low bit, letter case, high bit.
constexpr unsigned kFlips[] = {0x01, 0x20, 0x80};

std::string flipped(std::string text, std::size_t at, unsigned mask) {
  text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ mask);
  return text;
}

bool accepted(const std::string& bundle, const PublicKey& key) {
  const auto claim = read_bundle(bundle);
  return claim && check_claim(*claim, image_digest(), key);
}

/// Every byte of a bundle matters, but those that say whose key it is: the hint proves nothing.
TEST(Tamper, EveryByteOfABundle) {
  for (const auto& key : {p256_key(), ed25519_key_of_seed()}) {
    const auto bundle = sign_bundle(key, {image_digest()}).payload.bytes();
    ASSERT_TRUE(accepted(bundle, key.public_key()));
    const auto hint_begins = bundle.find("\"hint\":");
    const auto hint_ends = bundle.find("}}", hint_begins);
    ASSERT_NE(hint_ends, std::string::npos);
    std::size_t refused = 0;
    for (std::size_t at = 0; at < bundle.size(); ++at) {
      for (const auto mask : kFlips) {
        if (accepted(flipped(bundle, at, mask), key.public_key())) {
          EXPECT_TRUE(at >= hint_begins && at < hint_ends) << at << " " << bundle.substr(at, 10);
        } else {
          ++refused;
        }
      }
    }
    EXPECT_GE(refused, 3 * (bundle.size() - (hint_ends - hint_begins)));
  }
}

TEST(Tamper, EveryCutOfABundle) {
  const auto bundle = sign_bundle(p256_key(), {image_digest()}).payload.bytes();
  for (std::size_t size = 0; size < bundle.size(); ++size) {
    EXPECT_FALSE(accepted(bundle.substr(0, size), p256_key().public_key())) << size;
  }
}

TEST(Tamper, EveryByteOfSimpleSigning) {
  const auto key = p256_key();
  const auto signature = sign_simple(key, image_digest(), "registry.example/app");
  const auto& payload = signature.payload.bytes();
  const auto annotation = std::string(kSignatureAnnotation);
  const auto& text = signature.annotations.at(annotation);
  const auto good = [&](const std::string& bytes, const std::string& base64) {
    const auto claim = read_simple_signing(bytes, {{annotation, base64}});
    return claim && check_claim(*claim, image_digest(), key.public_key());
  };
  ASSERT_TRUE(good(payload, text));
  for (const auto mask : kFlips) {
    for (std::size_t at = 0; at < payload.size(); ++at) EXPECT_FALSE(good(flipped(payload, at, mask), text)) << at;
    for (std::size_t at = 0; at < text.size(); ++at) EXPECT_FALSE(good(payload, flipped(text, at, mask))) << at;
  }
  for (std::size_t size = 0; size < payload.size(); ++size) EXPECT_FALSE(good(payload.substr(0, size), text));
  EXPECT_FALSE(good(payload + "\n", text));
}

/// A signature of one form does not count in the other: what is signed differs.
TEST(Tamper, FormsDoNotMix) {
  const auto simple = sign_simple(p256_key(), image_digest(), "a");
  const auto bundle = sign_bundle(p256_key(), {image_digest()});
  EXPECT_FALSE(read_claim(kBundleType, simple.annotations, simple.payload.bytes()));
  EXPECT_FALSE(read_claim(kSimpleSigningType, simple.annotations, bundle.payload.bytes()));
  // A key that signs any text must not sign an envelope by chance.
  const auto payload = statement_json({image_digest()});
  const auto claim = read_bundle(bundle_json(p256_key(), kInTotoType, payload));
  ASSERT_TRUE(claim);
  EXPECT_FALSE(p256_key().public_key().verify(payload, claim->signature));
}

}  // namespace
}  // namespace referee::signing
