#include "referee/conformance/runner.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "referee/registry/server.hpp"
#include "sample.hpp"

namespace referee::conformance {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Nothing listens here, and nothing is asked: for checks that need no server.
RunOptions options(std::vector<std::string> checks) {
  RunOptions made;
  made.connection.url = "http://127.0.0.1:1";
  made.connection.anonymous = true;
  made.capabilities.emplace();
  made.seed = 7;
  made.checks = std::move(checks);
  return made;
}

Run run_all(const RunOptions& settings, const RunEvents& events = {}) {
  auto result = run(sample::catalogue(), sample::ledger(), settings, events);
  EXPECT_TRUE(result) << result.error().message;
  return result ? std::move(*result) : Run{};
}

const CheckResult& of(const Run& run, const std::string& id) {
  for (const auto& result : run.checks) {
    if (result.raw.id == id) return result;
  }
  throw std::out_of_range(id);
}

TEST(Runner, EveryEndOfACheckHasItsVerdict) {
  auto ids = sample::ids(sample::catalogue(), "ends/");
  std::erase(ids, "ends/hangs");
  const auto run = run_all(options(ids));
  ASSERT_EQ(run.checks.size(), ids.size());
  EXPECT_TRUE(run.info.complete);
  const std::vector<std::tuple<std::string, Verdict, std::string>> wanted{
      {"ends/holds", Verdict::kPass, ""},
      {"ends/fails", Verdict::kFail, ""},
      {"ends/warns", Verdict::kWarn, ""},
      {"ends/observes", Verdict::kObserved, ""},
      {"ends/new", Verdict::kObserved, "from main: did not hold"},
      {"ends/refused-setup", Verdict::kInconclusive, "the blob was refused"},
      {"ends/fails-then-refused", Verdict::kFail, "later"},
      {"ends/transport", Verdict::kInconclusive, "no byte for 10 s"},
      {"ends/throws", Verdict::kError, "the check threw: a bug"},
      {"ends/skips", Verdict::kError, "a check may not skip itself"},
      {"ends/crashes", Verdict::kError, "the harness crashed (signal 6"},
      {"ends/fails-then-crashes", Verdict::kFail, "the harness crashed (signal 6"},
      {"ends/fails-on-thread", Verdict::kFail, ""},
      {"ends/holds-last", Verdict::kPass, ""},
  };
  ASSERT_EQ(wanted.size(), ids.size());
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    const auto& [id, verdict, reason] = wanted[index];
    const auto& result = run.checks[index];
    EXPECT_EQ(result.raw.id, id) << "in the order of the catalogue";
    EXPECT_EQ(name(result.verdict), name(verdict)) << id << ": " << result.reason;
    EXPECT_THAT(result.reason, StartsWith(reason)) << id;
  }
  ASSERT_EQ(of(run, "ends/fails").raw.failures.size(), 1U);
  EXPECT_EQ(of(run, "ends/fails").raw.failures[0].what, "arithmetic");
  EXPECT_EQ(of(run, "ends/fails-then-crashes").raw.failures[0].what, "before the crash");
  EXPECT_EQ(of(run, "ends/fails-on-thread").raw.failures[0].what, "elsewhere");
}

TEST(Runner, ACheckThatHangsCostsItsOwnVerdictOnly) {
  RunOptions settings = options({"ends/hangs", "ends/holds-last"});
  settings.jobs = 1;
  settings.check_timeout = std::chrono::milliseconds(900);
  settings.grace = std::chrono::milliseconds(100);
  const auto run = run_all(settings);
  EXPECT_EQ(of(run, "ends/hangs").verdict, Verdict::kInconclusive);
  EXPECT_EQ(of(run, "ends/hangs").reason, "did not finish within 0.9 s");
  EXPECT_EQ(of(run, "ends/holds-last").verdict, Verdict::kPass);
}

/// Everything in a run that must not depend on the number of workers.
std::vector<std::string> essence(const Run& run) {
  std::vector<std::string> lines;
  for (const auto& result : run.checks) {
    std::string line =
        result.raw.id + " " + std::string(name(result.verdict)) + " " + result.reason + " " + result.blocked_by;
    for (const auto& failure : result.raw.failures) line += " !" + failure.what;
    for (const auto& [key, value] : result.raw.observations) line += " " + key + "=" + value;
    lines.push_back(line);
  }
  return lines;
}

TEST(Runner, VerdictsDoNotDependOnTheNumberOfWorkers) {
  auto ids = sample::ids(sample::catalogue(), "chain/");
  for (const auto& id : sample::ids(sample::catalogue(), "ends/")) {
    if (id != "ends/hangs") ids.push_back(id);
  }
  RunOptions settings = options(ids);
  settings.jobs = 1;
  const auto one = essence(run_all(settings));
  for (const int jobs : {2, 4, 9}) {
    settings.jobs = jobs;
    EXPECT_EQ(essence(run_all(settings)), one);
  }
}

TEST(Runner, DependentsOfAFailedCheckAreBlocked) {
  const auto run = run_all(options({"chain/leaf", "chain/other-leaf", "chain/free"}));
  ASSERT_EQ(run.checks.size(), 5U) << "prerequisites are reported, too";
  EXPECT_EQ(run.info.selected, 5U);
  EXPECT_EQ(of(run, "chain/root").verdict, Verdict::kFail);
  for (const char* id : {"chain/middle", "chain/leaf", "chain/other-leaf"}) {
    EXPECT_EQ(of(run, id).verdict, Verdict::kBlocked);
    EXPECT_EQ(of(run, id).blocked_by, "chain/root");
  }
  EXPECT_EQ(of(run, "chain/free").verdict, Verdict::kPass);
}

