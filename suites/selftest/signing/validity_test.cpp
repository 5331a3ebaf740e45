#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "candidates.hpp"

namespace referee::signing {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr auto kCreatedKey = "org.opencontainers.image.created";

Decision judge(const nlohmann::json& fields, const Signature& signature, Time now = kNow) {
  Offer offer;
  offer.add(signature);
  return decide(policy_of(fields), image_digest(), offer.candidates(), now);
}

Signature dated(const std::string& predicate_json) {
  return sign_bundle(p256_key(), {image_digest(), std::string(kCosignSign), predicate_json});
}

TEST(Validity, AnAgeByTheAnnotation) {
  const nlohmann::json fields{{"maximalAge", {{"seconds", 60}, {"annotation", kCreatedKey}}}};
  const auto signature = sign_bundle(p256_key(), {image_digest()}, kNow);
  EXPECT_TRUE(judge(fields, signature).allowed);
  EXPECT_TRUE(judge(fields, signature, kNow + seconds(60)).allowed);
  EXPECT_THAT(judge(fields, signature, kNow + seconds(61)).reason, HasSubstr("it is too old: 2026-09-21T14:13:20Z"));
  EXPECT_TRUE(judge(fields, signature, kNow - kClockSkew).allowed);
  const auto future = judge(fields, signature, kNow - kClockSkew - seconds(1));
  EXPECT_FALSE(future.allowed);
  EXPECT_THAT(future.reason, HasSubstr("made in the future"));
  const auto undated = judge(fields, sign_bundle(p256_key(), {image_digest()}));
  EXPECT_FALSE(undated.allowed);
  EXPECT_THAT(undated.reason, HasSubstr("the annotation org.opencontainers.image.created is missing"));
}

TEST(Validity, AnExpiryInTheSignedDocument) {
  const nlohmann::json fields{{"expires", {{"signed", "/predicate/ex~1pires"}}}};
  const auto signature = dated(R"({"ex/pires":"2026-09-21T14:13:20Z"})");
  EXPECT_TRUE(judge(fields, signature, kNow - seconds(1)).allowed);
  const auto late = judge(fields, signature);
  EXPECT_FALSE(late.allowed);
  EXPECT_THAT(late.reason, HasSubstr("it has expired: 2026-09-21T14:13:20Z"));
  // Nobody can give it a longer life from outside.
  auto renewed = signature;
  renewed.annotations["/predicate/ex~1pires"] = "2036-01-01T00:00:00Z";
  renewed.annotations["ex/pires"] = "2036-01-01T00:00:00Z";
  EXPECT_FALSE(judge(fields, renewed).allowed);
}

TEST(Validity, SimpleSigningHasItsTimeInOptional) {
  const nlohmann::json fields{{"maximalAge", {{"seconds", 60}, {"signed", "/optional/created"}}}};
  const auto signature = sign_simple(p256_key(), image_digest(), "a", R"({"created":"2026-09-21T14:13:00Z"})");
  EXPECT_TRUE(judge(fields, signature).allowed);
  EXPECT_FALSE(judge(fields, signature, kNow + seconds(41)).allowed);
  EXPECT_FALSE(judge(fields, sign_simple(p256_key(), image_digest(), "a")).allowed);
}

TEST(Validity, TimesThatAreNone) {
  const nlohmann::json fields{{"expires", {{"signed", "/predicate/expires/at"}}}};
  const std::pair<std::string, std::string_view> cases[] = {
      {"{}", "has no /predicate/expires/at"},
      {R"({"expires":[]})", "has no /predicate/expires/at"},
      {R"({"expires":"2036-01-01T00:00:00Z"})", "has no /predicate/expires/at"},
      {R"({"expires":{"at":1}})", "is not a text"},
      {R"({"expires":{"at":"soon"}})", "is not a time of RFC 3339: `soon`"},
  };
  for (const auto& [predicate_json, reason] : cases) {
    const auto decision = judge(fields, dated(predicate_json));
    EXPECT_FALSE(decision.allowed);
    EXPECT_THAT(decision.reason, HasSubstr(reason));
  }
}

TEST(Validity, BothMustHold) {
  const nlohmann::json fields{{"maximalAge", {{"seconds", 60}, {"signed", "/predicate/created"}}},
                              {"expires", {{"signed", "/predicate/expires"}}}};
  EXPECT_TRUE(judge(fields, dated(R"({"created":"2026-09-21T14:13:00Z","expires":"2026-09-21T14:14:00Z"})")).allowed);
  EXPECT_FALSE(judge(fields, dated(R"({"created":"2026-09-20T14:13:00Z","expires":"2026-09-21T14:14:00Z"})")).allowed);
  EXPECT_FALSE(judge(fields, dated(R"({"created":"2026-09-21T14:13:00Z","expires":"2026-09-21T14:13:10Z"})")).allowed);
}

/// An outdated one is passed over like any other that does not count.
TEST(Validity, AnOldSignatureBlocksNoFreshOne) {
  Offer offer;
  offer.add(dated(R"({"expires":"2020-01-01T00:00:00Z"})"));
  offer.add(dated(R"({"expires":"2030-01-01T00:00:00Z"})"));
  offer.add(dated(R"({"expires":"2020-01-02T00:00:00Z"})"));
  const auto decision =
      decide(policy_of({{"expires", {{"signed", "/predicate/expires"}}}}), image_digest(), offer.candidates(), kNow);
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.verified, 1U);
}

}  // namespace
}  // namespace referee::signing
