#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <ostream>

#include "colour.hpp"
#include "model.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/writers.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::CheckResult;
using conformance::Verdict;

constexpr std::size_t kMargin = 14;  // where texts begin, behind "INCONCLUSIVE  "
constexpr std::size_t kLabel = 10;
constexpr std::size_t kFailuresShown = 3;
constexpr std::size_t kTerminalCommandBytes = 1000;
constexpr std::size_t kWhole = 1000;  // lines: nothing of a command is cut
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

/// What became of the claim that a check tries: `confirmed`, `refuted` or `not measurable`; empty: it tries none.
std::string claim_of(const CheckResult& check) {
  const auto found = std::ranges::find(check.raw.observations, "claim", &conformance::Observation::key);
  if (found == check.raw.observations.end()) return {};
  return found->value.substr(0, found->value.find(':'));
}

class Writer {
 public:
  Writer(std::ostream& out, const conformance::Run& run, const Book& book, const TerminalStyle& style)
      : out_(out), run_(run), book_(book), style_(style), width_(std::max<std::size_t>(style.width, 40)) {}

  void head();
  void roots();
  void orphans();
  void section_lines();
  void absent_capabilities();
  void closing();

 private:
  void line(std::string_view text) { out_ << text << '\n'; }
  void caption(std::string_view text) { out_ << '\n' << painted(text, kBold, style_.colour) << '\n'; }
  /// A labelled text with a hanging indent; `whole` texts are never broken: people copy them.
  void field(std::string_view label, std::string_view text, std::size_t lines = 4, bool whole = false);
  /// The request that shows a failure, as a command.
  void repeat(const CheckResult& check, const conformance::Failure& failure);
  void root(const CheckResult& check, const std::vector<std::string>& blocked);
  /// Continues behind `lead`, on further lines where they do not fit.
  void counts_lines(const std::string& lead, const Counts& counts);

  std::ostream& out_;
  const conformance::Run& run_;
  const Book& book_;
  const TerminalStyle& style_;
  std::size_t width_;
};

void Writer::field(std::string_view label, std::string_view text, std::size_t lines, bool whole) {
  const std::string safe = terminal_text(text);
  std::string lead = fmt::format("{:{}}{:<{}}", "", kMargin, label, kLabel);
  const std::size_t room = width_ > lead.size() + 8 ? width_ - lead.size() : 8;
  for (const auto& piece : whole ? std::vector{safe} : wrap(safe, room, lines)) {
    line(painted(lead, kDim, style_.colour) + piece);
    lead.assign(lead.size(), ' ');
  }
}

void Writer::counts_lines(const std::string& lead, const Counts& counts) {
  const std::size_t indent = display_width(lead);
  std::string text = lead;
  std::size_t width = indent;
  for (const auto verdict : kReadingOrder) {
    if (counts.of(verdict) == 0) continue;
    const auto piece = fmt::format("{} {}", counts.of(verdict), conformance::name(verdict));
    if (width > indent) {
      const bool fits = width + piece.size() + 3 <= width_;
      text += fits ? ", " : ",\n" + std::string(indent, ' ');
      width = fits ? width + 2 : indent;
    }
    text += painted(piece, colour_of(verdict), style_.colour);
    width += piece.size();
  }
  line(width == indent ? text + "nothing" : text);
}

void Writer::head() {
  const auto& info = run_.info;
  const auto target = info.target == info.url ? info.target : fmt::format("{} ({})", info.target, info.url);
  line(painted(fit(terminal_text(fmt::format("Referee {}: {}", info.tool_version, target)), width_), kBold,
               style_.colour));
  line(fit(fmt::format("distribution-spec {}{}, seed {}, {}, {}, {:.1f} s", conformance::name(info.spec),
                       info.strict ? ", strict" : "", info.seed, oci::counted(info.jobs, "job"),
                       oci::counted(info.requests, "request"), info.seconds),
           width_));
}

void Writer::repeat(const CheckResult& check, const conformance::Failure& failure) {
  const auto* shown = evidence(check, failure);
  if (shown == nullptr) return;
  const auto command = http::curl_command(*shown);
  // A command that would have to be escaped or fills the screen is not worth copying from here.
  const bool fits = command.size() <= kTerminalCommandBytes && terminal_text(command) == command;
  field("repeat", fits ? command : "the curl command is in report.html: its body does not fit here", 4, fits);
}

