#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "run_file_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

constexpr std::size_t kMostRequirements = 50;
constexpr std::uint64_t kMostOmitted = 1'000'000'000;
constexpr std::uint64_t kMostJobs = 1000;

std::optional<conformance::Level> filed_level(JsonFields& fields, const Json& object) {
  const auto text = fields.text_or_empty(object, "level");
  const auto level = conformance::parse_level(text);
  if (!text.empty() && !level) fields.wrong("level", "is none that there is");
  return level;
}

FiledRequirement filed_requirement(JsonFields& fields, const Json& object) {
  FiledRequirement requirement;
  requirement.id = fields.text(object, "id");
  requirement.level = filed_level(fields, object);
  requirement.section = fields.text(object, "section");
  requirement.text = fields.text(object, "text");
  requirement.link = fields.text(object, "link");
  // It becomes a link on a page: no script may hide in it.
  if (!requirement.link.starts_with("https://") && !requirement.link.starts_with("http://")) requirement.link.clear();
  return requirement;
}

FiledFailure filed_failure(JsonFields& fields, const Json& object) {
  FiledFailure failure{
      fields.text(object, "what"), fields.text(object, "expected"), fields.text(object, "actual"), {}, {}};
  if (fields.any(object, "exchange").is_null()) return failure;
  const auto& exchange = fields.object(object, "exchange");
  failure.curl = fields.text(exchange, "curl");
  failure.exchange = fields.count(exchange, "number");
  return failure;
}

FiledCheck filed_check(JsonFields& fields, const Json& object) {
  FiledCheck check;
  check.id = fields.text(object, "id");
  if (check.id.empty()) fields.wrong("id", "is empty");
  check.word = fields.text(object, "verdict");
  check.verdict = conformance::parse_verdict(check.word);
  if (!check.verdict) fields.wrong("verdict", "is none that there is");
  check.level = filed_level(fields, object);
  check.title = fields.text(object, "title");
  for (const auto& one : fields.list(object, "requirements", kMostRequirements)) {
    check.requirements.push_back(filed_requirement(fields, one));
  }
  check.reason = fields.text_or_empty(object, "reason");
  check.blocked_by = fields.text_or_empty(object, "blocked_by");
  for (const auto& one : fields.list(object, "failures", kFailuresEach)) {
    check.failures.push_back(filed_failure(fields, one));
  }
  check.failures_omitted = fields.count(object, "failures_omitted", kMostOmitted);
  check.observations = filed_observations(fields, object, "observations");
  check.requests = fields.count(object, "requests");
  const auto& timing = fields.object(object, "timing");
  check.started = fields.time(timing, "started");
  check.seconds = fields.number(timing, "seconds");
  return check;
}

std::optional<distribution::Capability> capability_of(std::string_view name) {
  auto all = distribution::all_capabilities();
  std::ranges::copy(distribution::proposal_capabilities(), std::back_inserter(all));
  all.push_back(distribution::Capability::kControl);
  const auto found = std::ranges::find(all, name, [](auto one) { return distribution::name(one); });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

constexpr std::size_t kMostRepositories = 2;

void read_capabilities(JsonFields& fields, const Json& run, conformance::RunInfo& info) {
  for (const auto& [name, finding] : fields.object(run, "capabilities").items()) {
    const bool present = fields.flag(finding, "present");
    auto evidence = fields.text(finding, "evidence");
    // Others may be added in any version.
    if (const auto known = capability_of(name)) info.capabilities[*known] = {present, std::move(evidence), {}};
  }
}

void read_info(JsonFields& fields, const Json& run, conformance::RunInfo& info) {
  info.tool_version = fields.text(run, "tool_version");
  info.commit = fields.text(run, "commit");
  info.suite = fields.text(run, "suite");
  info.target = fields.text(run, "target");
  info.url = fields.text(run, "url");
  info.name_space = fields.text(run, "namespace");
  // Results that were written before they had it say nothing of them.
  if (run.contains("repositories")) info.repositories = fields.texts(run, "repositories", kMostRepositories);
  const auto spec = conformance::parse_spec(fields.text(run, "spec"));
  if (!spec) fields.wrong("spec", "is no version that there is");
  info.spec = spec.value_or(conformance::Spec::kV1_1);
  info.strict = fields.flag(run, "strict");
  info.seed = fields.digits(run, "seed");
  info.jobs = static_cast<int>(fields.count(run, "jobs", kMostJobs));
  info.complete = fields.flag(run, "complete");
  info.selected = fields.count(run, "selected");
  info.requests = fields.count(run, "requests");
  const auto& timing = fields.object(run, "timing");
  info.started = fields.time(timing, "started");
  info.seconds = fields.number(timing, "seconds");
  read_capabilities(fields, run, info);
}

}  // namespace

bool is_results(const Json& document) {
  const auto schema = document.is_object() ? document.find("schema") : document.end();
  return document.is_object() && schema != document.end() && *schema == kResultsForm;
}

std::vector<conformance::Observation> filed_observations(JsonFields& fields, const Json& object, const char* key) {
  std::vector<conformance::Observation> found;
  const auto& values = fields.object(object, key);
  if (values.size() > kObservationsEach) fields.wrong(key, "has too many entries");
  for (const auto& [name, value] : values.items()) {
    if (!value.is_string()) {
      fields.wrong(key, "holds what is no text");
      break;
    }
    if (found.size() == kObservationsEach) break;
    found.push_back({clip(name, 256), clip(value.get_ref<const std::string&>(), kTextBytes + kClipNote)});
  }
  return found;
}

RunFile filed_run(JsonFields& fields, const Json& document) {
  RunFile file;
  read_info(fields, fields.object(document, "run"), file.info);
  std::size_t at = 0;
  for (const auto& check : fields.list(document, "checks", kMostFiledChecks)) {
    fields.at(fmt::format("check {}", ++at));
    file.checks.push_back(filed_check(fields, check));
    if (!fields.good()) break;
  }
  return file;
}

}  // namespace referee::reports
