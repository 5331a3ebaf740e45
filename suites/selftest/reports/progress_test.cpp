#include "referee/reports/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "sample.hpp"
#include "text.hpp"

namespace referee::selftest {
namespace {

using conformance::Verdict;
using testing::HasSubstr;
using testing::Not;

/// What a terminal would show: the part of it that the bar uses.
class Screen {
 public:
  explicit Screen(const std::string& text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text.compare(at, 4, "\r\x1b[K") == 0) {
        line_.clear();
        at += 3;
      } else if (text[at] == '\n') {
        lines_.push_back(line_);
        line_.clear();
      } else {
        line_ += text[at];
      }
    }
  }
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  [[nodiscard]] const std::string& last() const { return line_; }

 private:
  std::vector<std::string> lines_;
  std::string line_;
};

class ProgressTest : public testing::Test {
 protected:
  ProgressTest() {
    run_.info.url = "http://127.0.0.1:5000";
    run_.info.selected = 100;
  }
  void finish(reports::Progress& progress, Verdict verdict, const std::string& id) {
    conformance::CheckResult check;
    check.raw.id = id;
    check.verdict = verdict;
    run_.checks.push_back(check);
    progress.finished(run_, check);
  }
  [[nodiscard]] reports::Progress::Style terminal() const {
    reports::Progress::Style style;
    style.tty = true;
    style.width = [this] { return width_; };
    return style;
  }

  Sample sample_;
  conformance::Run run_;
  std::ostringstream out_;
  std::size_t width_ = 70;
};

TEST_F(ProgressTest, TheBarGrowsInPlaceAndIsRemoved) {
  reports::Progress progress(out_, sample_.book(), terminal());
  progress.started(run_.info);
  for (int number = 0; number < 50; ++number) finish(progress, Verdict::kPass, "a/b/" + std::to_string(number));
  EXPECT_EQ(Screen(out_.str()).last(), "[####################....................]  50 %  50/100");
  EXPECT_EQ(Screen(out_.str()).lines().size(), 1U) << "one line of head, all else in place";
  progress.done();
  EXPECT_EQ(Screen(out_.str()).last(), "");
  progress.tick(run_);
  EXPECT_EQ(Screen(out_.str()).last(), "") << "nothing is drawn after the end";
}

TEST_F(ProgressTest, WhatFailsStaysAboveTheBar) {
  {
    reports::Progress progress(out_, sample_.book(), terminal());
    finish(progress, Verdict::kPass, "a/b/c");
    finish(progress, Verdict::kFail, "oci-1.1/referrers/empty-list");
    finish(progress, Verdict::kBlocked, "a/b/e");
    EXPECT_THAT(Screen(out_.str()).last(), HasSubstr("3/100, 1 fail"));
  }
  const Screen screen(out_.str());
  ASSERT_EQ(screen.lines().size(), 1U);
  EXPECT_THAT(screen.lines()[0], HasSubstr("fail          oci-1.1/referrers/empty-list: A subject"));
  EXPECT_EQ(screen.last(), "") << "the destructor removes the bar";
}

TEST_F(ProgressTest, AnUnchangedBarIsNotDrawnAgain) {
  reports::Progress progress(out_, sample_.book(), terminal());
  finish(progress, Verdict::kPass, "a/b/c");
  const auto before = out_.str();
  progress.tick(run_);
  progress.tick(run_);
  EXPECT_EQ(out_.str(), before);
  width_ = 30;
  progress.tick(run_);
  EXPECT_NE(out_.str(), before) << "a terminal that changed its width gets a new bar";
}

TEST_F(ProgressTest, NothingIsWiderThanTheTerminal) {
  for (width_ = 1; width_ < 130; ++width_) {
    out_.str("");
    reports::Progress progress(out_, sample_.book(), terminal());
    run_.checks.clear();
    run_.info.url = "http://" + kHostile;
    progress.started(run_.info);
    finish(progress, Verdict::kFail, kHostile);
    const Screen screen(out_.str());
    const auto room = std::max<std::size_t>(width_, 20);
    for (const auto& line : screen.lines()) {
      EXPECT_LE(reports::display_width(line), room);
      EXPECT_EQ(line, reports::terminal_text(line));
    }
    EXPECT_LT(reports::display_width(screen.last()), room);
  }
}

TEST_F(ProgressTest, PlainLinesHaveNoEscapesAndOneLineForEachTenth) {
  reports::Progress progress(out_, sample_.book(), {});
  progress.started(run_.info);
  for (int number = 0; number < 100; ++number) {
    finish(progress, number == 42 ? Verdict::kWarn : Verdict::kPass, "a/b/" + std::to_string(number));
    progress.tick(run_);
  }
  progress.done();
  const auto text = out_.str();
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\r")));
  EXPECT_EQ(std::ranges::count(text, '\n'), 12) << text;
  EXPECT_THAT(text, HasSubstr("warn          a/b/42\n"));
  EXPECT_THAT(text, HasSubstr("100 %  100 of 100 checks, 1 warn\n"));
}

TEST_F(ProgressTest, ARunWithoutChecksDividesByNothing) {
  run_.info.selected = 0;
  reports::Progress progress(out_, sample_.book(), terminal());
  progress.started(run_.info);
  progress.tick(run_);
  EXPECT_THAT(Screen(out_.str()).last(), HasSubstr("0/0"));
}

TEST_F(ProgressTest, NoTerminalHasTheFallbackWidth) {
  EXPECT_EQ(reports::terminal_width(-1, 91), 91U);
}

}  // namespace
}  // namespace referee::selftest
