// A run made again from its recording.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace referee::certificate::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Rejudge, GivesTheSameWithoutTheRegistry) {
  const auto again = rejudge(sound_run().path(), world().book());
  ASSERT_TRUE(again) << again.error();
  EXPECT_THAT(again->differences, IsEmpty());
  EXPECT_EQ(again->run.checks.size(), world().catalogue.all().size());
  EXPECT_EQ(again->recorded.options.seed, 7U);
}

TEST(Rejudge, AFailureIsAFailureAgain) {
  const Folder folder;
  judge(folder, {"r.ref.null-list", "r.get.manifest-reserialised"});
  const auto again = rejudge(folder.path(), world().book());
  ASSERT_TRUE(again) << again.error();
  EXPECT_THAT(again->differences, IsEmpty());
  std::size_t failed = 0;
  for (const auto& check : again->run.checks) failed += check.verdict == conformance::Verdict::kFail ? 1 : 0;
  EXPECT_EQ(failed, 2U);
}

TEST(Rejudge, OfAPartAndWithAnyNumberOfWorkers) {
  for (const int jobs : {1, 4}) {
    const Folder folder;
    judge(folder, {}, [jobs](conformance::RunOptions& options) { options.jobs = jobs; });
    EXPECT_THAT(rejudge(folder.path(), world().book()).value().differences, IsEmpty()) << jobs;
    RejudgeOptions part;
    part.checks = {"oci-1.1/tags/list"};
    const auto again = rejudge(folder.path(), world().book(), part);
    ASSERT_TRUE(again) << again.error();
    EXPECT_THAT(again->differences, IsEmpty()) << jobs;
    EXPECT_EQ(again->run.checks.size(), 2U) << "and its prerequisite";
  }
}

TEST(Rejudge, FixedRepositoriesAreThoseOfTheRun) {
  const Folder folder;
  judge(folder, {}, [](conformance::RunOptions& options) { options.fixed_repositories = {"only/this"}; });
  EXPECT_THAT(rejudge(folder.path(), world().book()).value().differences, IsEmpty());
}

TEST(Rejudge, SaysWhatDiffers) {
  const Folder folder;
  folder.copy_from(sound_run());
  folder.edit("results.json", R"("verdict": "pass")", R"("verdict": "fail")");
  const auto again = rejudge(folder.path(), world().book());
  ASSERT_TRUE(again) << again.error();
  EXPECT_THAT(again->differences, ElementsAre(HasSubstr("results.json says fail, the recording gives pass")));
}

TEST(Rejudge, HowOftenClientsTriedAtOnceIsNoDifference) {
  const auto changed = [](const std::string& id, int more, int more_of_all) {
    const Folder folder;
    folder.copy_from(sound_run());
    auto results = nlohmann::json::parse(folder.read("results.json"));
    for (auto& check : results["checks"]) {
      if (check["id"] == id) check["requests"] = check["requests"].get<int>() + more;
    }
    results["run"]["requests"] = results["run"]["requests"].get<int>() + more_of_all;
    folder.write("results.json", results.dump());
    return rejudge(folder.path(), world().book()).value().differences;
  };
  EXPECT_THAT(changed("oci-1.1/tags/race", 5, 5), IsEmpty());
  EXPECT_THAT(changed("oci-1.1/tags/race", 5, 0), ElementsAre(HasSubstr("`requests`")));
  EXPECT_THAT(changed("oci-1.1/tags/list", 5, 5), ElementsAre(HasSubstr("`requests`"), HasSubstr("tags/list")));
}

TEST(Rejudge, ARecordingWithoutACheckIsNoRun) {
  const Folder folder;
  folder.copy_from(sound_run());
  // Its lines are taken away, its name stays in the list of the first line.
  std::string kept;
  std::istringstream lines(folder.read("recording.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    if (line.find(R"("part":"oci-1.1/tags/list")") == std::string::npos) kept += line + "\n";
  }
  folder.write("recording.jsonl", kept);
  seal_again(folder);
  const auto again = rejudge(folder.path(), world().book());
  ASSERT_TRUE(again) << again.error();
  EXPECT_THAT(again->differences, testing::Contains(HasSubstr("the recording has no part for this check")));
}

TEST(Rejudge, HostileFilesAreRefused) {
  for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
           {"recording.jsonl", ""}, {"recording.jsonl", "{}\n"}, {"results.json", "[[[["}, {"results.json", "{}"}}) {
    const Folder folder;
    folder.copy_from(sound_run());
    folder.write(name, text);
    const auto again = rejudge(folder.path(), world().book());
    EXPECT_TRUE(!again || !again->differences.empty()) << name << " " << text;
  }
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {R"("kind":"run")",
            R"("embedded":{"control_url":"","profile":"--store=/tmp/x","deviations":[]},"kind":"run")"},
           {R"("kind":"run")",
            R"("embedded":{"control_url":"","profile":"oci-1.1","deviations":["--store"]},"kind":"run")"},
           {"\"jobs\":2", R"("jobs":"many")"},
           {R"("scale":"default")", R"("scale":"endless")"},
           {"oci-1.1/api/ping", "oci-1.1/api/pong"}}) {
    const Folder folder;
    folder.copy_from(sound_run());
    folder.edit("recording.jsonl", from, to);
    seal_again(folder);
    EXPECT_FALSE(rejudge(folder.path(), world().book())) << to;
  }
}

}  // namespace
}  // namespace referee::certificate::test
