#include "referee/signing/verifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "candidates.hpp"

namespace referee::signing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Verifier, OneGoodSignatureAllows) {
  Offer offer;
  offer.add(sign_bundle(p256_key(), {image_digest()}));
  const auto decision = decide(policy_of({}), image_digest(), offer.candidates(), kNow);
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.reason, "1 of 1 signatures of " + image_digest().str());
  EXPECT_EQ(decision.matching, 1U);
  EXPECT_EQ(decision.fetched, 1U);
  EXPECT_EQ(decision.checked, 1U);
  EXPECT_EQ(decision.verified, 1U);
  EXPECT_THAT(decision.counted, ElementsAre(offer.candidates().front().digest));
  EXPECT_THAT(decision.signers, ElementsAre(p256_key().public_key().id()));
  EXPECT_THAT(decision.rejected, IsEmpty());
}

TEST(Verifier, NothingDenies) {
  const auto decision = decide(policy_of({}), image_digest(), {}, kNow);
  EXPECT_FALSE(decision.allowed);
  EXPECT_THAT(decision.reason, HasSubstr("0 of 1 signatures: nothing of the types and annotations"));
  EXPECT_EQ(decision.fetched, 0U);
}

TEST(Verifier, OnlyWhatThePolicyAsksForIsFetched) {
  Offer offer;
  for (int number = 0; number < 50; ++number) {
    auto other = sign_bundle(p256_key(), {image_digest()});
    other.artifact_type = "application/vnd.example.sbom";
    offer.add(other, number);
    offer.add(sign_bundle(p256_key(), {image_digest()}), number);
  }
  auto wanted = sign_bundle(p256_key(), {image_digest()});
  wanted.annotations["team"] = "red";
  offer.add(wanted);
  wanted.annotations["team"] = "blue";
  offer.add(wanted);
  const auto decision =
      decide(policy_of({{"annotations", {{"team", "red"}}}}), image_digest(), offer.candidates(), kNow);
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.matching, 1U);
  EXPECT_EQ(decision.fetched, 1U);
  EXPECT_EQ(decision.checked, 1U);
  EXPECT_EQ(offer.fetches(), 1U);
}

TEST(Verifier, StopsWhenEnoughCount) {
  Offer offer;
  for (int number = 0; number < 100; ++number) {
    offer.add(sign_bundle(p256_key(), {image_digest(), std::string(kCosignSign), predicate(number)}));
  }
  const auto policy = policy_of({{"signatures", 3}, {"distinct", "documents"}});
  const auto decision = decide(policy, image_digest(), offer.candidates(), kNow);
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.matching, 100U);
  EXPECT_EQ(decision.fetched, 3U);
  EXPECT_EQ(decision.verified, 3U);
  const auto digests = offer.sorted_digests();
  EXPECT_THAT(decision.counted, ElementsAre(digests[0], digests[1], digests[2]));
}

TEST(Verifier, TheSubjectIsBound) {
  const auto other = oci::Digest::of("another image");
  Offer offer;
  offer.add(sign_bundle(p256_key(), {other}));
  offer.add(sign_simple(p256_key(), other, "a"));
  const auto decision = decide(policy_of({}), image_digest(), offer.candidates(), kNow);
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.fetched, 2U);
  EXPECT_EQ(decision.checked, 0U) << "a key need not be asked about another image";
  for (const auto& rejection : decision.rejected) EXPECT_THAT(rejection.reason, HasSubstr("about another image"));
  EXPECT_TRUE(decide(policy_of({}), other, offer.candidates(), kNow).allowed);
}

TEST(Verifier, AnAttestationIsNoSignature) {
  Offer offer;
  offer.add(sign_bundle(p256_key(), {image_digest(), "https://spdx.dev/Document"}));
  const auto decision = decide(policy_of({}), image_digest(), offer.candidates(), kNow);
  EXPECT_FALSE(decision.allowed);
  EXPECT_THAT(decision.reason, HasSubstr("it states something else: `https://spdx.dev/Document`"));
  const auto policy = policy_of({{"statementTypes", {"https://spdx.dev/Document"}}});
  EXPECT_TRUE(decide(policy, image_digest(), offer.candidates(), kNow).allowed);
}

