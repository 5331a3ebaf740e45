// How clients are tried: what is said of one that is not there, that fails anyway, or that lacks an operation.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "matrix/client_trial.hpp"
#include "setting.hpp"

namespace referee::selftest {
namespace {

using conformance::Standing;
using conformance::Verdict;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

conformance::Matrix try_client(const runtimes::Description& client, const std::vector<std::string>& checks) {
  suites::clients::ClientOptions options;
  options.clients = {client};
  options.checks = checks;
  auto matrix = suites::clients::run_clients(options, conformance::Ledger::builtin());
  return matrix.value_or(conformance::Matrix{});
}

TEST(ClientRun, AFailureThatProvesNothingIsUnclear) {
  // It cannot log in anywhere, so that it never comes to the redirect.
  const auto matrix = try_fake("no-login", {"redirect-authorization"});
  ASSERT_EQ(matrix.cells.size(), 1U);
  EXPECT_EQ(matrix.cells[0].standing, Standing::kUnclear);
  EXPECT_EQ(matrix.cells[0].verdict, Verdict::kInconclusive);
  EXPECT_THAT(matrix.cells[0].why, HasSubstr("ordinary registry"));
  EXPECT_THAT(matrix.cells[0].words, HasSubstr("401"));
}

TEST(ClientRun, WhoSendsNoCredentialsIsNotJudgedByThem) {
  const auto matrix = try_fake("no-login", {"auth-basic"});
  ASSERT_EQ(matrix.cells.size(), 1U);
  EXPECT_EQ(matrix.cells[0].standing, Standing::kUnclear) << matrix.cells[0].why;
}

TEST(ClientRun, AnAbsentOperationIsNotTried) {
  auto client = fake_client();
  client.operations.erase(runtimes::Operation::kTags);
  const auto matrix = try_client(client, {"tags-pages", "referrers-pages"});
  ASSERT_EQ(matrix.cells.size(), 2U);
  EXPECT_EQ(matrix.cells[0].standing, Standing::kNotTried);
  EXPECT_EQ(matrix.cells[0].verdict, Verdict::kUnsupported);
  EXPECT_THAT(matrix.cells[0].why, HasSubstr("`tags`"));
  EXPECT_EQ(matrix.cells[1].standing, Standing::kRight);
}

TEST(ClientRun, AnAbsentClientIsNotTried) {
  auto client = fake_client();
  client.programs["python"] = {"/nowhere/python"};
  const auto matrix = try_client(client, {"tags-*"});
  ASSERT_THAT(matrix.cells, Not(IsEmpty()));
  for (const auto& cell : matrix.cells) EXPECT_EQ(cell.standing, Standing::kNotTried);
  EXPECT_THAT(matrix.columns[0].absent, HasSubstr("not installed"));
}

TEST(ClientRun, LevelsDecideWhatAWrongClientCosts) {
  const auto matrix = try_fake("no-digest-check,no-annotation-copy,link-unbounded",
                               {"digest-manifest", "fallback-annotations", "tags-loop"});
  ASSERT_EQ(matrix.cells.size(), 3U);
  const auto verdict = [&](std::string_view row) { return matrix.find(row, "fake")->verdict; };
  EXPECT_EQ(verdict("digest-manifest"), Verdict::kWarn) << "a SHOULD";
  EXPECT_EQ(verdict("fallback-annotations"), Verdict::kFail) << "a MUST";
  EXPECT_EQ(verdict("tags-loop"), Verdict::kObserved) << "a claim";
}

TEST(ClientRun, NamesNoPlaceAndLeavesNothing) {
  const std::string folder = ::testing::TempDir() + "referee-clients";
  std::filesystem::create_directories(folder);
  ASSERT_EQ(::setenv("TMPDIR", folder.c_str(), 1), 0);
  const auto one = try_fake("forwards-authorization", {"redirect-authorization", "auth-basic"});
  const auto two = try_fake("forwards-authorization", {"redirect-authorization", "auth-basic"});
  ::unsetenv("TMPDIR");
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
  ASSERT_EQ(one.cells.size(), 2U);
  for (std::size_t at = 0; at < one.cells.size(); ++at) EXPECT_EQ(one.cells[at].outcome(), two.cells[at].outcome());
  EXPECT_THAT(one.find("redirect-authorization", "fake")->why, HasSubstr("Bearer"));
  EXPECT_THAT(one.columns[0].leftovers, IsEmpty());
}

TEST(ClientRun, SeveralClientsAtOnce) {
  suites::clients::ClientOptions options;
  options.clients = {fake_client("-", "one"), fake_client("no-link", "two"), fake_client("-", "three")};
  options.checks = {"tags-pages", "accept", "auth-token"};
  options.jobs = 3;
  int calls = 0;
  options.progress = [&](const conformance::Matrix&) { ++calls; };
  const auto matrix = suites::clients::run_clients(options, conformance::Ledger::builtin());
  ASSERT_TRUE(matrix.has_value());
  EXPECT_EQ(matrix->kind, "clients");
  EXPECT_EQ(matrix->find("tags-pages", "one")->standing, Standing::kRight);
  EXPECT_EQ(matrix->find("tags-pages", "two")->standing, Standing::kWrong);
  EXPECT_EQ(matrix->find("auth-token", "three")->standing, Standing::kRight);
  EXPECT_GE(calls, 9);
}

TEST(ClientRun, APatternThatMatchesNothingIsAnError) {
  suites::clients::ClientOptions options;
  options.checks = {"no-such-*"};
  const auto matrix = suites::clients::run_clients(options, conformance::Ledger::builtin());
  ASSERT_FALSE(matrix.has_value());
  EXPECT_THAT(matrix.error(), HasSubstr("no-such-*"));
}

TEST(ClientRun, EveryCheckCitesTheLedger) {
  std::vector<std::string> ids;
  for (const auto& check : suites::clients::client_checks()) {
    ASSERT_THAT(check.requirements, Not(IsEmpty())) << check.id;
    for (const auto& id : check.requirements) {
      EXPECT_NE(conformance::Ledger::builtin().find(id), nullptr) << check.id << " cites " << id;
    }
    EXPECT_TRUE(suites::clients::level_of(check, conformance::Ledger::builtin()).has_value()) << check.id;
    EXPECT_NE(check.judge, nullptr) << check.id;
    EXPECT_NE(check.content, nullptr) << check.id;
    for (const auto* scene : {&check.scene, check.twin ? &*check.twin : nullptr}) {
      if (scene == nullptr) continue;
      EXPECT_NE(registry::find_profile(scene->profile), nullptr) << check.id;
      for (const auto& name : scene->deviations) EXPECT_NE(registry::find_deviation(name), nullptr) << name;
    }
    ids.push_back(check.id);
  }
  std::ranges::sort(ids);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end()) << "an id stands twice";
  EXPECT_GE(ids.size(), 30U);
}

}  // namespace
}  // namespace referee::selftest
