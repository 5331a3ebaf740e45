#include "referee/reports/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <ostream>

#include "colour.hpp"
#include "model.hpp"
#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

constexpr std::size_t kLogWidth = 240;
constexpr std::string_view kClear = "\r\x1b[K";

/// ", 1 fail, 2 warn": what needs attention so far.
std::string attention(const conformance::Run& run) {
  const auto counts = count(run);
  std::string text;
  for (const auto verdict : kReadingOrder) {
    if (is_root_cause(verdict) && counts.of(verdict) > 0)
      text += fmt::format(", {} {}", counts.of(verdict), conformance::name(verdict));
  }
  return text;
}

}  // namespace

std::size_t terminal_width(int descriptor, std::size_t fallback) {
  winsize size{};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own interface
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return fallback;
  return size.ws_col;
}

Progress::Progress(std::ostream& out, const Book& book, Style style)
    : out_(out), book_(book), style_(std::move(style)) {}

Progress::~Progress() {
  try {
    done();
  } catch (...) {  // NOLINT(bugprone-empty-catch): a stream that throws is not worth the run
  }
}

std::size_t Progress::width() const {
  // A log has no width; the bound is on what a target can put into a line.
  if (!style_.tty) return kLogWidth;
  return std::max<std::size_t>(style_.width ? style_.width() : 80, 20);
}

void Progress::started(const conformance::RunInfo& info) {
  draw(
      fit(terminal_text(fmt::format("judging {} by distribution-spec {}: {}", info.url.empty() ? info.target : info.url,
                                    conformance::name(info.spec), oci::counted(info.selected, "check"))),
          width()),
      shown_);
}

void Progress::finished(const conformance::Run& run, const conformance::CheckResult& check) {
  std::string above;
  if (is_root_cause(check.verdict)) {
    const auto word = fmt::format("{:<14}", conformance::name(check.verdict));
    const auto name = title(check, book_);
    const auto text = terminal_text(name.empty() ? check.raw.id : check.raw.id + ": " + name);
    above = painted(word, colour_of(check.verdict), style_.colour) + fit(text, width() - word.size());
  }
  if (style_.tty) {
    draw(above, bar(run));
    return;
  }
  if (!above.empty()) draw(above, "");
  const std::size_t total = std::max<std::size_t>(run.info.selected, 1);
  const std::size_t tenth = std::min<std::size_t>(run.checks.size() * 10 / total, 10);
  if (tenth <= tenths_) return;
  tenths_ = tenth;
  draw(fmt::format("{:>3} %  {} of {}{}", tenth * 10, run.checks.size(), oci::counted(run.info.selected, "check"),
                   attention(run)),
       "");
}

void Progress::tick(const conformance::Run& run) {
  if (style_.tty) draw("", bar(run));
}

void Progress::done() {
  if (done_) return;
  draw("", "");
  done_ = true;
}

std::string Progress::bar(const conformance::Run& run) const {
  const std::size_t finished = run.checks.size();
  const std::size_t announced = std::max(run.info.selected, finished);
  const std::size_t total = std::max<std::size_t>(announced, 1);
  std::string tail = fmt::format(" {:>3} %  {}/{}{}", finished * 100 / total, finished, announced, attention(run));
  // The last column stays free: writing there makes some terminals wrap.
  const std::size_t room = width() - 1;
  tail = fit(tail, room);
  if (room < display_width(tail) + 12) return tail;
  const std::size_t cells = std::min<std::size_t>(room - display_width(tail) - 2, 40);
  const std::size_t full = cells * finished / total;
  return "[" + std::string(full, '#') + std::string(cells - full, '.') + "]" + tail;
}

void Progress::draw(const std::string& above, const std::string& line) {
  if (done_ || (above.empty() && line == shown_)) return;
  std::string text;
  if (!shown_.empty()) text += kClear;
  if (!above.empty()) text += above + '\n';
  text += line;
  shown_ = line;
  out_.write(text.data(), static_cast<std::streamsize>(text.size()));
  out_.flush();
}

}  // namespace referee::reports