TEST(Verifier, KeysCountOnceUnlessDocumentsDo) {
  const auto both = nlohmann::json{p256_key().public_key().pem(), ed25519_key_of_seed().public_key().pem()};
  Offer same_key;
  same_key.add(sign_bundle(p256_key(), {image_digest()}));
  same_key.add(sign_bundle(p256_key(), {image_digest(), std::string(kCosignSign), predicate(1)}));
  const auto keys = policy_of({{"keys", both}, {"signatures", 2}});
  const auto denied = decide(keys, image_digest(), same_key.candidates(), kNow);
  EXPECT_FALSE(denied.allowed);
  EXPECT_EQ(denied.verified, 1U);
  EXPECT_THAT(denied.reason, HasSubstr("1 of 2 signatures; first of those that do not count"));
  ASSERT_THAT(denied.rejected, SizeIs(1));
  EXPECT_THAT(denied.rejected.front().reason, HasSubstr("not counted before"));
  const auto documents = policy_of({{"keys", both}, {"signatures", 2}, {"distinct", "documents"}});
  EXPECT_TRUE(decide(documents, image_digest(), same_key.candidates(), kNow).allowed);

  Offer two_keys;
  two_keys.add(sign_bundle(p256_key(), {image_digest()}));
  two_keys.add(sign_bundle(ed25519_key_of_seed(), {image_digest()}));
  const auto allowed = decide(keys, image_digest(), two_keys.candidates(), kNow);
  EXPECT_TRUE(allowed.allowed);
  EXPECT_THAT(allowed.signers, SizeIs(2));
  EXPECT_TRUE(decide(documents, image_digest(), two_keys.candidates(), kNow).allowed);
}

/// (r, n - s) is good as well, and everyone can compute it: another digest, but no second signature.
TEST(Verifier, TwistedCopiesOfASignatureDoNotCountTwice) {
  const auto twisted = twisted_copy(sign_bundle(p256_key(), {image_digest()}));
  Offer alone;
  alone.add(twisted);
  ASSERT_TRUE(decide(policy_of({}), image_digest(), alone.candidates(), kNow).allowed) << "OpenSSL takes it";
  Offer offer;
  offer.add(sign_bundle(p256_key(), {image_digest()}));
  offer.add(twisted);
  const auto policy = policy_of({{"signatures", 2}, {"distinct", "documents"}});
  const auto decision = decide(policy, image_digest(), offer.candidates(), kNow);
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.verified, 1U);
}

/// cosign's tag: one payload under one digest, a signature in the annotation of each layer.
TEST(Verifier, ASharedPayloadIsFetchedOnce) {
  Offer offer;
  for (int number = 0; number < 20; ++number) {
    offer.add(sign_simple(p256_key("foreign " + std::to_string(number)), image_digest(), "a"));
  }
  offer.add(sign_simple(p256_key(), image_digest(), "a"));
  const auto decision = decide(policy_of({}), image_digest(), offer.candidates(), kNow);
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.fetched, 1U);
  EXPECT_EQ(offer.fetches(), 1U);
  EXPECT_GE(decision.checked, 1U);
}

TEST(Verifier, GivesUpWhenThePolicySaysSo) {
  Offer offer;
  for (int number = 0; number < 20; ++number) {
    offer.add(sign_bundle(p256_key("foreign"), {image_digest(), std::string(kCosignSign), predicate(number)}));
  }
  const auto decision = decide(policy_of({{"mostExamined", 15}}), image_digest(), offer.candidates(), kNow);
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.fetched, 15U);
  EXPECT_THAT(decision.reason, HasSubstr("0 of 1 signatures: gave up after 15 candidates"));
}

TEST(Verifier, RejectionsAreListedUpToALimit) {
  Offer offer;
  for (int number = 0; number < 150; ++number) {
    offer.add(sign_bundle(p256_key("foreign"), {image_digest(), std::string(kCosignSign), predicate(number)}));
  }
  const auto decision = decide(policy_of({}), image_digest(), offer.candidates(), kNow);
  EXPECT_EQ(decision.checked, 150U);
  EXPECT_THAT(decision.rejected, SizeIs(kMostRejections));
  EXPECT_THAT(decision.rejected.front().reason, HasSubstr("the signature is not of the key sha256:"));
}

}  // namespace
}  // namespace referee::signing
