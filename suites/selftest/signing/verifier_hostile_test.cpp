#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "candidates.hpp"
#include "referee/oci/random.hpp"

namespace referee::signing {
namespace {

using ::testing::HasSubstr;

using Fetched = tl::expected<std::string, std::string>;

Signature with_payload(const Signature& signature, std::string bytes) {
  return {oci::Content(signature.payload.media_type(), std::move(bytes)), signature.artifact_type,
          signature.annotations};
}

/// One candidate of each kind that must not count, and why.
std::vector<std::pair<Candidate, std::string>> junk() {
  const auto good = sign_bundle(p256_key(), {image_digest()});
  const auto& bytes = good.payload.bytes();
  Offer offer;
  std::vector<std::string> reasons;
  const auto add = [&](const Signature& signature, std::string reason) -> Candidate& {
    reasons.push_back(std::move(reason));
    // Digests of manifests: none can be shared.
    return offer.add(signature, static_cast<int>(reasons.size()));
  };
  add(with_payload(good, ""), "not JSON");
  add(with_payload(good, bytes.substr(0, bytes.size() / 2)), "not JSON");
  add(with_payload(good, bytes.substr(0, bytes.size() - 9) + "AAAA\"}]}}"), "not of the key");
  add(with_payload(good, "{}"), "`mediaType` is missing");
  add(with_payload(good, std::string(100'000, '[')), "nested too deeply");
  add(sign_bundle(p256_key("foreign"), {image_digest()}), "not of the key");
  add(sign_bundle(ed25519_key_of_seed(), {image_digest()}), "not of the key");
  add(sign_bundle(p256_key(), {oci::Digest::of("another image")}), "about another image");
  add(sign_bundle(p256_key(), {image_digest(), "https://spdx.dev/Document"}), "states something else");
  auto simple = sign_simple(p256_key(), image_digest(), "a");
  simple.annotations[std::string(kSignatureAnnotation)] = std::string(std::size_t{4} * 1024 * 1024, 'A');
  add(simple, "not a signature in strict base64");
  simple.annotations.clear();
  add(simple, "is missing");
  add(good, "it cannot be fetched: `404`").fetch = []() -> Fetched { return tl::unexpected(std::string("404")); };
  add(good, "it cannot be fetched: `lost`").fetch = []() -> Fetched { throw std::runtime_error("lost"); };
  add(good, "it cannot be fetched").fetch = nullptr;
  add(good, "its size is 9000000").size = 9'000'000;
  add(good, "its size is -1").size = -1;
  add(good, "8388609 bytes came").fetch = []() -> Fetched { return std::string(kLargestPayload + 1, ' '); };
  std::vector<std::pair<Candidate, std::string>> found;
  for (std::size_t at = 0; at < reasons.size(); ++at) found.emplace_back(offer.candidates()[at], reasons[at]);
  return found;
}

TEST(HostileCandidates, EachIsRefusedWithItsReason) {
  for (const auto& [candidate, reason] : junk()) {
    const auto decision = decide(policy_of({}), image_digest(), {&candidate, 1}, kNow);
    EXPECT_FALSE(decision.allowed) << reason;
    EXPECT_THAT(decision.reason, HasSubstr(reason));
    EXPECT_EQ(decision.verified, 0U);
  }
}

TEST(HostileCandidates, NoneStopsAGoodOneWhereverItStands) {
  for (const auto& last : {std::string("sha256:0"), std::string("zzz")}) {
    std::vector<Candidate> candidates;
    for (const auto& [candidate, reason] : junk()) candidates.push_back(candidate);
    Offer good;
    good.add(sign_bundle(p256_key(), {image_digest()})).digest = last;
    candidates.push_back(good.candidates().front());
    const auto decision = decide(policy_of({}), image_digest(), candidates, kNow);
    EXPECT_TRUE(decision.allowed) << decision.reason;
    EXPECT_EQ(decision.verified, 1U);
  }
}

TEST(HostileCandidates, AllTogetherDeny) {
  std::vector<Candidate> candidates;
  for (const auto& [candidate, reason] : junk()) candidates.push_back(candidate);
  const auto decision = decide(policy_of({}), image_digest(), candidates, kNow);
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.rejected.size(), candidates.size());
  EXPECT_EQ(decision.fetched, candidates.size() - 2) << "those of impossible sizes are not asked for";
}

/// The digest of a list entry is what a target says: wrong bytes under it must not stand for the right ones.
TEST(HostileCandidates, WrongBytesUnderADigestBlockNothing) {
  const auto good = sign_simple(p256_key(), image_digest(), "a");
  Offer offer;
  auto& lying = offer.add(good);
  lying.annotations["a"] = "comes first";
  lying.fetch = []() -> Fetched { return std::string("{}"); };
  offer.add(good);
  const auto decision = decide(policy_of({}), image_digest(), offer.candidates(), kNow);
  EXPECT_TRUE(decision.allowed) << decision.reason;
}

TEST(HostileCandidates, NamesThatAreNoDigestsAreHarmlessToPrint) {
  Offer offer;
  offer.add(sign_bundle(p256_key("foreign"), {image_digest()})).digest = "\x1b[2J" + std::string(10'000, 'x');
  const auto decision = decide(policy_of({}), image_digest(), offer.candidates(), kNow);
  EXPECT_LT(decision.reason.size(), 500U);
  EXPECT_EQ(decision.reason.find('\x1b'), std::string::npos);
}

bool same(const Decision& a, const Decision& b) {
  return a.allowed == b.allowed && a.reason == b.reason && a.matching == b.matching && a.fetched == b.fetched &&
         a.checked == b.checked && a.verified == b.verified && a.counted == b.counted && a.signers == b.signers;
}

TEST(HostileCandidates, TheOrderOfTheListChangesNothing) {
  std::vector<Candidate> candidates;
  for (const auto& [candidate, reason] : junk()) candidates.push_back(candidate);
  Offer offer;
  for (int number = 0; number < 6; ++number) {
    offer.add(sign_bundle(p256_key(), {image_digest(), std::string(kCosignSign), predicate(number)}));
    offer.add(sign_simple(p256_key(), image_digest(), std::to_string(number)));
  }
  candidates.insert(candidates.end(), offer.candidates().begin(), offer.candidates().end());
  for (const auto& fields :
       {nlohmann::json::object(), nlohmann::json{{"signatures", 4}, {"distinct", "documents"}},
        nlohmann::json{{"signatures", 13}, {"distinct", "documents"}}, nlohmann::json{{"mostExamined", 5}}}) {
    const auto policy = policy_of(fields);
    const auto first = decide(policy, image_digest(), candidates, kNow);
    oci::Random random(1, "order");
    for (int round = 0; round < 20; ++round) {
      for (std::size_t at = candidates.size() - 1; at > 0; --at) {
        std::swap(candidates[at], candidates[random.below(at + 1)]);
      }
      EXPECT_TRUE(same(first, decide(policy, image_digest(), candidates, kNow))) << fields;
    }
  }
}

}  // namespace
}  // namespace referee::signing
