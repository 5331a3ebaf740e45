#include <gtest/gtest.h>

#include <sstream>

#include "referee/reports/progress.hpp"
#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

std::string tokens(std::string text) {
  return replaced(std::move(text), kSampleVersion, "@VERSION@");
}

std::string terminal(const conformance::Run& run, const reports::Book& book, const reports::TerminalStyle& style) {
  std::ostringstream out;
  reports::terminal_report(out, run, book, style);
  return tokens(out.str());
}

TEST(Golden, Results) {
  const Sample sample;
  expect_golden("results.json", tokens(reports::results_json(sample.run(), sample.book())));
}

TEST(Golden, Junit) {
  const Sample sample;
  expect_golden("junit.xml", tokens(reports::junit_xml(sample.run(), sample.book())));
}

TEST(Golden, JunitStrictAndIncomplete) {
  const Sample sample;
  auto run = sample.copy();
  run.info.strict = true;
  run.info.complete = false;
  run.info.selected = 12;
  expect_golden("junit-strict-incomplete.xml", tokens(reports::junit_xml(run, sample.book())));
}

/// Style and script are files of their own: the golden holds what the run put into the page.
TEST(Golden, Html) {
  const Sample sample;
  auto page = tokens(reports::html_report(sample.run(), sample.book()));
  expect_golden("report.html", without_sources(std::move(page)));
}

TEST(Golden, Transcript) {
  const Sample sample;
  std::string lines;
  for (const auto& check : sample.run().checks) lines += reports::transcript_lines(check);
  expect_golden("transcript.jsonl", tokens(lines));
}

TEST(Golden, Terminal) {
  const Sample sample;
  expect_golden("terminal.txt", terminal(sample.run(), sample.book(), {}));
}

TEST(Golden, TerminalColourVerboseIncomplete) {
  const Sample sample;
  auto run = sample.copy();
  run.info.complete = false;
  run.info.selected = 12;
  reports::TerminalStyle style;
  style.colour = true;
  style.verbose = true;
  style.width = 72;
  expect_golden("terminal-colour.txt", terminal(run, sample.book(), style));
}

TEST(Golden, ProgressWithoutTerminal) {
  const Sample sample;
  std::ostringstream out;
  reports::Progress progress(out, sample.book(), {});
  conformance::Run run;
  run.info = sample.run().info;
  progress.started(run.info);
  for (const auto& check : sample.run().checks) {
    run.checks.push_back(check);
    progress.finished(run, check);
    progress.tick(run);
  }
  progress.done();
  expect_golden("progress.txt", out.str());
}

}  // namespace
}  // namespace referee::selftest
