#include "judge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "referee/oci/media_types.hpp"
#include "referee/oci/select.hpp"

namespace referee::suites::matrix {
namespace {

using conformance::MatrixCell;
using conformance::Outcome;
using conformance::Standing;
using conformance::Verdict;

constexpr std::string_view kNothing = "nothing";
constexpr std::string_view kBlobOf = "'s blob";
/// Deep enough for every shape: what a reading selects is not to depend on where it gives up.
constexpr oci::SelectionLimits kLimits{64, 512};

/// The readings that follow every SHOULD: a runtime that knows no nested index breaks one.
bool follows_all(const oci::Selector& selector) {
  return selector.defect == oci::Selector::Defect::kNone && selector.nested != oci::Selector::Nested::kIgnored &&
         selector.nested != oci::Selector::Nested::kRefused;
}

std::string selected_label(const Shape& shape, const oci::Selector& selector, const oci::Platform& platform) {
  const auto fetch = [&](const oci::Descriptor& entry) -> tl::expected<oci::Content, std::string> {
    const auto* part = shape.find(entry.digest);
    if (part == nullptr || !part->pushed) return tl::unexpected(std::string("404"));
    return part->content;
  };
  const auto selection = oci::select(selector, shape.root(), platform, fetch, kLimits);
  if (selection.outcome != oci::SelectionOutcome::kSelected || !selection.chosen) return std::string(kNothing);
  return shape.label_of(selection.chosen->digest);
}

/// What the digests that a client named are to this shape. More than one object is more than one label.
std::set<std::string> labels_of(const Shape& shape, const std::vector<std::string>& digests) {
  std::set<std::string> labels;
  for (const auto& digest : digests) {
    auto label = shape.label_of(digest);
    // What an object consists of stands for it: the empty config of an artifact is known as one of its blobs.
    if (label.ends_with(kBlobOf)) label.resize(label.size() - kBlobOf.size());
    if (!label.empty()) labels.insert(std::move(label));
  }
  // A client that names the index by which it came beside what it took in it.
  if (labels.size() > 1) {
    labels.erase("root");
    labels.erase("index");
  }
  return labels;
}

/// What was fetched of objects that were not selected.
std::vector<std::string> fetched_beside(const Shape& shape, const std::string& selected, const Pull& pull) {
  std::map<std::string, int> counts;
  for (const auto& digest : pull.blobs()) {
    const auto label = shape.label_of(digest);
    if (label.empty() || label == selected || label == selected + std::string(kBlobOf)) continue;
    ++counts[label];
  }
  std::vector<std::string> notes;
  for (const auto& [label, count] : counts)
    notes.push_back(fmt::format("fetched blobs beside the selection: {} {}", label, count));
  return notes;
}

/// Far more requests than there are objects: it forgets where it was.
constexpr std::size_t kRequestsForEach = 8;
void note_excess(MatrixCell& cell, const Shape& shape) {
  const auto most = kRequestsForEach * (shape.parts.size() + 4);
  if (cell.requests > most) {
    cell.notes.push_back(fmt::format("more than {} requests for {} objects", most, shape.parts.size()));
  }
}

Verdict verdict_of(const Shape& shape, const conformance::Ledger& ledger) {
  const auto* requirement = ledger.find(shape.requirements.front());
  return judge(Outcome::kBroken, requirement == nullptr ? std::nullopt : requirement->level(conformance::Spec::kV1_1));
}

void stand(MatrixCell& cell, Standing standing, Verdict verdict, std::string why) {
  cell.standing = standing;
  cell.verdict = verdict;
  cell.why = std::move(why);
}

/// A pull that reported success.
void judge_success(MatrixCell& cell, const Shape& shape, const Expectation& expected, const Pull& pull) {
  const auto labels = labels_of(shape, pull.digests);
  if (labels.empty() && !pull.digests.empty()) {
    return stand(cell, Standing::kUnclear, Verdict::kInconclusive,
                 fmt::format("it names {}, which nobody served", pull.digests.front()));
  }
  if (labels.empty() && pull.unread) {
    return stand(cell, Standing::kUnclear, Verdict::kInconclusive,
                 "what it took could not be read: " + pull.unreadable);
  }
  cell.selected = fmt::format("{}", fmt::join(labels, "+"));
  if (!pull.digests.empty()) cell.digest = pull.digests.front();
  if (labels.empty()) {
    if (shape.open) return stand(cell, Standing::kAllowed, Verdict::kObserved, "success, and nothing was taken");
    return stand(
        cell, Standing::kWrong, Verdict::kFail,
        fmt::format("it reports success, but took nothing ({}); expected: {}", pull.unreadable, expected.text()));
  }
  if (!expected.allows(cell.selected)) {
    return stand(cell, Standing::kWrong, Verdict::kFail,
                 fmt::format("it reports success with {}; expected: {}", cell.selected, expected.text()));
  }
  if (expected.determined()) return stand(cell, Standing::kRight, Verdict::kPass, "");
  stand(cell, Standing::kAllowed, Verdict::kObserved, fmt::format("one of what is {}", expected.text()));
}

void judge_failure(MatrixCell& cell, const Shape& shape, const Expectation& expected,
                   const conformance::Ledger& ledger) {
  if (!expected.allows_nothing()) {
    return stand(cell, Standing::kFailed, verdict_of(shape, ledger),
                 fmt::format("it failed; expected: {}", expected.text()));
  }
  if (expected.determined()) return stand(cell, Standing::kRight, Verdict::kPass, "");
  stand(cell, Standing::kAllowed, Verdict::kObserved, fmt::format("a refusal is one of what is {}", expected.text()));
}

/// A copier takes the root as it is, whatever is in it.
void judge_copy(MatrixCell& cell, const Shape& shape, const Pull& pull, const conformance::Ledger& ledger) {
  if (!pull.ok()) {
    if (!shape.whole()) {
      return stand(cell, Standing::kAllowed, Verdict::kObserved, "not everything that it lists is in the registry");
    }
    return stand(cell, Standing::kFailed, verdict_of(shape, ledger), "it failed; expected: a copy of the root");
  }
  const auto root = shape.root().digest().str();
  cell.digest = pull.digests.empty() ? "" : pull.digests.front();
  if (std::ranges::find(pull.digests, root) != pull.digests.end()) {
    cell.selected = "root";
    return stand(cell, Standing::kRight, Verdict::kPass, "");
  }
  cell.selected = fmt::format("{}", fmt::join(labels_of(shape, pull.digests), "+"));
  stand(cell, Standing::kWrong, Verdict::kFail,
        fmt::format("it reports success, but the copy is not the root {}", root));
}

}  // namespace

bool Expectation::allows(const std::string& label) const {
  return open || std::ranges::find(objects, label) != objects.end();
}

std::string Expectation::text() const {
  auto all = objects;
  if (nothing) all.emplace_back(kNothing);
  if (open) return fmt::format("open, for instance {}", fmt::join(all, " or "));
  return determined() ? all.front() : fmt::format("open: {}", fmt::join(all, " or "));
}

Expectation expectation(const Shape& shape, const oci::Platform& platform) {
  Expectation expected;
  expected.open = shape.open;
  expected.nothing = shape.may_refuse;
  for (const auto& selector : oci::selectors()) {
    const auto label = selected_label(shape, selector, platform);
    expected.by_reading[selector.id] = label;
    if (!follows_all(selector)) continue;
    if (label == kNothing) {
      expected.nothing = true;
    } else if (std::ranges::find(expected.objects, label) == expected.objects.end()) {
      expected.objects.push_back(label);
    }
  }
  return expected;
}

MatrixCell judge_pull(const Shape& shape, const Expectation& expected, const std::string& column, runtimes::Role role,
                      const Pull& pull, const conformance::Ledger& ledger) {
  MatrixCell cell;
  cell.column = column;
  cell.row = shape.id;
  cell.exit_code = pull.exit_code;
  cell.requests = pull.all_requests;
  cell.bytes = pull.bytes;
  cell.seconds = pull.seconds;
  cell.words = pull.words;
  cell.create = pull.create;
  if (pull.timed_out) {
    stand(cell, Standing::kTimeout, Verdict::kInconclusive, "it was cut off at the limit");
    return cell;
  }
  if (role == runtimes::Role::kCopier) {
    judge_copy(cell, shape, pull, ledger);
    return cell;
  }
  if (pull.ok()) {
    judge_success(cell, shape, expected, pull);
    cell.notes = fetched_beside(shape, cell.selected, pull);
  } else {
    judge_failure(cell, shape, expected, ledger);
  }
  note_excess(cell, shape);
  const auto label = cell.selected.empty() ? std::string(kNothing) : cell.selected;
  for (const auto& [reading, selected] : expected.by_reading) {
    if (selected == label) cell.readings.push_back(reading);
  }
  return cell;
}

MatrixCell not_tried(const PullRecord& record) {
  MatrixCell cell;
  cell.column = record.runtime;
  cell.row = record.content;
  if (record.installed) stand(cell, Standing::kUnclear, Verdict::kInconclusive, record.reason);
  cell.why = record.reason;
  return cell;
}

/// Where more readings than these fit equally, the contents that were tried do not tell them apart.
constexpr std::size_t kMostReadings = 3;

std::vector<std::string> best_readings(const std::vector<MatrixCell>& cells) {
  std::map<std::string, std::size_t> counts;
  std::size_t tried = 0;
  for (const auto& cell : cells) {
    const bool seen = cell.standing != Standing::kTimeout && cell.standing != Standing::kNotTried &&
                      cell.standing != Standing::kUnclear;
    if (!seen) continue;
    ++tried;
    for (const auto& reading : cell.readings) ++counts[reading];
  }
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const auto& selector : oci::selectors()) ranked.emplace_back(counts[selector.id], selector.id);
  std::ranges::stable_sort(ranked, std::greater<>{}, &std::pair<std::size_t, std::string>::first);
  // A defect that explains no more than a correct reading accuses nobody.
  const auto most = ranked.front().first;
  const bool correct = std::ranges::any_of(
      ranked, [&](const auto& entry) { return entry.first == most && !entry.second.starts_with("t."); });
  std::vector<std::string> best;
  for (const auto& [count, reading] : ranked) {
    if (count == 0 || count < most) break;
    if (correct && reading.starts_with("t.")) continue;
    best.push_back(fmt::format("{} ({} of {})", reading, count, tried));
  }
  if (best.size() > kMostReadings) best.clear();
  return best;
}

}  // namespace referee::suites::matrix
