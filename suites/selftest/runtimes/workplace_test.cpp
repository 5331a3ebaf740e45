// What a killed run leaves behind, and what a later one takes away of it.
#include "referee/runtimes/workplace.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "remains.hpp"

namespace referee::runtimes {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void write(const std::string& path) {
  std::ofstream file(path);
  file << "bytes";
}

class Workplaces : public testing::Test {
 protected:
  Workplaces() {
    ::mkdtemp(base_.data());
    if (const char* before = std::getenv("TMPDIR"); before != nullptr) before_ = before;
    ::setenv("TMPDIR", base_.c_str(), 1);
  }
  ~Workplaces() override {
    before_ ? ::setenv("TMPDIR", before_->c_str(), 1) : ::unsetenv("TMPDIR");
    fs::remove_all(base_);
  }
  /// A workplace with a session whose owner is gone.
  [[nodiscard]] std::string abandon() const {
    const auto folder = base_ + "/rr-abcdef";
    fs::create_directories(folder + "/toy/home");
    write(folder + "/.referee-workplace");
    write(folder + "/toy/home/file");
    return folder;
  }

  std::string base_ = "/tmp/referee-workplaces-XXXXXX";
  std::optional<std::string> before_;
};

TEST_F(Workplaces, AreGoneAtTheEnd) {
  std::string path;
  {
    const Workplace place;
    path = place.path();
    EXPECT_TRUE(fs::is_directory(path));
    EXPECT_THAT(sweep_workplaces(), IsEmpty()) << "it is in use";
    EXPECT_TRUE(fs::exists(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(Workplaces, StayWhileSomethingIsInThemAndGoWithTheNextRun) {
  std::string path;
  {
    const Workplace place;
    path = place.path();
    write(path + "/stuck");
  }
  EXPECT_TRUE(fs::exists(path + "/stuck"));
  EXPECT_THAT(sweep_workplaces(), ElementsAre("a run that was killed left " + path + ": removed"));
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(Workplaces, OfKilledRunsAreSweptWithTheirProcesses) {
  const auto folder = abandon();
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv(kMarker, (folder + "/toy").c_str(), 1);
    ::execl("/bin/sleep", "sleep", "300", nullptr);
    ::_exit(127);
  }
  ASSERT_GT(child, 0);
  for (int round = 0; round < 500 && processes_of(folder + "/toy").empty(); ++round) ::usleep(10'000);
  EXPECT_THAT(sweep_workplaces(), ElementsAre(AllOf(HasSubstr(folder), HasSubstr("sleep"), HasSubstr("): removed"))));
  EXPECT_FALSE(fs::exists(folder));
  // The sweep may have waited for it already.
  EXPECT_TRUE(::waitpid(child, nullptr, WNOHANG) != 0 || ::kill(child, 0) != 0);
}

TEST_F(Workplaces, AreNotTakenForWhatOnlyLooksLikeThem) {
  fs::create_directories(base_ + "/rr-others");
  write(base_ + "/rr-others/.referee-new");
  fs::create_directories(base_ + "/elsewhere");
  write(base_ + "/elsewhere/.referee-workplace");
  fs::create_directory_symlink(base_ + "/elsewhere", base_ + "/rr-linked");
  EXPECT_THAT(sweep_workplaces(), IsEmpty());
  EXPECT_TRUE(fs::exists(base_ + "/rr-others"));
  EXPECT_TRUE(fs::exists(base_ + "/elsewhere/.referee-workplace"));
}

}  // namespace
}  // namespace referee::runtimes
