// Every check of clients lets a right client pass, and sees what a wrong one does.
#include <gmock/gmock.h>

#include <algorithm>

#include "setting.hpp"

namespace referee::selftest {
namespace {

using conformance::Standing;
using ::testing::AnyOf;

struct Defect {
  const char* check;
  const char* defects;
};

/// At least one for each check, but for those of what a client may do or not.
constexpr Defect kDefects[] = {
    {"digest-manifest", "no-digest-check"},
    {"digest-manifest-fetched", "no-digest-check"},
    {"digest-child", "no-digest-check"},
    {"digest-config", "no-digest-check"},
    {"digest-layer", "no-digest-check"},
    {"digest-blob-fetched", "no-digest-check"},
    {"manifest-longer", "no-digest-check"},
    {"manifest-shorter", "no-digest-check"},
    {"config-longer", "no-digest-check,no-size-check"},
    {"layer-longer", "no-digest-check,no-size-check"},
    {"layer-shorter", "no-digest-check,no-size-check"},
    {"blob-shorter-fetched", "no-digest-check"},
    {"layer-endless", "no-digest-check,no-size-check"},
    {"layer-cut", "no-digest-check,no-size-check,accepts-cut"},
    {"size-config", "no-size-check"},
    {"size-layer-larger", "no-size-check"},
    {"size-layer-smaller", "no-size-check"},
    {"type-mismatch", "no-type-check"},
    {"type-parameters", "minds-type-parameters"},
    {"digest-header-manifest", "trusts-digest-header"},
    {"digest-header-blob", "trusts-digest-header"},
    {"accept", "no-accept"},
    {"warning", "obeys-warnings"},
    {"warning-fetched", "obeys-warnings"},
    {"pull-chunked", "needs-content-length"},
    {"pull-lower-case", "minds-case"},
    {"pull-no-etag", "needs-etag"},
    {"pull-no-ranges", "needs-accept-ranges"},
    {"pull-no-digest-header", "needs-docker-content-digest"},
    {"pull-no-content-length", "needs-length-of-head"},
    {"auth-token", "no-login"},
    {"auth-token", "other-scope"},
    {"auth-token-push", "no-login"},
    {"auth-token-login", "other-scope"},
    {"auth-basic", "other-scheme"},
    {"redirect-authorization", "forwards-authorization"},
    {"redirect-password", "forwards-authorization"},
    {"redirect-blob", "no-redirects"},
    {"redirect-elsewhere", "no-redirects"},
    {"redirect-manifest", "no-redirects"},
    {"redirect-endless", "redirects-unbounded"},
    {"link-authorization-tags", "forwards-authorization"},
    {"link-authorization-referrers", "forwards-authorization"},
    {"retry-after", "ignores-retry-after"},
    {"resume", "no-digest-check,no-size-check,accepts-cut"},
    {"resume-verified", "no-digest-check,no-size-check"},
    {"tags-pages", "no-link"},
    {"tags-link-absolute", "no-link"},
    {"tags-link-parameters", "no-link"},
    {"tags-loop", "link-unbounded"},
    {"tags-endless", "link-unbounded"},
    {"referrers-pages", "no-link"},
    {"referrers-link-absolute", "no-link"},
    {"referrers-link-parameters", "no-link"},
    {"referrers-loop", "link-unbounded"},
    {"referrers-endless", "link-unbounded"},
    {"discover", "finds-nothing"},
    {"discover-none", "none-is-an-error"},
    {"fallback-found", "no-fallback"},
    {"fallback-html-errors", "no-fallback"},
    {"fallback-none", "no-fallback"},
    {"fallback-no-index", "minds-squatter"},
    {"no-fallback-500", "fallback-on-any-error"},
    {"no-fallback-500", "error-is-none"},
    {"no-fallback-401", "fallback-on-any-error"},
    {"no-fallback-403", "fallback-on-any-error"},
    {"no-fallback-429", "fallback-on-any-error"},
    {"filter-by-client", "trusts-server-filter"},
    {"filter-fallback", "trusts-server-filter"},
    {"filter-claimed", "trusts-filter-claim"},
    {"fallback-written", "no-fallback"},
    {"fallback-type", "no-artifacttype-copy"},
    {"fallback-annotations", "no-annotation-copy"},
    {"fallback-extended", "blind-fallback-put"},
    {"fallback-squatter", "overwrites-non-index"},
    {"fallback-tag-sha512", "long-tag"},
    {"fallback-immutable", "hides-refusal"},
    {"no-subject-header", "no-fallback"},
    {"no-tag-with-api", "fallback-when-api"},
    {"push", "reserialises"},
    {"push-content-type", "push-wrong-type"},
    {"attach-content-type", "push-wrong-type"},
    {"push-fallback", "no-fallback"},
    {"push-fallback-twice", "dup-append"},
    {"push-location-absolute", "location-is-a-path"},
    {"push-location-query", "assembles-location"},
    {"push-session-in-query", "assembles-location"},
    {"push-location-rotating", "keeps-first-location"},
    {"push-single-post-202", "single-post-only"},
    {"push-min-chunk", "small-chunks"},
    {"push-no-digest-header", "needs-docker-content-digest"},
    {"copy", "reserialises"},
    {"copy-plain-layer", "reserialises"},
    {"copy-index", "copies-no-children"},
    {"copy-mount-202", "needs-mount"},
    {"copy-referrers", "copy-no-referrers"},
    {"copy-fallback", "copy-no-referrers"},
    {"delete-fallback", "delete-leaves-entry"},
    {"delete-fallback", "delete-empties-list"},
    {"delete-fallback", "deletes-nothing"},
};

/// What a client may do or not: nothing to be wrong about.
constexpr const char* kOpen[] = {"fallback-conditional"};

class ClientDefects : public ::testing::TestWithParam<Defect> {};

TEST_P(ClientDefects, IsSeen) {
  const auto matrix = try_fake(GetParam().defects, {GetParam().check});
  ASSERT_EQ(matrix.cells.size(), 1U);
  const auto& cell = matrix.cells.front();
  EXPECT_THAT(cell.standing, AnyOf(Standing::kWrong, Standing::kFailed))
      << conformance::name(cell.standing) << ": " << cell.why << " / " << cell.words;
  EXPECT_FALSE(cell.why.empty());
}

std::string test_name(const ::testing::TestParamInfo<Defect>& info) {
  auto name = std::string(info.param.check) + "_" + info.param.defects;
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == ','; }, '_');
  return name;
}
#ifdef REFEREE_SANITIZED
// The registry does the same for a defect as for the right client, below; sanitizers see no other code.
INSTANTIATE_TEST_SUITE_P(Some, ClientDefects, ::testing::ValuesIn(std::begin(kDefects), std::begin(kDefects) + 5),
                         test_name);
