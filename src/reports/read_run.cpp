#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "json_fields.hpp"
#include "json_read.hpp"
#include "json_values.hpp"
#include "referee/reports/reading.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::CheckResult;
using conformance::Outcome;
using conformance::Verdict;
namespace fields = json_read;

constexpr std::string_view kNoResults = "that is no results.json of this version";
constexpr std::size_t kMostChecks = 20'000;
constexpr std::size_t kMostExchanges = 1'000'000;

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

std::optional<distribution::Capability> capability_of(std::string_view name) {
  auto all = distribution::all_capabilities();
  std::ranges::copy(distribution::proposal_capabilities(), std::back_inserter(all));
  all.push_back(distribution::Capability::kControl);
  const auto found = std::ranges::find(all, name, [](auto one) { return distribution::name(one); });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

tl::expected<conformance::RunInfo, std::string> info_of(const fields::Json& run) {
  conformance::RunInfo info;
  const auto spec = conformance::parse_spec(fields::text(run, "spec"));
  if (!spec) return tl::unexpected(std::string(kNoResults));
  info.spec = *spec;
  info.tool_version = fields::text(run, "tool_version");
  info.target = fields::text(run, "target");
  info.url = fields::text(run, "url");
  info.name_space = fields::text(run, "namespace");
  info.strict = fields::flag(run, "strict");
  info.seed = fields::digits(run, "seed");
  info.jobs = static_cast<int>(std::min<std::uint64_t>(fields::count(run, "jobs"), 1000));
  info.complete = fields::flag(run, "complete");
  info.selected = fields::count(run, "selected");
  info.requests = fields::count(run, "requests");
  const auto& timing = fields::object(run, "timing");
  info.started = time_of_iso(fields::text(timing, "started"));
  info.seconds = fields::number(timing, "seconds");
  for (const auto& [name, finding] : fields::object(run, "capabilities").items()) {
    if (const auto capability = capability_of(name)) {
      info.capabilities[*capability] = {fields::flag(finding, "present"), fields::text(finding, "evidence"), {}};
    }
  }
  return info;
}

/// Requirements as ledger files, one for each source, so that the ledger itself judges them.
class LedgerText {
 public:
  void add(const fields::Json& requirement, conformance::Spec spec) {
    const auto id = fields::text(requirement, "id");
    if (id.empty() || !known_.insert(id).second) return;
    const auto link = fields::text(requirement, "link");
    const auto hash = link.find('#');
    const auto level = fields::text(requirement, "level");
    fields::Json levels = fields::Json::object();
    if (!level.empty()) {
      levels[std::string(conformance::name(spec))] = level;
    } else {
      // That version does not ask for it: it has a level elsewhere, or it would be no requirement.
      levels[spec == conformance::Spec::kMain ? "1.1" : "main"] = "INFO";
    }
    const auto text = [&](const char* key) {
      auto found = fields::text(requirement, key);
      return found.empty() ? std::string("-") : found;
    };
    sources_[link.substr(0, hash)].push_back(
        {{"id", id},
         {"actor", "registry"},
         {"section", text("section")},
         {"anchor", hash == std::string::npos ? std::string() : link.substr(hash + 1)},
         {"text", text("text")},
         {"levels", levels}});
  }

  [[nodiscard]] tl::expected<conformance::Ledger, std::string> ledger() const {
    conformance::Ledger made;
    for (const auto& [link, requirements] : sources_) {
      const fields::Json file{
          {"source", {{"name", "results.json"}, {"links", {{"1.0", link}, {"1.1", link}, {"main", link}}}}},
          {"requirements", requirements}};
      if (const auto added =
              made.add(file.dump(-1, ' ', false, fields::Json::error_handler_t::replace), "results.json");
          !added) {
        return tl::unexpected(added.error());
      }
    }
    return made;
  }

 private:
  std::set<std::string> known_;
  std::map<std::string, fields::Json> sources_;
};

tl::expected<CheckResult, std::string> check_of(const fields::Json& entry) {
  CheckResult check;
  check.raw.id = fields::text(entry, "id");
  const auto verdict = conformance::parse_verdict(fields::text(entry, "verdict"));
  if (check.raw.id.empty() || !verdict) return tl::unexpected(std::string(kNoResults));
  check.verdict = *verdict;
  check.level = conformance::parse_level(fields::text(entry, "level"));
  check.reason = fields::text(entry, "reason");
  check.blocked_by = fields::text(entry, "blocked_by");
  check.raw.outcome = outcome_of(*verdict);
  check.raw.reason = check.reason;
  check.raw.requests = fields::count(entry, "requests");
  const auto& timing = fields::object(entry, "timing");
  check.raw.started = time_of_iso(fields::text(timing, "started"));
  check.raw.seconds = fields::number(timing, "seconds");
  for (const auto& [key, value] : fields::object(entry, "observations").items()) {
    if (value.is_string()) check.raw.observations.push_back({key, value.get<std::string>()});
  }
  for (const auto& failure : fields::list(entry, "failures")) {
    if (check.raw.failures.size() == kFailuresEach) break;
    check.raw.failures.push_back(
        {fields::text(failure, "what"), fields::text(failure, "expected"), fields::text(failure, "actual"), {}});
  }
  return check;
}

http::Headers headers_of(const fields::Json& part) {
  http::Headers headers;
  for (const auto& pair : fields::list(part, "headers")) {
    if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string()) {
      headers.add(pair[0].get<std::string>(), pair[1].get<std::string>());
    }
  }
  return headers;
}

