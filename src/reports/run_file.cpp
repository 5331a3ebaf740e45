#include "referee/reports/run_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "run_file_parts.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::Verdict;

/// A form of ours that another version writes, or empty.
std::string other_form(const Json& document) {
  const auto schema = document.is_object() ? document.find("schema") : document.end();
  if (!document.is_object() || schema == document.end() || !schema->is_string()) return "";
  const auto& form = schema->get_ref<const std::string&>();
  return form.starts_with(kResultsForm.substr(0, kResultsForm.size() - 1)) ? form : "";
}

}  // namespace

tl::unexpected<std::string> broken(const std::string& why) {
  return tl::unexpected(terminal_text(clip(why, 300)));
}

tl::expected<void, std::string> sound(const JsonFields& fields, const JsonDocument& document) {
  if (!document.odd.empty()) return broken(document.odd);
  if (!fields.good()) return broken(fields.why());
  return {};
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
  const auto document = parse_document(text);
  if (!document) return broken(document.error());
  const auto& value = document->value;
  JsonFields fields;
  RunFile file;
  if (is_results(value)) {
    file = filed_run(fields, value);
  } else if (const auto form = other_form(value); !form.empty()) {
    return broken(fmt::format("it is of the form {}, which this version of Referee does not read", form));
  } else if (is_rubric(value)) {
    file = filed_rubric(rubric_from(fields, value));
  } else if (is_matrix(value)) {
    file = filed_matrix(matrix_from(fields, value));
  } else {
    return std::nullopt;
  }
  if (auto whole = sound(fields, *document); !whole) return tl::unexpected(whole.error());
  std::set<std::string_view> ids;
  for (const auto& check : file.checks) {
    if (!ids.insert(check.id).second) return broken(fmt::format("`{}` is in it twice", check.id));
  }
  return file;
}

}  // namespace referee::reports