#else
INSTANTIATE_TEST_SUITE_P(All, ClientDefects, ::testing::ValuesIn(kDefects), test_name);
#endif

TEST(ClientChecks, EachHasADefectThatItSees) {
  for (const auto& check : suites::clients::client_checks()) {
    const bool seen = std::ranges::any_of(kDefects, [&](const Defect& defect) { return check.id == defect.check; });
    const bool open = std::ranges::any_of(kOpen, [&](const char* id) { return check.id == id; });
    EXPECT_NE(seen, open) << check.id;
  }
}

class RightClient : public ::testing::TestWithParam<std::string> {};

TEST_P(RightClient, IsRight) {
  const auto matrix = try_fake("-", {GetParam()});
  EXPECT_TRUE(matrix.complete);
  ASSERT_EQ(matrix.cells.size(), 1U);
  const auto& cell = matrix.cells.front();
  EXPECT_THAT(cell.standing, AnyOf(Standing::kRight, Standing::kAllowed))
      << conformance::name(cell.standing) << ": " << cell.why << " / " << cell.words;
}

std::vector<std::string> all_checks() {
  std::vector<std::string> ids;
  for (const auto& check : suites::clients::client_checks()) ids.push_back(check.id);
  return ids;
}
std::string check_name(const ::testing::TestParamInfo<std::string>& info) {
  auto name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(All, RightClient, ::testing::ValuesIn(all_checks()), check_name);

}  // namespace
}  // namespace referee::selftest
