// Side by side gives what one after another gives, whatever is attached and in whatever order it arrives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "candidates.hpp"
#include "referee/oci/random.hpp"
#include "support.hpp"

namespace referee::signing {
namespace {

using ::testing::HasSubstr;

/// Fetches in an order of its own, and remembers what was asked for.
struct Source {
  explicit Source(std::uint64_t seed) : random(seed, "order") {}

  FetchMany many() {
    return [this](std::span<const Candidate* const> wanted, const Arrived& arrived) {
      ++rounds;
      std::vector<std::size_t> order(wanted.size());
      for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
      for (std::size_t at = order.size(); at > 1; --at) std::swap(order[at - 1], order[random.below(at)]);
      for (const auto at : order) {
        asked.insert(wanted[at]);
        arrived(at, wanted[at]->fetch());
      }
    };
  }

  oci::Random random;
  std::set<const Candidate*> asked;
  int rounds = 0;
};

void expect_same(const Decision& one, const Decision& other) {
  EXPECT_EQ(one.allowed, other.allowed);
  EXPECT_EQ(one.reason, other.reason);
  EXPECT_EQ(one.matching, other.matching);
  EXPECT_EQ(one.fetched, other.fetched);
  EXPECT_EQ(one.checked, other.checked);
  EXPECT_EQ(one.verified, other.verified);
  EXPECT_EQ(one.counted, other.counted);
  EXPECT_EQ(one.signers, other.signers);
  ASSERT_EQ(one.rejected.size(), other.rejected.size());
  for (std::size_t at = 0; at < one.rejected.size(); ++at) {
    EXPECT_EQ(one.rejected[at].digest, other.rejected[at].digest);
    EXPECT_EQ(one.rejected[at].reason, other.rejected[at].reason);
  }
}

/// Good ones, and whatever else there may be.
Offer random_offer(oci::Random& random, const std::vector<Signature>& good) {
  Offer offer;
  const auto count = random.below(40);
  for (std::size_t at = 0; at < count; ++at) {
    auto signature = good[random.below(good.size())];
    const int salt = random.below(3) == 0 ? static_cast<int>(random.below(12)) : -1;
    const auto kind = random.below(10);
    if (kind == 0) signature.annotations["team"] = "red";
    if (kind == 1) signature.artifact_type = "application/vnd.example.sbom";
    auto& candidate = offer.add(signature, salt);
    if (kind == 2) candidate.size = std::int64_t{1} << 40U;
    if (kind == 3) candidate.fetch = [] { return tl::expected<std::string, std::string>(tl::unexpect, "gone"); };
    if (kind == 4) candidate.fetch = [] { return tl::expected<std::string, std::string>("no bundle"); };
    if (kind == 5) candidate.digest = "no digest " + std::to_string(at);
  }
  return offer;
}

TEST(DecideTogether, IsDecideWhateverIsAttached) {
  std::vector<Signature> good;
  for (int number = 0; number < 12; ++number) {
    const auto key = number % 4 == 3 ? ed25519_key_of_seed() : p256_key();
    good.push_back(sign_bundle(key, {image_digest(), std::string(kCosignSign), predicate(number)}));
  }
  good.push_back(twisted_copy(good.front()));
  VerifierPool pool(3, 4);
  oci::Random random(11, "offers");
  int together = 0;
  for (std::uint64_t round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    auto offer = random_offer(random, good);
    auto policy = policy_of({{"distinct", random.below(2) == 0 ? "documents" : "keys"}});
    policy.keys.push_back(ed25519_key_of_seed().public_key());
    policy.signatures = 1 + random.below(15);
    policy.most_examined = 1 + random.below(40);
    const auto alone = decide(policy, image_digest(), offer.candidates(), kNow);
    Source source(round);
    const auto decision = decide(policy, image_digest(), offer.candidates(), kNow, source.many(), pool);
    expect_same(alone, decision);
    together += source.rounds;
  }
  EXPECT_GT(together, 50) << "nothing was ever fetched together";
}

TEST(DecideTogether, AsksForNoMoreThanIsNeeded) {
  Offer offer;
  for (int number = 0; number < 40; ++number) {
    offer.add(sign_bundle(p256_key(), {image_digest(), std::string(kCosignSign), predicate(number)}), number);
  }
  auto policy = policy_of({{"distinct", "documents"}});
  policy.signatures = 7;
  VerifierPool pool(2);
  Source source(1);
  const auto decision = decide(policy, image_digest(), offer.candidates(), kNow, source.many(), pool);
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(source.asked.size(), 7U);
  EXPECT_EQ(source.rounds, 1);
  EXPECT_EQ(offer.fetches(), 7U);
}

TEST(DecideTogether, TakesASourceThatFailsForPayloadsThatAreNotThere) {
  Offer offer;
  for (int number = 0; number < 6; ++number) {
    offer.add(sign_bundle(p256_key(), {image_digest(), std::string(kCosignSign), predicate(number)}), number);
  }
  auto policy = policy_of({{"distinct", "documents"}});
  policy.signatures = 6;
  VerifierPool pool(2);
  const auto& candidates = offer.candidates();
  const auto broken = [](std::span<const Candidate* const> wanted, const Arrived& arrived) {
    arrived(0, wanted[0]->fetch());
    arrived(0, wanted[0]->fetch());
    arrived(wanted.size(), "beyond the end");
    throw std::runtime_error("the line is cut");
  };
  const auto cut = decide(policy, image_digest(), candidates, kNow, broken, pool);
  EXPECT_FALSE(cut.allowed);
  EXPECT_EQ(cut.verified, 1U);
  EXPECT_THAT(cut.reason, HasSubstr("the line is cut"));
  const auto lazy = [](std::span<const Candidate* const> wanted, const Arrived& arrived) {
    arrived(2, wanted[2]->fetch());
  };
  const auto missing = decide(policy, image_digest(), candidates, kNow, lazy, pool);
  EXPECT_EQ(missing.verified, 1U);
  EXPECT_THAT(missing.reason, HasSubstr("it cannot be fetched: nothing came"));
}

}  // namespace
}  // namespace referee::signing
