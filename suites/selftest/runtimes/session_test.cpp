// A session with clients that are shell scripts: what is started, read, cut off and cleaned away.
#include "referee/runtimes/session.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "remains.hpp"

namespace referee::runtimes {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kDigest = "sha256:" + std::string(64, 'a');

/// A description whose pull is this shell script.
Description scripted(const std::string& pull) {
  Description made;
  made.name = "toy";
  made.about = "a toy";
  made.install = "apt-get install toy";
  made.programs["sh"] = {"/bin/sh"};
  made.pull.words = {"${sh}", "-c", pull, "toy", "${reference}"};
  made.selected.push_back({{{"${sh}", "-c", "cat ${dir}/selected"}, {}}, "^(sha256:[0-9a-f]+)$", ""});
  made.remove.push_back({{"${sh}", "-c", "rm -f ${dir}/selected"}, {}});
  return made;
}

DaemonLine daemon_of(const std::string& script, const std::string& ready = "true") {
  return {"toyd", {{"${sh}", "-c", script}, {}}, {{"${sh}", "-c", ready}, {}}, std::chrono::seconds(2)};
}

class Sessions : public testing::Test {
 protected:
  Sessions() {
    std::string path = testing::TempDir() + "rt-XXXXXX";
    if (::mkdtemp(path.data()) != nullptr) place_ = path;
  }
  ~Sessions() override { std::filesystem::remove_all(place_); }

  tl::expected<std::unique_ptr<Session>, Absence> open(const Description& description,
                                                       std::function<bool()> interrupted = {}) {
    SessionOptions options;
    options.folder = folder();
    options.registry = "127.0.0.1:1";
    options.pull_limit = std::chrono::seconds(60);
    options.interrupted = std::move(interrupted);
    return Session::open(description, options);
  }
  [[nodiscard]] std::string folder() const { return place_ + "/s"; }

  void expect_nothing_left() const {
    EXPECT_FALSE(std::filesystem::exists(folder()));
    for (const auto& process : processes_of(folder())) ADD_FAILURE() << process.pid << " " << process.name;
  }

 private:
  std::string place_;
};

TEST_F(Sessions, PullReadsWhatWasSelectedAndRemovesIt) {
  auto session = open(scripted("echo " + kDigest + " > ${dir}/selected; echo $1"));
  ASSERT_TRUE(session) << session.error().reason;
  const auto result = (*session)->pull("127.0.0.1:1/a/b:v1");
  EXPECT_TRUE(result.pull.ok()) << result.pull.words();
  EXPECT_EQ(result.pull.out, "127.0.0.1:1/a/b:v1\n");
  EXPECT_THAT(result.digests, ElementsAre(kDigest));
  EXPECT_FALSE(std::filesystem::exists(folder() + "/selected"));
  EXPECT_THAT((*session)->close().processes, IsEmpty());
  expect_nothing_left();
}

TEST_F(Sessions, SuccessWithoutAnObjectIsToldApart) {
  auto session = open(scripted("true"));
  ASSERT_TRUE(session);
  const auto result = (*session)->pull("127.0.0.1:1/a:v1");
  EXPECT_TRUE(result.pull.ok());
  EXPECT_THAT(result.digests, IsEmpty());
  EXPECT_THAT(result.unreadable, HasSubstr("selected"));
}

TEST_F(Sessions, EnvironmentAndFilesAreTheDescriptions) {
  auto description = scripted("cat ${dir}/etc/conf; env; pwd");
  description.files["etc/conf"] = "root=${dir}\n";
  description.environment["TOY"] = "${registry}";
  ::setenv("REFEREE_PASSWORD", "secret-of-the-caller", 1);
  auto session = open(description);
  ASSERT_TRUE(session);
  const auto result = (*session)->pull("127.0.0.1:1/a:v1");
  EXPECT_THAT(result.pull.out, HasSubstr("root=" + folder()));
  EXPECT_THAT(result.pull.out, HasSubstr("TOY=127.0.0.1:1"));
  EXPECT_THAT(result.pull.out, HasSubstr("HOME=" + folder() + "/home"));
  EXPECT_THAT(result.pull.out, testing::Not(HasSubstr("secret-of-the-caller")));
  ::unsetenv("REFEREE_PASSWORD");
}

TEST_F(Sessions, APullThatHangsIsCutOffWithAllThatItStarted) {
  auto description = scripted("sleep 600 & sleep 600");
  description.pull.limit = std::chrono::seconds(1);
  auto session = open(description);
  ASSERT_TRUE(session);
  const auto result = (*session)->pull("127.0.0.1:1/a:v1");
  EXPECT_TRUE(result.pull.timed_out);
  EXPECT_EQ(result.pull.exit_code, -1);
  EXPECT_LT(result.pull.seconds, 4);
  (void)(*session)->close();
  expect_nothing_left();
}

TEST_F(Sessions, AFloodOfOutputIsCut) {
  auto session = open(scripted("yes | head -c 30000000; yes error | head -c 30000000 >&2"));
  ASSERT_TRUE(session);
  const auto result = (*session)->pull("127.0.0.1:1/a:v1");
  EXPECT_TRUE(result.pull.ok());
  EXPECT_LE(result.pull.out.size(), 4U << 20U);
  EXPECT_LE(result.pull.err.size(), 64U * 1024);
}

TEST_F(Sessions, AMissingProgramIsNamedWithTheWayToGetIt) {
  auto description = scripted("true");
  description.programs["toy"] = {"/nonexistent/toy"};
  const auto session = open(description);
  ASSERT_FALSE(session);
  EXPECT_FALSE(session.error().installed);
  EXPECT_EQ(session.error().reason, "not installed: toy is missing; apt-get install toy");
  expect_nothing_left();
}

TEST_F(Sessions, WhatCannotBeStartedIsAStepThatFailed) {
  auto description = scripted("true");
  description.pull.words = {"/etc/passwd"};
  auto session = open(description);
  ASSERT_TRUE(session);
  const auto result = (*session)->pull("127.0.0.1:1/a:v1");
  EXPECT_FALSE(result.pull.ok());
  EXPECT_THAT(result.pull.words(), HasSubstr("/etc/passwd cannot be started"));
}

TEST_F(Sessions, DaemonsRunWhileTheSessionDoes) {
  auto description = scripted("kill -0 $(cat ${dir}/pid) && echo " + kDigest + " > ${dir}/selected");
  description.daemons.push_back(daemon_of("echo $$ > ${dir}/pid; exec sleep 600", "test -s ${dir}/pid"));
  auto session = open(description);
  ASSERT_TRUE(session) << session.error().reason;
  EXPECT_TRUE((*session)->alive());
  EXPECT_THAT((*session)->pull("127.0.0.1:1/a:v1").digests, ElementsAre(kDigest));
  EXPECT_THAT((*session)->close().processes, IsEmpty());
  expect_nothing_left();
}

TEST_F(Sessions, ADaemonThatDoesNotComeUpIsALineWithItsWords) {
  auto description = scripted("true");
  description.daemons.push_back(daemon_of("echo fatal: no disk; sleep 600", "false"));
  const auto late = open(description);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().reason, "toyd is not ready after 2 s: fatal: no disk");
  expect_nothing_left();
  description.daemons.front() = daemon_of("echo fatal: no memory; exit 3", "false");
  const auto dead = open(description);
  ASSERT_FALSE(dead);
  EXPECT_EQ(dead.error().reason, "toyd ended while it started: fatal: no memory");
  expect_nothing_left();
}

