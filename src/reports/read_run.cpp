#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "read_transcript.hpp"
#include "referee/reports/reading.hpp"
#include "run_file_parts.hpp"

namespace referee::reports {
namespace {

using conformance::CheckResult;
using conformance::Outcome;
using conformance::Verdict;

Outcome outcome_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFail:
    case Verdict::kWarn:
      return Outcome::kBroken;
    case Verdict::kInconclusive:
      return Outcome::kInconclusive;
    case Verdict::kError:
      return Outcome::kError;
    default:
      return Outcome::kHeld;
  }
}

/// Requirements as ledger files, one for each source, so that the ledger itself judges them.
class LedgerText {
 public:
  void add(const FiledRequirement& requirement, conformance::Spec spec) {
    if (!known_.insert(requirement.id).second) return;
    const auto& link = requirement.link;
    const auto hash = link.find('#');
    Json levels = Json::object();
    if (requirement.level) {
      levels[std::string(conformance::name(spec))] = conformance::name(*requirement.level);
    } else {
      // That version does not ask for it: it has a level elsewhere, or it would be no requirement.
      levels[spec == conformance::Spec::kMain ? "1.1" : "main"] = "INFO";
    }
    const auto text = [](const std::string& words) { return words.empty() ? std::string("-") : words; };
    sources_[link.substr(0, hash)].push_back(
        {{"id", requirement.id},
         {"actor", "registry"},
         {"section", text(requirement.section)},
         {"anchor", hash == std::string::npos ? std::string() : link.substr(hash + 1)},
         {"text", text(requirement.text)},
         {"levels", levels}});
  }

  [[nodiscard]] tl::expected<conformance::Ledger, std::string> ledger() const {
    conformance::Ledger made;
    for (const auto& [link, requirements] : sources_) {
      const Json file{{"source", {{"name", "results.json"}, {"links", {{"1.0", link}, {"1.1", link}, {"main", link}}}}},
                      {"requirements", requirements}};
      if (const auto added = made.add(file.dump(-1, ' ', false, Json::error_handler_t::replace), "results.json");
          !added) {
        return tl::unexpected(added.error());
      }
    }
    return made;
  }

 private:
  std::set<std::string> known_;
  std::map<std::string, Json> sources_;
};

CheckResult check_of(FiledCheck&& filed) {
  CheckResult check;
  check.raw.id = std::move(filed.id);
  check.verdict = filed.verdict.value_or(Verdict::kError);
  check.level = filed.level;
  check.reason = std::move(filed.reason);
  check.blocked_by = std::move(filed.blocked_by);
  check.raw.outcome = outcome_of(check.verdict);
  check.raw.reason = check.reason;
  check.raw.observations = std::move(filed.observations);
  for (auto& failure : filed.failures) {
    check.raw.failures.push_back(
        {std::move(failure.what), std::move(failure.expected), std::move(failure.actual), std::nullopt});
  }
  check.raw.failures_omitted = filed.failures_omitted;
  check.raw.requests = filed.requests;
  check.raw.started = filed.started;
  check.raw.seconds = filed.seconds;
  return check;
}

/// By check, the numbers of the exchanges that show its failures.
using Shown = std::vector<std::vector<std::optional<std::uint64_t>>>;

Shown exchanges_named(const RunFile& file) {
  Shown shown;
  for (const auto& check : file.checks) {
    auto& numbers = shown.emplace_back();
    for (const auto& failure : check.failures) numbers.push_back(failure.exchange);
  }
  return shown;
}

void point_at_exchanges(CheckResult& check, const std::vector<std::optional<std::uint64_t>>& numbers) {
  for (std::size_t at = 0; at < check.raw.failures.size(); ++at) {
    const auto& number = numbers[at];
    if (!number) continue;
    const auto found = std::ranges::find(check.raw.exchanges, *number, &http::Exchange::number);
    if (found != check.raw.exchanges.end()) {
      check.raw.failures[at].exchange = static_cast<std::size_t>(found - check.raw.exchanges.begin());
    }
  }
}

}  // namespace

tl::expected<ReadRun, std::string> read_run(std::string_view results_json, std::string_view transcript_jsonl) {
  auto file = read_run_file(results_json);
  if (!file) return tl::unexpected(file.error());
  auto& results = *file;
  if (!results.has_value() || results->kind != RunKind::kChecks) {
    return broken("it is no results.json of `referee check`");
  }
  ReadRun read;
  read.run.info = std::move(results->info);
  const auto shown = exchanges_named(*results);
  LedgerText ledger;
  for (auto& filed : results->checks) {
    conformance::Check known;
    known.id = filed.id;
    known.title = std::move(filed.title);
    for (const auto& requirement : filed.requirements) {
      known.requirements.push_back(requirement.id);
      ledger.add(requirement, read.run.info.spec);
    }
    read.catalogue.add(std::move(known));
    read.run.checks.push_back(check_of(std::move(filed)));
  }
  auto made = ledger.ledger();
  if (!made) return broken(made.error());
  read.ledger = std::move(*made);
  if (const auto added = add_transcript(read.run, transcript_jsonl); !added) read.no_transcript = added.error();
  for (std::size_t at = 0; at < shown.size(); ++at) point_at_exchanges(read.run.checks[at], shown[at]);
  return read;
}

}  // namespace referee::reports
