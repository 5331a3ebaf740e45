#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "referee/oci/base64.hpp"
#include "referee/signing/bundle.hpp"
#include "referee/signing/simple_signing.hpp"
#include "support.hpp"

namespace referee::signing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using Pointer = json::json_pointer;

std::string error_of(const std::string& bundle) {
  const auto claim = read_bundle(bundle);
  return claim ? "" : claim.error();
}

json good_bundle() {
  return json::parse(sign_bundle(p256_key(), {image_digest()}).payload.bytes());
}

struct WrongBundle {
  std::string pointer;
  json value;  ///< null: without that member
  std::string_view error;
};

TEST(Malformed, BundlesHaveTheirOwnLines) {
  const std::string material = "/verificationMaterial";
  const std::string envelope = "/dsseEnvelope";
  const WrongBundle cases[] = {
      {"/mediaType", nullptr, "`mediaType` is missing"},
      {"/mediaType", 3, "`mediaType` is not a text"},
      {"/mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.1", "version=0.1`, not"},
      {material, nullptr, "`verificationMaterial` is missing"},
      {material, json::array(), "`verificationMaterial` is not an object"},
      {material + "/publicKey", nullptr, "`publicKey` is missing"},
      {material + "/publicKey/hint", 7, "`hint` is not a text"},
      {material + "/certificate", {{"rawBytes", "AAAA"}}, "signed with a certificate"},
      {material + "/x509CertificateChain", json::object(), "signed with a certificate"},
      {"/messageSignature", json::object(), "signs a message"},
      {envelope, nullptr, "`dsseEnvelope` is missing"},
      {envelope + "/payloadType", nullptr, "`payloadType` is missing"},
      {envelope + "/payloadType", "text/plain", "payload is `text/plain`"},
      {envelope + "/payload", nullptr, "`payload` is missing"},
      {envelope + "/payload", "e30", "`payload` is not strict base64"},
      {envelope + "/payload", "e31=", "`payload` is not strict base64"},
      {envelope + "/payload", "", "the statement: it is not JSON"},
      {envelope + "/signatures", nullptr, "`signatures` is not a list"},
      {envelope + "/signatures", json::array(), "there are 0 signatures"},
      {envelope + "/signatures", {json::object(), json::object()}, "there are 2 signatures"},
      {envelope + "/signatures/0", 1, "the signature is not an object"},
      {envelope + "/signatures/0/sig", nullptr, "`sig` is missing"},
      {envelope + "/signatures/0/sig", "====", "`sig` is not strict base64"},
      {envelope + "/signatures/0/sig", std::string(2048, 'A'), "`sig` is longer than"},
  };
  ASSERT_EQ(error_of(good_bundle().dump()), "");
  for (const auto& wrong : cases) {
    auto bundle = good_bundle();
    const Pointer pointer(wrong.pointer);
    if (wrong.value.is_null()) {
      bundle[pointer.parent_pointer()].erase(pointer.back());
    } else {
      bundle[pointer] = wrong.value;
    }
    EXPECT_THAT(error_of(bundle.dump()), HasSubstr(wrong.error)) << wrong.pointer;
    EXPECT_THAT(error_of(bundle.dump()), Not(HasSubstr("\n")));
  }
}

/// Each is signed well: only what it says is wrong.
TEST(Malformed, StatementsHaveTheirOwnLines) {
  const auto digest = [](const json& value) { return json::array({{{"digest", value}}}); };
  const WrongBundle cases[] = {
      {"/_type", nullptr, "`_type` is missing"},
      {"/_type", "https://in-toto.io/Statement/v0.1", "`_type` is `https://in-toto.io/Statement/v0.1`"},
      {"/predicateType", nullptr, "`predicateType` is missing"},
      {"/subject", nullptr, "`subject` is not a list"},
      {"/subject", json::object(), "`subject` is not a list"},
      {"/subject", {1}, "a subject is not an object"},
      {"/subject", json::array({json::object()}), "a subject's `digest` is missing"},
      {"/subject", digest(1), "`digest` is not an object"},
      {"/subject", digest({{"sha256", 1}}), "digest is not a text"},
      {"/subject", digest({{"sha256", "00"}}), "digest is malformed"},
      {"/subject", digest({{"sha256", std::string(64, 'A')}}), "digest is malformed"},
      {"/subject", json(std::vector<json>(1025, {{"digest", json::object()}})), "more than 1024 subjects"},
  };
  for (const auto& wrong : cases) {
    auto statement = json::parse(statement_json({image_digest()}));
    const Pointer pointer(wrong.pointer);
    if (wrong.value.is_null()) {
      statement.erase(pointer.back());
    } else {
      statement[pointer] = wrong.value;
    }
    EXPECT_THAT(error_of(bundle_json(p256_key(), kInTotoType, statement.dump())), HasSubstr(wrong.error));
  }
}

TEST(Malformed, AStatementThatNamesNothingBindsNothing) {
  auto statement = json::parse(statement_json({image_digest()}));
  for (const auto& subjects : {json::array(), json::array({{{"digest", json::object()}}})}) {
    statement["subject"] = subjects;
    const auto claim = read_bundle(bundle_json(p256_key(), kInTotoType, statement.dump()));
    ASSERT_TRUE(claim) << claim.error();
    const auto checked = check_claim(*claim, image_digest(), p256_key().public_key());
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error(), "it names no image");
  }
}

TEST(Malformed, TextsThatAreNoJsonObjects) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "is not JSON"},
      {"{", "is not JSON"},
      {"[]", "not a JSON object"},
      {"null", "not a JSON object"},
      {"{}{}", "is not JSON"},
      {"{\"a\":\"\xff\"}", "is not JSON"},
      {std::string("{}\0", 3), "is not JSON"},
      {std::string(100'000, '['), "nested too deeply"},
      {R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "}", "nested too deeply"},
      {std::string(kLargestPayload + 1, ' '), "larger than 8388608 bytes"},
  };
  const oci::Annotations annotations{{std::string(kSignatureAnnotation), "AAAA"}};
  for (const auto& [text, error] : cases) {
    EXPECT_THAT(error_of(text), HasSubstr(error));
    const auto simple = read_simple_signing(text, annotations);
    ASSERT_FALSE(simple);
    EXPECT_THAT(simple.error(), HasSubstr(error));
  }
}

/// A target's text in an error is short and cannot move a terminal.
TEST(Malformed, ErrorsAreHarmlessToPrint) {
  auto bundle = good_bundle();
  bundle["mediaType"] = "\x1b[2J\n" + std::string(100'000, 'x');
  const auto error = error_of(bundle.dump());
  EXPECT_LT(error.size(), 300U);
  EXPECT_THAT(error, Not(HasSubstr("\x1b")));
  EXPECT_THAT(error, Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace referee::signing