TEST_F(Sessions, ADaemonThatEndsIsNoticed) {
  auto description = scripted("kill $(cat ${dir}/pid)");
  description.daemons.push_back(daemon_of("echo $$ > ${dir}/pid; exec sleep 600", "test -s ${dir}/pid"));
  auto session = open(description);
  ASSERT_TRUE(session);
  (void)(*session)->pull("127.0.0.1:1/a:v1");
  for (int tries = 0; tries < 100 && (*session)->alive(); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_FALSE((*session)->alive());
}

TEST_F(Sessions, WhatADaemonLeavesBehindIsReportedAndEnded) {
  auto description = scripted("true");
  description.daemons.push_back(
      daemon_of("setsid sleep 600 & echo $! > ${dir}/pid; exec sleep 600", "test -s ${dir}/pid"));
  auto session = open(description);
  ASSERT_TRUE(session);
  const auto left = (*session)->close();
  ASSERT_EQ(left.processes.size(), 1);
  EXPECT_THAT(left.processes.front(), HasSubstr("sleep"));
  EXPECT_THAT(left.stuck, IsEmpty());
  expect_nothing_left();
}

TEST_F(Sessions, OthersAreLeftAlone) {
  // A process that merely names the folder is none of ours.
  auto session = open(scripted("true"));
  ASSERT_TRUE(session);
  const auto ours = processes_of(folder());
  EXPECT_THAT(ours, IsEmpty());
  EXPECT_THAT(processes_of("/nonexistent/folder"), IsEmpty());
}

TEST_F(Sessions, AnInterruptEndsWhatRuns) {
  std::atomic<bool> interrupted = false;
  auto session = open(scripted("sleep 600"), [&] { return interrupted.load(); });
  ASSERT_TRUE(session);
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    interrupted = true;
  });
  const auto result = (*session)->pull("127.0.0.1:1/a:v1");
  later.join();
  EXPECT_FALSE(result.pull.ok());
  EXPECT_FALSE(result.pull.timed_out);
}

TEST_F(Sessions, OperationsGetThePartsOfTheReference) {
  auto description = scripted("true");
  description.operations[Operation::kTags] = {{"${sh}", "-c", "echo ${repository} ${tag} ${digest}.", "${digest}"}, {}};
  auto session = open(description);
  ASSERT_TRUE(session);
  const auto by_tag = (*session)->run(Operation::kTags, {{"reference", "127.0.0.1:1/a/b:v1"}});
  ASSERT_TRUE(by_tag);
  EXPECT_EQ(by_tag->out, "a/b v1 .\n");
  const auto by_digest = (*session)->run(Operation::kTags, {{"reference", "127.0.0.1:1/a/b@" + kDigest}});
  ASSERT_TRUE(by_digest);
  EXPECT_EQ(by_digest->out, "a/b " + kDigest + ".\n");
  EXPECT_FALSE((*session)->run(Operation::kCopy));
}

}  // namespace
}  // namespace referee::runtimes
