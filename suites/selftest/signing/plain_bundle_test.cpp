#include "plain_bundle.hpp"

#include <gtest/gtest.h>

#include <array>

#include "referee/oci/base64.hpp"
#include "referee/oci/random.hpp"
#include "referee/signing/bundle.hpp"
#include "support.hpp"

namespace referee::signing {
namespace {

std::string good() {
  return std::string(sign_bundle(p256_key(), {image_digest()}).payload.bytes());
}

/// A bundle with this statement; nobody checks the signature.
std::string bundle_of(std::string_view statement) {
  static const std::string bundle = good();
  constexpr std::string_view kKey = R"("payload":")";
  const auto begin = bundle.find(kKey) + kKey.size();
  return bundle.substr(0, begin) + oci::base64_encode(statement) + bundle.substr(bundle.find('"', begin));
}

bool same(const Claim& one, const Claim& other) {
  return one.message == other.message && one.signature == other.signature && one.document == other.document &&
         one.statement_type == other.statement_type && one.subjects == other.subjects && one.key_hint == other.key_hint;
}

/// Whether the short cut was taken; it must then say what the careful reader says.
bool taken(const std::string& bundle) {
  const auto plain = read_plain_bundle(bundle);
  if (!plain) return false;
  const auto careful = read_careful_bundle(bundle);
  EXPECT_TRUE(careful) << careful.error() << "\n" << bundle;
  EXPECT_TRUE(careful && same(*plain, *careful)) << bundle;
  return true;
}

/// One to three bytes replaced, left out, doubled, or a piece cut off.
std::string spoiled(std::string text, oci::Random& random) {
  constexpr std::string_view kBytes = R"("{}[]:,\0 1etu/sig=A)";
  for (auto left = 1 + random.below(3); left > 0 && !text.empty(); --left) {
    const auto at = random.below(text.size());
    switch (random.below(5)) {
      case 0:
        text[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        text.erase(at, 1 + random.below(8));
        break;
      case 2:
        text.insert(at, text.substr(at, 1 + random.below(40)));
        break;
      case 3:
        text.insert(at, 1, kBytes[random.below(kBytes.size())]);
        break;
      default:
        if (random.below(8) == 0) text.resize(at);
    }
  }
  return text;
}

TEST(PlainBundle, TakesWhatCosignWrites) {
  EXPECT_TRUE(taken(good()));
  EXPECT_TRUE(
      taken(std::string(sign_bundle(p256_key(), {oci::Digest::of("image", oci::Algorithm::kSha512)}).payload.bytes())));
  EXPECT_TRUE(taken(" \n" + good() + "\n"));
}

TEST(PlainBundle, LeavesWhatIsOddToTheCarefulReader) {
  const auto with = [](std::string_view what, std::string_view instead) {
    auto text = good();
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), instead);
  };
  const std::array odd{
      with(R"("mediaType":)", R"("mediaType":"x","mediaType":)"),
      with(R"("hint":)", R"("hint":"x","hint":)"),
      with(R"("publicKey":{)", R"("certificate":{},"publicKey":{)"),
      with(R"("dsseEnvelope":)", R"("messageSignature":{},"dsseEnvelope":)"),
      with(R"("payload":)", R"("payload":"e30=","payload":)"),
      with(R"({"sig":)", R"({},{"sig":)"),
      with(R"("sig":)", R"("sig":"AAAA","sig":)"),
      std::string("\xef\xbb\xbf") + good(),
      good() + "x",
      good() + std::string(1, '\0'),
      std::string(),
      std::string("[]"),
  };
  for (const auto& bundle : odd) EXPECT_FALSE(taken(bundle)) << bundle;
  const std::string subject = R"({"digest":{"sha256":")" + image_digest().encoded() + R"("}})";
  const std::string head = R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"p","subject":)";
  EXPECT_TRUE(taken(bundle_of(head + "[" + subject + "," + subject + "]}")));
  EXPECT_TRUE(taken(bundle_of(head + "[]}")));
  EXPECT_FALSE(taken(bundle_of(head + "[" + subject + R"(],"subject":[]})")));
  EXPECT_FALSE(taken(bundle_of(head + R"([{"digest":{"sha256":"00"}}]})")));
  EXPECT_FALSE(taken(bundle_of(head + R"([{"digest":{"sha1":"00"}}]})")));
  EXPECT_FALSE(taken(bundle_of(head + "{}}")));
  EXPECT_FALSE(taken(bundle_of(head + R"([],"deep":)" + std::string(40, '[') + std::string(40, ']') + "}")));
}

TEST(PlainBundle, AgreesWithTheCarefulReader) {
  oci::Random random(7);
  const auto bundle = good();
  const auto statement = statement_json({image_digest()});
  int plain = 0;
  for (int round = 0; round < 2000; ++round) {
    plain += taken(spoiled(bundle, random)) ? 1 : 0;
    plain += taken(bundle_of(spoiled(statement, random))) ? 1 : 0;
  }
  // Signatures and unknown members may change without making a bundle odd.
  EXPECT_GT(plain, 50);
}

}  // namespace
}  // namespace referee::signing
