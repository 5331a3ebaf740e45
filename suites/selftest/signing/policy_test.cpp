#include "referee/signing/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "policy_samples.hpp"

namespace referee::signing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(Policies, DefaultsAreWhatCosignWrites) {
  const auto policy = parse_policy(sample_policy().dump());
  ASSERT_TRUE(policy) << policy.error();
  ASSERT_EQ(policy->keys.size(), 1U);
  EXPECT_EQ(policy->keys.front().id(), p256_key().public_key().id());
  EXPECT_THAT(policy->artifact_types, ElementsAre("application/vnd.dev.sigstore.bundle.v0.3+json",
                                                  "application/vnd.dev.cosign.simplesigning.v1+json"));
  EXPECT_THAT(policy->statement_types,
              ElementsAre("https://sigstore.dev/cosign/sign/v1", "cosign container image signature"));
  EXPECT_TRUE(policy->annotations.empty());
  EXPECT_EQ(policy->signatures, 1U);
  EXPECT_EQ(policy->distinct, Distinct::kKeys);
  EXPECT_EQ(policy->most_examined, 10'000U);
  EXPECT_FALSE(policy->maximal_age);
  EXPECT_FALSE(policy->expires);
}

TEST(Policies, EveryFieldIsRead) {
  const auto policy = parse_policy(full_policy().dump(2));
  ASSERT_TRUE(policy) << policy.error();
  EXPECT_EQ(policy->keys.size(), 2U);
  EXPECT_THAT(policy->artifact_types, ElementsAre("application/vnd.example"));
  EXPECT_THAT(policy->statement_types, ElementsAre("https://example.com/p"));
  EXPECT_THAT(policy->annotations, ElementsAre(Pair("a", "b")));
  EXPECT_EQ(policy->signatures, 2U);
  EXPECT_EQ(policy->distinct, Distinct::kDocuments);
  EXPECT_EQ(policy->most_examined, 15U);
  const auto age = policy->maximal_age.value_or(MaximalAge{});
  EXPECT_EQ(age.seconds.count(), 60);
  EXPECT_EQ(age.created.annotation, "org.opencontainers.image.created");
  EXPECT_EQ(policy->expires.value_or(TimeSource{}).pointer, "/predicate/expires");
}

TEST(Policies, EachMistakeHasItsOwnLine) {
  for (const auto& mistake : policy_mistakes()) {
    const auto policy = parse_policy(mistake.document().dump());
    ASSERT_FALSE(policy) << mistake.document();
    EXPECT_THAT(policy.error(), HasSubstr(mistake.error));
    EXPECT_THAT(policy.error(), Not(HasSubstr("\n")));
  }
}

TEST(Policies, MoreSignaturesThanKeysCanNeverBeMet) {
  auto document = sample_policy();
  document["signatures"] = 2;
  const auto policy = parse_policy(document.dump());
  ASSERT_FALSE(policy);
  EXPECT_THAT(policy.error(), HasSubstr("2 signatures of different keys are needed, and `keys` names 1"));
  document["distinct"] = "documents";
  EXPECT_TRUE(parse_policy(document.dump()));
}

TEST(Policies, TextsThatAreNoPolicies) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "the policy is not JSON"},
      {"[]", "the policy is not a JSON object"},
      {std::string(2'000'000, ' '), "the policy is larger than"},
      {R"({"schema":)" + std::string(64, '[') + std::string(64, ']') + "}", "the policy is nested too deeply"},
  };
  for (const auto& [text, error] : cases) {
    const auto policy = parse_policy(text);
    ASSERT_FALSE(policy);
    EXPECT_THAT(policy.error(), HasSubstr(error));
  }
}

}  // namespace
}  // namespace referee::signing
