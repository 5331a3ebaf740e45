#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "referee/reports/reading.hpp"
#include "run_file_parts.hpp"

namespace referee::reports {
namespace {

constexpr std::size_t kMostDifferences = 1000;
constexpr std::size_t kMostCompared = 20'000;
constexpr std::size_t kMostComparisonLines = 1000;
constexpr std::string_view kOfResults = "referee.result-comparison/1";
constexpr std::string_view kOfBenchmarks = "referee.comparison/1";

RunKind run_kind(JsonFields& fields, const Json& object) {
  const auto word = fields.choice(object, "kind", {"checks", "rubric", "runtimes", "clients"});
  for (const auto kind : {RunKind::kRubric, RunKind::kRuntimes, RunKind::kClients}) {
    if (word == name(kind)) return kind;
  }
  return RunKind::kChecks;
}

RunFile side_from(JsonFields& fields, const Json& side, RunKind kind) {
  RunFile file;
  file.kind = kind;
  auto& info = file.info;
  info.target = fields.text(side, "target");
  info.tool_version = fields.text(side, "tool_version");
  if (kind == RunKind::kChecks) {
    const auto spec = conformance::parse_spec(fields.text(side, "spec"));
    if (!spec) fields.wrong("spec", "is no version that there is");
    info.spec = spec.value_or(info.spec);
  }
  info.strict = fields.flag(side, "strict");
  info.seed = fields.digits(side, "seed");
  info.complete = fields.flag(side, "complete");
  info.selected = fields.count(side, "selected");
  info.started = fields.time(side, "started");
  return file;
}

ChangeKind change_kind(JsonFields& fields, const Json& object) {
  const auto word = fields.text(object, "kind");
  for (std::size_t at = 0; at < kChangeKinds; ++at) {
    if (word == name(static_cast<ChangeKind>(at))) return static_cast<ChangeKind>(at);
  }
  fields.wrong("kind", "is no change that there is");
  return ChangeKind::kDetail;
}

Change change_from(JsonFields& fields, const Json& object) {
  Change change;
  change.kind = change_kind(fields, object);
  auto& after = change.after;
  after.id = fields.text(object, "id");
  const auto level = fields.text_or_empty(object, "level");
  after.level = conformance::parse_level(level);
  if (!level.empty() && !after.level) fields.wrong("level", "is none that there is");
  after.title = fields.text(object, "title");
  change.before.word = fields.text(object, "before");
  after.word = fields.text(object, "after");
  for (const auto& one : fields.list(object, "differences", kMostDifferences)) {
    change.differences.push_back({fields.text(one, "key"), fields.text(one, "before"), fields.text(one, "after")});
  }
  if (!fields.any(object, "failure").is_null()) {
    const auto& failure = fields.object(object, "failure");
    after.failures.push_back({fields.text(failure, "what"), fields.text(failure, "expected"),
                              fields.text(failure, "actual"), fields.text(failure, "curl"), std::nullopt});
  }
  after.reason = fields.text(object, "reason");
  after.blocked_by = fields.text(object, "blocked_by");
  change.blocks = fields.texts(object, "blocks", kMostFiledChecks);
  return change;
}

std::vector<FiledCheck> only_from(JsonFields& fields, const Json& object, const char* key) {
  std::vector<FiledCheck> checks;
  for (const auto& one : fields.list(object, key, kMostFiledChecks)) {
    checks.emplace_back().id = fields.text(one, "id");
    checks.back().word = fields.text(one, "verdict");
  }
  return checks;
}

RunComparison run_from(JsonFields& fields, const Json& object) {
  RunComparison run;
  const auto kind = run_kind(fields, object);
  run.before = side_from(fields, fields.object(object, "before"), kind);
  run.after = side_from(fields, fields.object(object, "after"), kind);
  run.limits = fields.texts(object, "limits", kMostComparisonLines);
  run.shared = fields.count(object, "shared", kMostFiledChecks);
  for (const auto& change : fields.list(object, "changes", kMostFiledChecks)) {
    fields.at(fmt::format("change {}", run.changes.size() + 1));
    run.changes.push_back(change_from(fields, change));
    if (!fields.good()) break;
  }
  fields.at("");
  if (run.changes.size() > run.shared) fields.wrong("changes", "are more than checks in common");
  run.only_before = only_from(fields, object, "only_before");
  run.only_after = only_from(fields, object, "only_after");
  run.still_failing = fields.texts(object, "still_failing", kMostFiledChecks);
  return run;
}

bench::Difference difference_from(JsonFields& fields, const Json& object) {
  using bench::Difference;
  constexpr std::array<std::pair<std::string_view, Difference>, 5> kWords{
      {{"slower", Difference::kLarger},
       {"faster", Difference::kSmaller},
       {"within the threshold", Difference::kSmall},
       {"no difference", Difference::kNone},
       {"too few repetitions", Difference::kTooFew}}};
  const auto word = fields.text(object, "difference");
  for (const auto& [known, difference] : kWords) {
    if (word == known) return difference;
  }
  fields.wrong("difference", "is none that there is");
  return Difference::kTooFew;
}

bench::Compared compared_from(JsonFields& fields, const Json& object) {
  bench::Compared one;
  one.name = fields.text(object, "name");
  const auto& before = fields.object(object, "before");
  const auto& after = fields.object(object, "after");
  one.before = fields.count(before, "repetitions");
  one.before_median = fields.number(before, "median");
  one.after = fields.count(after, "repetitions");
  one.after_median = fields.number(after, "median");
  one.judgement.difference = difference_from(fields, object);
  one.judgement.adjusted_p = fields.number(object, "p");
  one.judgement.test.superiority = fields.number(object, "superiority");
  if (!fields.any(object, "ratio").is_null()) {
    const auto& ratio = fields.object(object, "ratio");
    one.judgement.ratio = {fields.number(ratio, "estimate"), fields.number(ratio, "low"), fields.number(ratio, "high")};
  }
  return one;
}

bench::Comparison benchmarks_from(JsonFields& fields, const Json& object) {
  bench::Comparison comparison;
  comparison.options = {fields.number(object, "threshold"), fields.number(object, "level")};
  comparison.noise = fields.number(object, "noise");
  for (const auto& one : fields.list(object, "compared", kMostCompared)) {
    fields.at(fmt::format("benchmark {}", comparison.compared.size() + 1));
    comparison.compared.push_back(compared_from(fields, one));
    if (!fields.good()) break;
  }
  fields.at("");
  comparison.only_before = fields.texts(object, "only_before", kMostCompared);
  comparison.only_after = fields.texts(object, "only_after", kMostCompared);
  comparison.warnings = fields.texts(object, "warnings", kMostComparisonLines);
  return comparison;
}

}  // namespace

tl::expected<ResultComparison, std::string> read_comparison(std::string_view json) {
  const auto document = parse_document(json);
  if (!document) return broken(document.error());
  const auto& value = document->value;
  const auto schema = value.is_object() ? value.find("schema") : value.end();
  const bool formed = value.is_object() && schema != value.end();
  JsonFields fields;
  ResultComparison comparison;
  if (formed && *schema == kOfBenchmarks) {
    comparison.benchmarks.push_back({"benchmarks", benchmarks_from(fields, value)});
  } else if (formed && *schema == kOfResults) {
    comparison.before = fields.text(value, "before");
    comparison.after = fields.text(value, "after");
    comparison.missing = fields.texts(value, "missing", kMostComparisonLines);
    for (const auto& run : fields.list(value, "runs", kMostComparisonLines)) {
      comparison.runs.push_back(run_from(fields, run));
      if (!fields.good()) break;
    }
    for (const auto& part : fields.list(value, "benchmarks", kMostComparisonLines)) {
      comparison.benchmarks.push_back(
          {fields.text(part, "file"), benchmarks_from(fields, fields.object(part, "comparison"))});
      if (!fields.good()) break;
    }
  } else {
    return broken("it is no comparison.json of `referee compare --output json` of this version");
  }
  if (auto whole = sound(fields, *document); !whole) return tl::unexpected(whole.error());
  return comparison;
}

}  // namespace referee::reports
