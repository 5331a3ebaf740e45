#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

namespace fs = std::filesystem;

TEST(ReplaceFile, WritesAndReplaces) {
  const TemporaryFolder folder;
  const auto path = folder.path() + "/a.txt";
  ASSERT_TRUE(reports::replace_file(path, "one"));
  ASSERT_TRUE(reports::replace_file(path, std::string("t\0wo", 4)));
  EXPECT_EQ(read_text(path), std::string("t\0wo", 4));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1)
      << "nothing else is left";
}

/// Whoever opens the file while it is replaced sees one whole version.
TEST(ReplaceFile, ReadersSeeWholeVersions) {
  const TemporaryFolder folder;
  const auto path = folder.path() + "/a.txt";
  ASSERT_TRUE(reports::replace_file(path, std::string(50000, 'a')));
  std::thread writer([&] {
    for (int round = 0; round < 50; ++round) {
      EXPECT_TRUE(reports::replace_file(path, std::string(50000, round % 2 == 0 ? 'b' : 'a')));
    }
  });
  for (int round = 0; round < 50; ++round) {
    const auto seen = read_text(path);
    EXPECT_EQ(seen.size(), 50000U);
    EXPECT_EQ(seen.find_first_not_of(seen.empty() ? 'x' : seen[0]), std::string::npos);
  }
  writer.join();
}

TEST(ReplaceFile, FailureNamesPathAndCauseAndKeepsTheOldFile) {
  const TemporaryFolder folder;
  const auto absent = reports::replace_file(folder.path() + "/none/a.txt", "x");
  ASSERT_FALSE(absent);
  EXPECT_NE(absent.error().find("/none/a.txt"), std::string::npos);
  EXPECT_NE(absent.error().find("No such file"), std::string::npos) << absent.error();

  fs::create_directory(folder.path() + "/taken");
  write_text(folder.path() + "/taken/inside", "x");
  const auto taken = reports::replace_file(folder.path() + "/taken", "x");
  ASSERT_FALSE(taken);
  EXPECT_TRUE(fs::exists(folder.path() + "/taken/inside"));
  EXPECT_FALSE(fs::exists(folder.path() + "/taken.new")) << "no half-made file is left";
}

TEST(ReplaceFile, AFullDiskIsAnErrorNotATruncatedReport) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "/dev/full is absent";
  const TemporaryFolder folder;
  const auto path = folder.path() + "/a.txt";
  write_text(path, "old");
  fs::create_symlink("/dev/full", path + ".new");
  const auto written = reports::replace_file(path, std::string(100000, 'x'));
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().find("No space left"), std::string::npos) << written.error();
  EXPECT_EQ(read_text(path), "old");
}

TEST(WriteReports, MakesTheFolderAndThreeFiles) {
  const Sample sample;
  const TemporaryFolder folder;
  const auto target = folder.path() + "/new/results";
  ASSERT_TRUE(reports::write_reports(target, sample.run(), sample.book()));
  EXPECT_EQ(read_text(target + "/results.json"), reports::results_json(sample.run(), sample.book()));
  EXPECT_EQ(read_text(target + "/junit.xml"), reports::junit_xml(sample.run(), sample.book()));
  EXPECT_EQ(read_text(target + "/report.html"), reports::html_report(sample.run(), sample.book()));
}

TEST(WriteReports, AFolderThatCannotBeMadeIsNamed) {
  const Sample sample;
  const TemporaryFolder folder;
  write_text(folder.path() + "/file", "x");
  const auto written = reports::write_reports(folder.path() + "/file/results", sample.run(), sample.book());
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().find("/file/results"), std::string::npos);
}

/// It is called every two seconds during a run. Printed for people; machines differ, so it is no verdict.
TEST(WriteReports, TimeFor200Checks) {
  const Sample sample;
  const TemporaryFolder folder;
  const auto run = large_run(200, 6, 400, 'x');
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(reports::write_reports(folder.path(), run, sample.book()));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  RecordProperty("milliseconds", std::to_string(took.count()));
  std::cout << "200 checks, 1200 exchanges: " << took.count() << " ms\n";
}

}  // namespace
}  // namespace referee::selftest
