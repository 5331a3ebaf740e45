#include "referee/signing/bundle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "referee/oci/base64.hpp"
#include "referee/oci/builder.hpp"
#include "support.hpp"

namespace referee::signing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr Time kCreated{std::chrono::seconds(1'790'000'000)};

TEST(Bundle, PreAuthenticationEncoding) {
  // The example of DSSE's protocol.md.
  EXPECT_EQ(dsse_pae("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  EXPECT_EQ(dsse_pae("", ""), "DSSEv1 0  0 ");
  EXPECT_EQ(dsse_pae("a b", "{}\n"), "DSSEv1 3 a b 3 {}\n");
  EXPECT_EQ(dsse_pae("t", std::string("\0\xff", 2)), std::string("DSSEv1 1 t 2 \0\xff", 15));
}

TEST(Bundle, Golden) {
  expect_golden("bundle-p256.json", sign_bundle(p256_key(), {image_digest()}).payload.bytes());
  expect_golden("bundle-ed25519.json", sign_bundle(ed25519_key_of_seed(), {image_digest()}).payload.bytes());
  expect_golden("statement.json", statement_json({image_digest()}));
}

TEST(Bundle, HoldsWhatCosignStores) {
  const auto key = p256_key();
  const auto signature = sign_bundle(key, {image_digest()}, kCreated);
  EXPECT_EQ(signature.artifact_type, "application/vnd.dev.sigstore.bundle.v0.3+json");
  EXPECT_EQ(signature.payload.media_type(), signature.artifact_type);
  EXPECT_THAT(signature.annotations,
              ElementsAre(Pair("dev.sigstore.bundle.content", "dsse-envelope"),
                          Pair("dev.sigstore.bundle.predicateType", "https://sigstore.dev/cosign/sign/v1"),
                          Pair("org.opencontainers.image.created", "2026-09-21T14:13:20Z")));
  const auto bundle = nlohmann::json::parse(signature.payload.bytes());
  EXPECT_EQ(bundle.at("mediaType"), signature.artifact_type);
  const auto hint = from_hex(oci::Digest::of(key.public_key().spki()).encoded());
  EXPECT_EQ(bundle.at("verificationMaterial").at("publicKey").at("hint"), oci::base64_encode(hint));
  const auto& envelope = bundle.at("dsseEnvelope");
  EXPECT_EQ(envelope.at("payloadType"), "application/vnd.in-toto+json");
  EXPECT_EQ(envelope.at("signatures").size(), 1U);
  const auto statement = nlohmann::json::parse(oci::base64_decode(envelope.at("payload").get<std::string>()).value());
  EXPECT_EQ(statement, nlohmann::json({{"_type", "https://in-toto.io/Statement/v1"},
                                       {"subject", {{{"digest", {{"sha256", image_digest().encoded()}}}}}},
                                       {"predicateType", "https://sigstore.dev/cosign/sign/v1"},
                                       {"predicate", nlohmann::json::object()}}));
}

TEST(Bundle, IsReadAndChecked) {
  for (const auto& key : {p256_key(), ed25519_key_of_seed()}) {
    const auto signature = sign_bundle(key, {image_digest(), "https://example.com/p", R"({"a":1})"});
    const auto claim = read_claim(signature.artifact_type, signature.annotations, signature.payload.bytes());
    ASSERT_TRUE(claim) << claim.error();
    EXPECT_EQ(claim->statement_type, "https://example.com/p");
    EXPECT_THAT(claim->subjects, ElementsAre(image_digest().str()));
    EXPECT_EQ(nlohmann::json::parse(claim->document).at("predicate").at("a"), 1);
    EXPECT_FALSE(claim->key_hint.empty());
    EXPECT_TRUE(check_claim(*claim, image_digest(), key.public_key()));

    const auto other_key = check_claim(*claim, image_digest(), p256_key("other").public_key());
    ASSERT_FALSE(other_key);
    EXPECT_THAT(other_key.error(), HasSubstr("not of the key sha256:"));
    const auto other_image = check_claim(*claim, oci::Digest::of("another image"), key.public_key());
    ASSERT_FALSE(other_image);
    EXPECT_THAT(other_image.error(), HasSubstr("about another image: " + image_digest().str()));
  }
}

TEST(Bundle, BindsSha512Subjects) {
  const auto subject = oci::Digest::of("an image", oci::Algorithm::kSha512);
  const auto claim = read_bundle(sign_bundle(p256_key(), {subject}).payload.bytes());
  ASSERT_TRUE(claim) << claim.error();
  EXPECT_TRUE(check_claim(*claim, subject, p256_key().public_key()));
  EXPECT_FALSE(check_claim(*claim, image_digest(), p256_key().public_key()));
}

TEST(Bundle, NeedsNoHintAndPassesOverLogs) {
  auto bundle = nlohmann::json::parse(sign_bundle(p256_key(), {image_digest()}).payload.bytes());
  auto& material = bundle.at("verificationMaterial");
  material["publicKey"] = nlohmann::json::object();
  material["tlogEntries"] = {{{"logIndex", "7"}}};
  bundle["dsseEnvelope"]["signatures"][0]["keyid"] = "anything";
  const auto claim = read_bundle(bundle.dump(2));
  ASSERT_TRUE(claim) << claim.error();
  EXPECT_THAT(claim->key_hint, IsEmpty());
  EXPECT_TRUE(check_claim(*claim, image_digest(), p256_key().public_key()));
}

TEST(Bundle, AnyOfItsSubjectsCounts) {
  const auto other = oci::Digest::of("another image");
  auto statement = nlohmann::json::parse(statement_json({image_digest()}));
  statement["subject"].push_back({{"name", "b"}, {"digest", {{"sha256", other.encoded()}, {"gitCommit", "x"}}}});
  const auto claim = read_bundle(bundle_json(p256_key(), kInTotoType, statement.dump()));
  ASSERT_TRUE(claim) << claim.error();
  EXPECT_THAT(claim->subjects, ElementsAre(image_digest().str(), other.str()));
  EXPECT_TRUE(check_claim(*claim, other, p256_key().public_key()));
}

/// The shape that the header promises: what a caller builds from a Signature is a referrer with an empty config.
TEST(Bundle, FitsIntoAManifest) {
  const auto signature = sign_bundle(p256_key(), {image_digest()}, kCreated);
  oci::ManifestBuilder builder;
  builder.artifact_type(signature.artifact_type).layer(signature.payload);
  builder.subject(oci::Content("a/b", "an image").descriptor());
  for (const auto& [key, value] : signature.annotations) builder.annotation(key, value);
  const auto manifest = nlohmann::json::parse(builder.build().manifest.bytes());
  EXPECT_EQ(manifest.at("config").at("mediaType"), "application/vnd.oci.empty.v1+json");
  EXPECT_EQ(manifest.at("layers").at(0).at("mediaType"), manifest.at("artifactType"));
}

}  // namespace
}  // namespace referee::signing