TEST(Runner, EventsTellEachCheckOnce) {
  std::vector<std::string> finished;
  int started = 0;
  int ticks = 0;
  RunEvents events;
  events.started = [&](const RunInfo& info) {
    ++started;
    EXPECT_FALSE(info.complete);
    EXPECT_EQ(info.selected, 5U);
  };
  events.finished = [&](const conformance::Run& run, const CheckResult& result) {
    finished.push_back(result.raw.id);
    EXPECT_EQ(run.checks.size(), finished.size());
  };
  events.tick = [&](const conformance::Run&) { ++ticks; };
  run_all(options(sample::ids(sample::catalogue(), "chain/")), events);
  EXPECT_EQ(started, 1);
  EXPECT_GE(ticks, 1);
  EXPECT_THAT(finished, testing::UnorderedElementsAre("chain/root", "chain/middle", "chain/leaf", "chain/other-leaf",
                                                      "chain/free"));
}

TEST(Runner, AnInterruptedRunKeepsWhatItHas) {
  RunOptions settings = options({"ends/holds", "ends/hangs"});
  settings.jobs = 1;
  bool seen = false;
  RunEvents events;
  events.finished = [&](const conformance::Run&, const CheckResult&) { seen = true; };
  auto result = run(sample::catalogue(), sample::ledger(), settings, events, [&] { return seen; });
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->info.complete);
  ASSERT_EQ(result->checks.size(), 1U);
  EXPECT_EQ(result->checks[0].raw.id, "ends/holds");
}

TEST(Runner, AWorkerThatCannotRunIsAnErrorNotAHang) {
  RunOptions settings = options({"ends/holds"});
  settings.executable = "/bin/false";
  const auto run = run_all(settings);
  EXPECT_EQ(of(run, "ends/holds").verdict, Verdict::kError);
  EXPECT_THAT(of(run, "ends/holds").reason, HasSubstr("no worker process could be kept running (exit code 1)"));
}

TEST(Runner, GoogleTestVariablesOfTheUserChangeNothing) {
  ::setenv("GTEST_FILTER", "-*", 1);
  ::setenv("GTEST_TOTAL_SHARDS", "3", 1);
  ::setenv("GTEST_SHARD_INDEX", "2", 1);
  ::setenv("GTEST_SHUFFLE", "1", 1);
  const auto run = run_all(options({"ends/holds", "ends/fails"}));
  for (const char* variable : {"GTEST_FILTER", "GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHUFFLE"}) {
    ::unsetenv(variable);
  }
  ASSERT_EQ(run.checks.size(), 2U);
  EXPECT_EQ(run.checks[0].verdict, Verdict::kPass);
  EXPECT_EQ(run.checks[1].verdict, Verdict::kFail);
}

TEST(Runner, ATargetThatDoesNotAnswerCannotBeJudged) {
  RunOptions settings = options({"ends/holds"});
  settings.capabilities.reset();
  const auto result = run(sample::catalogue(), sample::ledger(), settings, {});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("127.0.0.1:1"));
}

class RunnerOnARegistry : public testing::Test {
 protected:
  void SetUp() override {
    auto started = registry::Server::start({});
    ASSERT_TRUE(started) << started.error();
    server_ = std::move(*started);
    settings_ = options(sample::ids(sample::catalogue(), "wire/"));
    settings_.connection.url = server_->url();
    settings_.capabilities.reset();
  }
  std::unique_ptr<registry::Server> server_;
  RunOptions settings_;
};

TEST_F(RunnerOnARegistry, KeepsTheExchangesAndNamesTheOneThatShowsAFailure) {
  const auto run = run_all(settings_);
  EXPECT_EQ(of(run, "wire/ping").verdict, Verdict::kPass);
  EXPECT_EQ(of(run, "wire/pushes").verdict, Verdict::kPass);
  EXPECT_EQ(of(run, "wire/reads").verdict, Verdict::kPass);
  const auto& raw = of(run, "wire/evidence").raw;
  ASSERT_EQ(raw.failures.size(), 1U);
  EXPECT_EQ(raw.failures[0].expected, "status 200");
  EXPECT_THAT(raw.failures[0].actual, StartsWith("status 404"));
  ASSERT_EQ(raw.exchanges.size(), 3U);
  EXPECT_EQ(raw.failures[0].exchange, 1U) << "not the last one";
  EXPECT_EQ(raw.exchanges[1].status, 404);
  for (std::size_t index = 0; index < 3; ++index) EXPECT_EQ(raw.exchanges[index].number, index);
  EXPECT_GE(run.info.requests, 10U);
  EXPECT_FALSE(run.info.capabilities.empty());
}

TEST_F(RunnerOnARegistry, CanLeaveTheExchangesOut) {
  settings_.keep_exchanges = false;
  const auto run = run_all(settings_);
  const auto& raw = of(run, "wire/evidence").raw;
  EXPECT_TRUE(raw.exchanges.empty());
  EXPECT_EQ(raw.requests, 3U);
  EXPECT_EQ(raw.failures.at(0).exchange, std::nullopt);
}

TEST_F(RunnerOnARegistry, OneSeedOneResult) {
  const auto once = essence(run_all(settings_));
  settings_.jobs = 1;
  EXPECT_EQ(essence(run_all(settings_)), once);
}

TEST_F(RunnerOnARegistry, FixedRepositoriesAreNotFresh) {
  settings_.fixed_repositories = {"vendor/one"};
  settings_.checks = {"wire/pushes"};
  const auto run = run_all(settings_);
  EXPECT_FALSE(run.info.capabilities.at(distribution::Capability::kFreshRepositories).present);
  EXPECT_THAT(of(run, "wire/pushes").raw.exchanges.at(0).url, HasSubstr("/v2/vendor/one/"));
}

}  // namespace
}  // namespace referee::conformance
