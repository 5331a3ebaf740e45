#include "referee/conformance/prove.hpp"

#include <gmock/gmock.h>

#include "referee/registry/profile.hpp"
#include "sample.hpp"

namespace referee::conformance {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST(Prove, APatternThatMatchesNothingIsAnError) {
  ProveOptions options;
  options.faults = {"r.no-such-fault"};
  const auto proof = prove(sample::catalogue(), sample::ledger(), options, {});
  ASSERT_FALSE(proof);
  EXPECT_THAT(proof.error(), HasSubstr("r.no-such-fault"));
  options.faults = {"r.A.sort-none"};
  EXPECT_FALSE(prove(sample::catalogue(), sample::ledger(), options, {})) << "a fault of another profile";
  options.faults.clear();
  options.checks = {"no/such"};
  EXPECT_FALSE(prove(sample::catalogue(), sample::ledger(), options, {}));
}

TEST(Prove, RunsFaultsAndVariantsAgainstRegistriesOfTheirOwn) {
  const auto& deviations = registry::deviations();
  ProveOptions options;
  options.checks = {"wire/ping", "wire/pushes", "wire/reads"};
  for (const auto kind : {registry::DeviationKind::kFault, registry::DeviationKind::kVariant}) {
    for (const auto& deviation : deviations) {
      if (deviation.kind != kind || !deviation.belongs_to("oci-1.1")) continue;
      options.faults.push_back(deviation.name);
      break;
    }
  }
  ASSERT_THAT(options.faults, SizeIs(2));
  std::vector<std::string> lines;
  const auto proof =
      prove(sample::catalogue(), sample::ledger(), options, [&](const std::string& line) { lines.push_back(line); });
  ASSERT_TRUE(proof) << proof.error();
  EXPECT_THAT(proof->reference_failures, IsEmpty());
  EXPECT_THAT(proof->faults, SizeIs(1));
  ASSERT_THAT(proof->variants, SizeIs(1));
  EXPECT_THAT(proof->variants[0].failed, IsEmpty());
  EXPECT_THAT(proof->idle_checks, IsEmpty()) << "not all faults were tried";
  EXPECT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines, Each(StartsWith("[")));
}

TEST(Prove, ACleanRegistryThatFailsMakesTheProofFail) {
  ProveOptions options;
  options.checks = {"wire/evidence"};
  options.faults = {"r.tags.unsorted"};
  const auto proof = prove(sample::catalogue(), sample::ledger(), options, {});
  ASSERT_TRUE(proof) << proof.error();
  EXPECT_THAT(proof->reference_failures, testing::ElementsAre("wire/evidence"));
  EXPECT_FALSE(proof->holds());
}

}  // namespace
}  // namespace referee::conformance
