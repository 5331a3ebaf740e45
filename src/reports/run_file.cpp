#include "referee/reports/run_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "json_fields.hpp"
#include "json_values.hpp"
#include "referee/oci/json_depth.hpp"
#include "run_file_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::Verdict;
using nlohmann::json;

constexpr std::size_t kMostRequirements = 50;

std::optional<conformance::Level> filed_level(JsonFields& fields, const json& object) {
  const auto text = fields.text_or_empty(object, "level");
  const auto level = conformance::parse_level(text);
  if (!text.empty() && !level) fields.wrong("level", "is none that there is");
  return level;
}

FiledRequirement filed_requirement(JsonFields& fields, const json& object) {
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

FiledFailure filed_failure(JsonFields& fields, const json& object) {
  FiledFailure failure{fields.text(object, "what"), fields.text(object, "expected"), fields.text(object, "actual"), {}};
  const auto exchange = object.is_object() ? object.find("exchange") : object.end();
  if (object.is_object() && exchange != object.end() && exchange->is_object()) {
    failure.curl = fields.text_or_empty(*exchange, "curl");
  }
  return failure;
}

FiledCheck filed_check(JsonFields& fields, const json& object) {
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
  check.observations = filed_observations(fields, object, "observations");
  return check;
}

RunFile filed_run(JsonFields& fields, const json& document) {
  RunFile file;
  const auto& run = fields.object(document, "run");
  auto& info = file.info;
  info.tool_version = fields.text(run, "tool_version");
  info.target = fields.text(run, "target");
  info.url = fields.text(run, "url");
  info.name_space = fields.text(run, "namespace");
  const auto spec = conformance::parse_spec(fields.text(run, "spec"));
  if (!spec) fields.wrong("spec", "is no version that there is");
  info.spec = spec.value_or(conformance::Spec::kV1_1);
  info.strict = fields.flag(run, "strict");
  const auto seed = fields.text(run, "seed");
  const auto read = std::from_chars(seed.data(), seed.data() + seed.size(), info.seed);
  if (read.ec != std::errc() || read.ptr != seed.data() + seed.size()) fields.wrong("seed", "is no number");
  info.complete = fields.flag(run, "complete");
  info.selected = fields.count(run, "selected");
  info.requests = fields.count(run, "requests");
  filed_timing(fields, run, info);
  std::size_t at = 0;
  for (const auto& check : fields.list(document, "checks", kMostFiledChecks)) {
    fields.at(fmt::format("check {}", ++at));
    file.checks.push_back(filed_check(fields, check));
    if (!fields.good()) break;
  }
  return file;
}

/// Line and column would say where; the file is made by a program, so that the first words are enough.
tl::unexpected<std::string> broken(const std::string& why) {
  return tl::unexpected(terminal_text(clip(why, 300)));
}

}  // namespace

void filed_timing(JsonFields& fields, const json& object, conformance::RunInfo& info) {
  const auto& timing = fields.object(object, "timing");
  info.started = time_of_iso(fields.text(timing, "started"));
  info.seconds = fields.number(timing, "seconds");
}

std::vector<conformance::Observation> filed_observations(JsonFields& fields, const json& object, const char* key) {
  std::vector<conformance::Observation> found;
  const auto& values = fields.object(object, key);
  if (values.size() > kObservationsEach) fields.wrong(key, "has too many entries");
  for (const auto& [name, value] : values.items()) {
    if (!value.is_string()) {
      fields.wrong(key, "holds what is no text");
      break;
    }
    if (found.size() == kObservationsEach) break;
    found.push_back({clip(name, 256), clip(value.get_ref<const std::string&>(), kTextBytes)});
  }
  return found;
}

std::string_view name(RunKind kind) {
  switch (kind) {
    case RunKind::kRubric:
      return "rubric";
    case RunKind::kRuntimes:
      return "runtimes";
    case RunKind::kClients:
      return "clients";
    case RunKind::kChecks:
      break;
  }
  return "checks";
}

std::string_view file_name(RunKind kind) {
  if (kind == RunKind::kChecks) return "results.json";
  return kind == RunKind::kRubric ? "rubric.json" : "matrix.json";
}

bool FiledCheck::decided() const {
  if (verdict != Verdict::kObserved) return verdict != Verdict::kInconclusive && verdict != Verdict::kError;
  // What a version does not ask for is observed, whatever became of it: only the reason tells.
  return blocked_by.empty() && (level || reason.find(": not decided: ") == std::string::npos);
}

const FiledCheck* RunFile::find(std::string_view id) const {
  const auto found = std::ranges::find(checks, id, &FiledCheck::id);
  return found == checks.end() ? nullptr : &*found;
}

tl::expected<std::optional<RunFile>, std::string> read_run_file(std::string_view text) {
  if (text.size() > kLargestRunFile) return broken(fmt::format("it is larger than {} bytes", kLargestRunFile));
  if (oci::is_deeper_than(text, oci::kDeepestJson)) return broken("it is nested too deeply");
  const auto document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return broken("it is no JSON");
  JsonFields fields;
  RunFile file;
  constexpr std::string_view kForm = "referee.results/1";
  const auto schema = document.is_object() ? fields.text_or_empty(document, "schema") : std::string();
  if (schema == kForm) {
    file = filed_run(fields, document);
  } else if (schema.starts_with(kForm.substr(0, kForm.size() - 1))) {
    return broken(fmt::format("it is of the form {}, which this version of Referee does not read", schema));
  } else if (is_rubric(document)) {
    file = filed_rubric(fields, document);
  } else if (is_matrix(document)) {
    file = filed_matrix(fields, document);
  } else {
    return std::nullopt;
  }
  if (!fields.good()) return broken(fields.why());
  std::set<std::string_view> ids;
  for (const auto& check : file.checks) {
    if (!ids.insert(check.id).second) return broken(fmt::format("`{}` is in it twice", check.id));
  }
  return file;
}

}  // namespace referee::reports