void Writer::root(const CheckResult& check, const std::vector<std::string>& blocked) {
  const auto word = fmt::format("{:<{}}", upper(conformance::name(check.verdict)), kMargin);
  const auto level = check.level ? fmt::format(" ({})", conformance::name(*check.level)) : std::string();
  line(painted(word, colour_of(check.verdict), style_.colour) +
       fit(terminal_text(check.raw.id) + level, width_ - kMargin));
  for (const auto& piece : wrap(terminal_text(title(check, book_)), width_ - kMargin, 3)) {
    if (!piece.empty()) line(std::string(kMargin, ' ') + piece);
  }
  if (const auto reason = reason_beside(check); !reason.empty()) field("reason", reason);
  std::size_t shown = 0;
  for (const auto& failure : check.raw.failures) {
    if (shown++ == kFailuresShown) break;
    if (failure.expected.empty() && failure.actual.empty()) {
      field("what", failure.what);
    } else {
      field("expected", failure.expected);
      field("actual", failure.actual);
    }
    repeat(check, failure);
  }
  if (check.raw.failures.size() > kFailuresShown) {
    field("", fmt::format("{} more in report.html", check.raw.failures.size() - kFailuresShown));
  }
  const auto cited = requirements(check, book_, run_.info.spec);
  if (!cited.empty() && !cited.front().link.empty()) field("see", cited.front().link, 1, true);
  if (!blocked.empty()) field("blocks", fmt::format("{}: {}", blocked.size(), fmt::join(blocked, ", ")), 6);
}

void Writer::roots() {
  const auto causes = root_causes(run_);
  if (causes.empty()) return;
  caption("Root causes");
  const auto blocked = blocked_under(run_);
  bool first = true;
  for (const auto* check : causes) {
    if (!first) line("");
    first = false;
    const auto found = blocked.find(check->raw.id);
    root(*check, found == blocked.end() ? std::vector<std::string>{} : found->second);
  }
  const bool repeatable = std::ranges::any_of(causes, [](const auto* check) { return !check->raw.failures.empty(); });
  if (!repeatable || run_.info.target.starts_with("embedded:")) return;
  line("");
  for (const auto& piece : wrap(
           fmt::format("A run removes what it pushed: before a request is repeated, `{} --keep --select ID` brings its "
                       "content back.",
                       terminal_text(conformance::check_command(run_.info))),
           width_, kWhole)) {
    line(piece);
  }
}

/// Blocked checks whose root cause is not a root cause of this run: a run that was cut.
void Writer::orphans() {
  const auto causes = root_causes(run_);
  bool first = true;
  for (const auto& [cause, ids] : blocked_under(run_)) {
    const bool shown = std::ranges::any_of(causes, [&](const auto* check) { return check->raw.id == cause; });
    if (shown) continue;
    if (first) caption("Blocked");
    first = false;
    field("by", fmt::format("{}: {}", cause.empty() ? "an unknown check" : cause, fmt::join(ids, ", ")), 6);
  }
}

void Writer::section_lines() {
  const auto all = sections(run_, book_);
  if (all.empty()) return;
  caption("Sections");
  std::size_t column = 0;
  const auto label = [](const Section& section) { return terminal_text(section.suite + "  " + section.heading); };
  for (const auto& section : all) column = std::max(column, display_width(label(section)));
  column = std::min(column, width_ / 2);
  for (const auto& section : all) {
    const auto text = fit(label(section), column);
    counts_lines("  " + text + std::string(column - display_width(text) + 2, ' '), section.counts);
    if (!style_.verbose) continue;
    for (const auto* check : section.checks) {
      line("    " +
           painted(fmt::format("{:<14}", conformance::name(check->verdict)), colour_of(check->verdict), style_.colour) +
           fit(terminal_text(check->raw.id + (claim_of(*check).empty() ? "" : "  " + claim_of(*check))), width_ - 18));
    }
  }
}

void Writer::absent_capabilities() {
  bool first = true;
  for (const auto& [capability, finding] : run_.info.capabilities) {
    if (finding.present) continue;
    if (first) caption("Not supported by the target");
    first = false;
    const auto name = fmt::format("  {:<22}", distribution::name(capability));
    std::string lead = name;
    for (const auto& piece : wrap(terminal_text(finding.evidence), width_ - name.size(), 3)) {
      line(lead + piece);
      lead.assign(lead.size(), ' ');
    }
  }
}

void Writer::closing() {
  const auto counts = count(run_);
  line("");
  if (!run_.info.complete) {
    line(painted(fit(fmt::format("INCOMPLETE: {} of {} {} a verdict; what follows counts only these.", counts.total(),
                                 oci::counted(run_.info.selected, "check"), counts.total() == 1 ? "has" : "have"),
                     width_),
                 colour_of(Verdict::kFail), style_.colour));
  }
  counts_lines(oci::counted(counts.total(), "check") + ": ", counts);
  std::map<std::string, std::size_t> claims;
  for (const auto& check : run_.checks) {
    if (const auto claim = claim_of(check); !claim.empty()) ++claims[claim];
  }
  std::string text;
  for (const auto& [claim, number] : claims) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, claim);
  if (!text.empty()) line(fit(terminal_text("claims: " + text + (style_.verbose ? "" : " (-v tells which)")), width_));
}

}  // namespace

void terminal_report(std::ostream& out, const conformance::Run& run, const Book& book, const TerminalStyle& style) {
  Writer writer(out, run, book, style);
  writer.head();
  writer.roots();
  writer.orphans();
  writer.section_lines();
  writer.absent_capabilities();
  writer.closing();
}

}  // namespace referee::reports
