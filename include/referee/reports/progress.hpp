#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>

#include "referee/reports/writers.hpp"

namespace referee::reports {

/// Columns of the terminal behind a descriptor, or `fallback` where there is none.
std::size_t terminal_width(int descriptor, std::size_t fallback = 80);

/// What a person sees while a run goes. On a terminal: one bar, redrawn in place and removed at the end, above it a
/// line for each check that needs attention. Elsewhere: those lines, and one line for each tenth of the run. Writes
/// whole lines, each with one call, so that nothing flickers. Not thread-safe: RunEvents call from one thread.
class Progress {
 public:
  struct Style {
    bool tty = false;  ///< a bar; false: plain lines
    bool colour = false;
    std::function<std::size_t()> width;  ///< columns of the terminal, asked before each drawing; empty: 80
  };

  /// `out` and what `book` refers to must outlive the object.
  Progress(std::ostream& out, const Book& book, Style style);
  /// Removes the bar if done() was not called.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(Progress&&) = delete;

  void started(const conformance::RunInfo& info);
  void finished(const conformance::Run& run, const conformance::CheckResult& check);
  /// Redraws if something changed.
  void tick(const conformance::Run& run);
  /// Removes the bar. Nothing is drawn afterwards.
  void done();

 private:
  [[nodiscard]] std::size_t width() const;
  [[nodiscard]] std::string bar(const conformance::Run& run) const;
  void draw(const std::string& above, const std::string& line);

  std::ostream& out_;
  Book book_;
  Style style_;
  std::string shown_;       ///< the bar that stands on the screen
  std::size_t tenths_ = 0;  ///< last tenth that got a line
  bool done_ = false;
};

}  // namespace referee::reports
