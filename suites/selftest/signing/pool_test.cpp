#include "referee/signing/pool.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "referee/signing/bundle.hpp"
#include "referee/signing/simple_signing.hpp"
#include "support.hpp"

namespace referee::signing {
namespace {

/// Every third is signed by another key, every fifth is about another image, every seventh is cut.
bool is_good(std::size_t number) {
  return number % 3 != 0 && number % 5 != 0 && number % 7 != 0;
}

std::vector<VerifyJob> jobs_of(std::size_t count) {
  const PrivateKey keys[] = {p256_key(), ed25519_key_of_seed()};
  const auto foreign = p256_key("foreign");
  std::vector<VerifyJob> jobs;
  for (std::size_t number = 0; number < count; ++number) {
    const auto& key = keys[number % 2];
    const auto subject = oci::Digest::of("image " + std::to_string(number % 5 == 0 ? number + 1 : number));
    const auto& signer = number % 3 == 0 ? foreign : key;
    const auto signature =
        number % 4 < 2 ? sign_bundle(signer, {subject}) : sign_simple(signer, subject, "registry.example/app");
    auto payload = signature.payload.bytes();
    if (number % 7 == 0) payload.pop_back();
    jobs.push_back({signature.artifact_type, signature.annotations, std::move(payload),
                    oci::Digest::of("image " + std::to_string(number)), key.public_key()});
  }
  return jobs;
}

void expect_in_order(const std::vector<VerifierPool::Result>& results, std::size_t count) {
  ASSERT_EQ(results.size(), count);
  for (std::size_t number = 0; number < count; ++number) {
    EXPECT_EQ(results[number].has_value(), is_good(number)) << number;
  }
}

TEST(Pool, ResultsAreInTheOrderOfTheJobs) {
  const auto jobs = jobs_of(210);
  for (const std::size_t threads : {1UL, 2UL, 8UL}) {
    for (const std::size_t queue : {1UL, 3UL, 1000UL}) {
      VerifierPool pool(threads, queue);
      expect_in_order(pool.verify(jobs), jobs.size());
    }
  }
}

TEST(Pool, IsUsedAgainAndByManyThreads) {
  const auto jobs = jobs_of(105);
  VerifierPool pool(4, 2);
  std::vector<std::vector<VerifierPool::Result>> results(6);
  {
    std::vector<std::jthread> callers;
    callers.reserve(results.size());
    for (auto& mine : results) {
      callers.emplace_back([&] {
        for (int round = 0; round < 3; ++round) mine = pool.verify(jobs);
      });
    }
  }
  for (const auto& mine : results) expect_in_order(mine, jobs.size());
}

TEST(Pool, NothingAtAll) {
  VerifierPool pool(0, 0);
  EXPECT_TRUE(pool.verify({}).empty());
  const auto jobs = jobs_of(8);
  expect_in_order(pool.verify(jobs), jobs.size());
}

/// Threads that never had anything to do end as well; if one did not, the test would run into ctest's limit.
TEST(Pool, EndsWhenIdle) {
  const auto jobs = jobs_of(8);
  for (int round = 0; round < 20; ++round) {
    const VerifierPool idle(8);
    VerifierPool used(8);
    expect_in_order(used.verify(jobs), jobs.size());
  }
}

}  // namespace
}  // namespace referee::signing
