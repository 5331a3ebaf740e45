#include <gmock/gmock.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "conformance/registration.hpp"
#include "referee/conformance/requirement.hpp"

/// The rows of the catalogue of claims that a check can hold: each has an entry in the ledger, and a check.
namespace referee::conformance {
namespace {

constexpr std::string_view kRows[] = {
    // OCI 1.1 as adopted.
    "O.push.missing-subject-ok", "O.push.missing-other-may-reject", "O.push.missing-other-code", "O.push.oci-subject",
    "O.push.oci-subject-absent", "O.push.exact-bytes", "O.push.201-location", "O.push.digest-mismatch",
    "O.push.ct-params", "O.push.size-4mb", "O.push.size-limit-exists", "O.push.size-413", "O.push.multi-tag",
    "O.ref.200", "O.ref.never-404", "O.ref.bad-digest-400", "O.ref.index-body", "O.ref.same-repo", "O.ref.artifacttype",
    "O.ref.artifacttype-config", "O.ref.artifacttype-index-omitted", "O.ref.index-listed", "O.ref.annotations",
    "O.ref.empty", "O.ref.link", "O.ref.pages-disjoint", "O.ref.filter", "O.ref.filter-header", "O.ref.filter-multi",
    "O.ref.filter-on-last-page", "O.ref.updated-now", "O.ref.repush-idempotent", "O.ref.after-delete",
    "O.ref.tagged-referrer", "O.ref.subject-deleted", "O.up.tagged-included", "O.up.others-may", "O.up.new-must",
    "O.tags.order", "O.tags.n", "O.tags.last", "O.tags.n0", "O.del.tag", "O.del.manifest",
    "O.get.docker-content-digest", "O.get.type-preserved", "O.mount", "O.warn", "O.429", "O.img.no-alter",
    "O.img.artifacttype-unknown", "O.img.index-empty", "O.img.nested", "O.img.data-registry-hands-off",
    "O.reg.envelope",
    // Of its models, those that a check can hold.
    "O.img.platform-arch-required", "O.fb.collision",
    // Raw user stories.
    "R.multi-blob", "R.annot-only", "R.reverse-cas", "R.old-registry-impact",
    // The discussion of proposal D; what needs real runtimes or measures time is not here.
    "S.nested.depth", "S.limit.4mb-enough-for-links", "S.inline.one-request", "S.inline.bloats-pull", "S.fields.ecr",
    "S.copy.index-safe", "S.copy.like-regular", "S.digest.changes", "S.digest.mirror", "S.digest.redeploy",
    "S.digest.pinned", "S.digest.trigger", "S.race.index", "S.race.window", "S.gc.only-D-works", "S.gc.drop-old-root",
    "S.lookup.reverse", "S.lookup.latest", "S.wrap.cheap", "S.wrap.two-sigs", "S.history", "S.repro.attach-quadratic",
    "S.verify.negative", "S.policy.only-matching", "S.policy.bad-sig-harmless", "S.policy.no-match-denies",
    "S.policy.subject-bound", "S.admission.signature-as-policy", "S.modular", "S.audit.chain", "S.downstream.keys",
    "S.write-access", "S.offline.verify", "S.offline.saveload", "S.offline.no-registry", "S.identity.invalidate",
    "S.same-bits", "S.unsigned-run", "S.verify.order"};

TEST(Claims, EveryRowForARegistryIsARequirementThatACheckCites) {
  const auto catalogue = suites::catalogue();
  for (const auto row : kRows) {
    SCOPED_TRACE(row);
    const auto* requirement = Ledger::builtin().find(row);
    ASSERT_NE(requirement, nullptr);
    EXPECT_TRUE(std::ranges::any_of(catalogue.all(),
                                    [&](const Check& check) {
                                      return std::ranges::find(check.requirements, requirement->id) !=
                                             check.requirements.end();
                                    }))
        << "no check cites " << requirement->id;
  }
}

}  // namespace
}  // namespace referee::conformance