http::Purpose purpose_of(std::string_view name) {
  return name == "retry"      ? http::Purpose::kRetry
         : name == "redirect" ? http::Purpose::kRedirect
         : name == "token"    ? http::Purpose::kToken
                              : http::Purpose::kRequest;
}

http::Exchange exchange_of(const fields::Json& line) {
  http::Exchange made;
  const auto& request = fields::object(line, "request");
  const auto& response = fields::object(line, "response");
  const auto& timing = fields::object(line, "timing");
  made.number = fields::count(line, "number");
  made.purpose = purpose_of(fields::text(line, "purpose"));
  made.method = fields::text(line, "method");
  made.url = fields::text(line, "url");
  made.request_headers = headers_of(request);
  made.request_body = fields::text(request, "body");
  made.request_bytes = fields::count(request, "bytes");
  made.status = static_cast<int>(std::min<std::uint64_t>(fields::count(response, "status"), 999));
  made.version = fields::text(response, "version");
  made.response_headers = headers_of(response);
  made.response_body = fields::text(response, "body");
  made.response_bytes = fields::count(response, "bytes");
  made.error = fields::text(line, "error");
  made.started = time_of_iso(fields::text(timing, "started"));
  made.connect_seconds = fields::number(timing, "connect_seconds");
  made.first_byte_seconds = fields::number(timing, "first_byte_seconds");
  made.total_seconds = fields::number(timing, "total_seconds");
  return made;
}

/// The exchanges of each check, in the file's order. A line that is none is left out: the last may be cut.
void add_transcript(conformance::Run& run, std::string_view lines) {
  std::map<std::string, CheckResult*, std::less<>> checks;
  for (auto& check : run.checks) checks[check.raw.id] = &check;
  for (std::size_t taken = 0; !lines.empty() && taken < kMostExchanges; ++taken) {
    const auto end = std::min(lines.find('\n'), lines.size());
    const auto line = fields::document(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const auto found = checks.find(fields::text(line, "check"));
    if (found != checks.end()) found->second->raw.exchanges.push_back(exchange_of(line));
  }
}

/// Which exchange shows a failure, once there are exchanges.
void point_at_exchanges(CheckResult& check, const fields::Json& entry) {
  const auto& failures = fields::list(entry, "failures");
  for (std::size_t at = 0; at < check.raw.failures.size(); ++at) {
    const auto& shown = fields::object(failures[at], "exchange");
    if (shown.empty()) continue;
    const auto found = std::ranges::find(check.raw.exchanges, fields::count(shown, "number"), &http::Exchange::number);
    if (found != check.raw.exchanges.end()) {
      check.raw.failures[at].exchange = static_cast<std::size_t>(found - check.raw.exchanges.begin());
    }
  }
}

}  // namespace

tl::expected<ReadRun, std::string> read_run(std::string_view results_json, std::string_view transcript_jsonl) {
  const auto document = fields::document(results_json);
  const auto& checks = fields::list(document, "checks");
  if (fields::text(document, "schema") != "referee.results/1" || checks.size() > kMostChecks) {
    return tl::unexpected(std::string(kNoResults));
  }
  auto info = info_of(fields::object(document, "run"));
  if (!info) return tl::unexpected(info.error());
  ReadRun read;
  read.run.info = std::move(*info);
  LedgerText ledger;
  std::set<std::string> ids;
  for (const auto& entry : checks) {
    auto check = check_of(entry);
    if (!check) return tl::unexpected(check.error());
    if (!ids.insert(check->raw.id).second) {
      return tl::unexpected(fmt::format("{}: a check is in it twice", kNoResults));
    }
    conformance::Check known;
    known.id = check->raw.id;
    known.title = fields::text(entry, "title");
    for (const auto& requirement : fields::list(entry, "requirements")) {
      known.requirements.push_back(fields::text(requirement, "id"));
      ledger.add(requirement, read.run.info.spec);
    }
    read.catalogue.add(std::move(known));
    read.run.checks.push_back(std::move(*check));
  }
  auto made = ledger.ledger();
  if (!made) return tl::unexpected(made.error());
  read.ledger = std::move(*made);
  add_transcript(read.run, transcript_jsonl);
  for (std::size_t at = 0; at < read.run.checks.size(); ++at) point_at_exchanges(read.run.checks[at], checks[at]);
  return read;
}

}  // namespace referee::reports
