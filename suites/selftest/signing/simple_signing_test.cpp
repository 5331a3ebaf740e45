#include "referee/signing/simple_signing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "referee/oci/base64.hpp"
#include "support.hpp"

namespace referee::signing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SimpleSigning, Golden) {
  const auto signature = sign_simple(p256_key(), image_digest(), "registry.example/app");
  expect_golden("simple-signing.json", signature.payload.bytes());
  expect_golden("simple-signing-p256.txt", signature.annotations.at(std::string(kSignatureAnnotation)) + "\n");
}

TEST(SimpleSigning, HoldsWhatCosignStores) {
  const auto signature = sign_simple(p256_key(), image_digest(), "a\"b", R"({"k":"v"})");
  EXPECT_EQ(signature.artifact_type, "application/vnd.dev.cosign.simplesigning.v1+json");
  EXPECT_EQ(signature.payload.media_type(), signature.artifact_type);
  EXPECT_EQ(nlohmann::json::parse(signature.payload.bytes()),
            nlohmann::json({{"critical",
                             {{"identity", {{"docker-reference", "a\"b"}}},
                              {"image", {{"docker-manifest-digest", image_digest().str()}}},
                              {"type", "cosign container image signature"}}},
                            {"optional", {{"k", "v"}}}}));
  const auto bytes = oci::base64_decode(signature.annotations.at("dev.cosignproject.cosign/signature")).value_or("");
  EXPECT_TRUE(p256_key().public_key().verify(signature.payload.bytes(), bytes));
}

TEST(SimpleSigning, IsReadAndChecked) {
  for (const auto& key : {p256_key(), ed25519_key_of_seed()}) {
    const auto signature = sign_simple(key, image_digest(), "registry.example/app");
    const auto claim = read_claim(signature.artifact_type, signature.annotations, signature.payload.bytes());
    ASSERT_TRUE(claim) << claim.error();
    EXPECT_THAT(claim->subjects, ElementsAre(image_digest().str()));
    EXPECT_EQ(claim->statement_type, kCosignCriticalType);
    EXPECT_TRUE(check_claim(*claim, image_digest(), key.public_key()));
    EXPECT_FALSE(check_claim(*claim, image_digest(), p256_key("other").public_key()));
    EXPECT_FALSE(check_claim(*claim, oci::Digest::of("another image"), key.public_key()));
  }
}

TEST(SimpleSigning, UnknownTypesAreReadByTheirLook) {
  const auto simple = sign_simple(p256_key(), image_digest(), "a");
  EXPECT_TRUE(read_claim("application/vnd.example", simple.annotations, simple.payload.bytes()));
  const auto bare = read_claim("application/vnd.example", {}, simple.payload.bytes());
  ASSERT_FALSE(bare);
  EXPECT_THAT(bare.error(), HasSubstr("the bundle: `mediaType` is missing"));
}

struct WrongPayload {
  std::string pointer;
  nlohmann::json value;
  std::string_view error;
};

/// Each is signed well: only what it says is wrong.
TEST(SimpleSigning, WrongPayloadsHaveTheirOwnLines) {
  const auto key = p256_key();
  const auto good = nlohmann::json::parse(simple_signing_json(image_digest(), "a"));
  const WrongPayload cases[] = {
      {"/critical", 1, "`critical` is not an object"},
      {"/critical/type", "atomic container signature", "critical.type is `atomic container signature`"},
      {"/critical/type", nullptr, "`type` is not a text"},
      {"/critical/image", "x", "`image` is not an object"},
      {"/critical/image", nlohmann::json::object(), "`docker-manifest-digest` is missing"},
      {"/critical/image/docker-manifest-digest", "sha256:00", "docker-manifest-digest is malformed"},
      {"/critical/image/docker-manifest-digest", "md5:00", "docker-manifest-digest is malformed"},
  };
  for (const auto& wrong : cases) {
    auto document = good;
    document[nlohmann::json::json_pointer(wrong.pointer)] = wrong.value;
    const auto text = document.dump();
    const oci::Annotations annotations{{std::string(kSignatureAnnotation), oci::base64_encode(key.sign(text))}};
    const auto claim = read_simple_signing(text, annotations);
    ASSERT_FALSE(claim) << text;
    EXPECT_THAT(claim.error(), HasSubstr(wrong.error));
  }
}

TEST(SimpleSigning, WrongAnnotationsHaveTheirOwnLines) {
  const auto good = sign_simple(p256_key(), image_digest(), "a");
  const auto read = [&](const std::string& text) {
    const auto claim = read_simple_signing(good.payload.bytes(), {{std::string(kSignatureAnnotation), text}});
    return claim ? "" : claim.error();
  };
  const auto text = good.annotations.at(std::string(kSignatureAnnotation));
  EXPECT_EQ(read(text), "");
  for (const auto& wrong : {std::string(), text + "\n", " " + text, text.substr(1), std::string("QQ"),
                            std::string("QR=="), std::string(4096, 'A'), std::string("_-8=")}) {
    EXPECT_THAT(read(wrong), HasSubstr("not a signature in strict base64")) << wrong;
  }
  const auto missing = read_simple_signing(good.payload.bytes(), {});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error(), HasSubstr("annotation dev.cosignproject.cosign/signature is missing"));
}

}  // namespace
}  // namespace referee::signing
