#include "referee/reports/result_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "model.hpp"
#include "result_table_parts.hpp"

namespace referee::reports {
namespace {

using conformance::Verdict;

/// Columns of a table of cells: each file has several.
constexpr std::size_t kMostTableColumns = 60;

/// Of several checks the one that a reader must know about first.
constexpr std::array<Verdict, 8> kWorstFirst{Verdict::kFail,     Verdict::kError,      Verdict::kInconclusive,
                                             Verdict::kWarn,     Verdict::kBlocked,    Verdict::kPass,
                                             Verdict::kObserved, Verdict::kUnsupported};

std::size_t rank_of(Verdict verdict) {
  return static_cast<std::size_t>(std::ranges::find(kWorstFirst, verdict) - kWorstFirst.begin());
}

std::string column_about(const RunFile& run) {
  auto text = fmt::format("{}, distribution-spec {}, seed {}, Referee {}", run.info.target,
                          conformance::name(run.info.spec), run.info.seed, run.info.tool_version);
  return run.info.complete ? text : text + ", not complete";
}

/// What was noted, for a cell that has nothing else to say.
std::string noted(const FiledCheck& check) {
  if (check.verdict != Verdict::kObserved || !check.decided()) return check.word;
  std::vector<std::string> values;
  for (const auto& [key, value] : check.observations) {
    if (!key.starts_with(conformance::kVarying)) values.push_back(value);
  }
  if (!values.empty()) return fmt::format("{}", fmt::join(values, "; "));
  return check.failures.empty() ? "held" : "did not hold";
}

TableCell cell_of_checks(const std::vector<const FiledCheck*>& checks) {
  TableCell cell;
  if (checks.empty()) return cell;
  const auto worst = *std::ranges::min_element(
      checks, {}, [](const FiledCheck* check) { return rank_of(check->verdict.value_or(Verdict::kError)); });
  cell.verdict = worst->verdict;
  const auto same = static_cast<std::size_t>(
      std::ranges::count_if(checks, [&](const FiledCheck* check) { return check->verdict == worst->verdict; }));
  cell.word = noted(*worst);
  if (same > 1 && worst->verdict == Verdict::kObserved) cell.word = fmt::format("{} observed", same);
  const auto verdict = worst->verdict.value_or(Verdict::kError);
  const bool bad = is_root_cause(verdict) || verdict == Verdict::kBlocked;
  if (bad && checks.size() > 1) cell.word += fmt::format(" {} of {}", same, checks.size());
  for (const auto* check : checks) {
    cell.tip += fmt::format("{}{}: {}", cell.tip.empty() ? "" : "\n", check->id, check->word);
    if (!check->failures.empty()) {
      const auto& first = check->failures.front();
      cell.tip += ": " + (first.actual.empty() ? first.what : first.actual);
    } else if (!check->reason.empty()) {
      cell.tip += ": " + check->reason;
    } else {
      for (const auto& [key, value] : check->observations) cell.tip += fmt::format("; {}: {}", key, value);
    }
  }
  return cell;
}

bool is_quiet_row(const TableRow& row) {
  return !row.differs && std::ranges::all_of(row.cells, [](const TableCell& cell) {
    return !cell.verdict || cell.verdict == Verdict::kPass || cell.verdict == Verdict::kObserved ||
           cell.verdict == Verdict::kUnsupported;
  });
}

/// Everything that the runs say of one requirement: for each column the checks that name it first.
struct Gathered {
  const FiledCheck* first = nullptr;
  std::vector<std::vector<const FiledCheck*>> checks;
};

/// Of checks: a row for each requirement, in the order in which they come up.
void rows_of_checks(const std::vector<NamedRun>& runs, ResultTable& table) {
  std::vector<std::string> order;
  std::map<std::string, Gathered> gathered;
  std::set<std::string> cited;
  for (std::size_t at = 0; at < runs.size(); ++at) {
    for (const auto& check : runs[at].run.checks) {
      const auto id = check.requirements.empty() ? check.id : check.requirements.front().id;
      for (const auto& requirement : check.requirements) cited.insert(requirement.id);
      const auto [place, fresh] = gathered.try_emplace(id);
      if (fresh) {
        order.push_back(id);
        place->second = {&check, std::vector<std::vector<const FiledCheck*>>(runs.size())};
      }
      place->second.checks[at].push_back(&check);
    }
  }
  for (const auto& id : order) {
    const auto& [first, checks] = gathered.at(id);
    TableRow row;
    row.id = id;
    row.title = first->title;
    const auto suite = split_id(first->id).suite;
    row.group = suite;
    if (!first->requirements.empty()) {
      const auto& requirement = first->requirements.front();
      row.title = requirement.text.empty() ? first->title : requirement.text;
      row.link = requirement.link;
      if (!requirement.section.empty()) row.group = fmt::format("{}: {}", suite, requirement.section);
    }
    if (first->level) row.level = std::string(conformance::name(*first->level));
    for (const auto& column : checks) row.cells.push_back(cell_of_checks(column));
    table.rows.push_back(std::move(row));
    cited.erase(id);
  }
  table.together = cited.size();
  // Requirements of one section stand together, wherever their checks come up.
  std::map<std::string, std::size_t> groups;
  for (const auto& row : table.rows) groups.emplace(row.group, groups.size());
  std::ranges::stable_sort(table.rows, {}, [&](const TableRow& row) { return groups.at(row.group); });
}

/// Names that collide get the number of their run.
std::vector<std::string> unique_names(std::vector<std::string> names) {
  std::set<std::string> taken;
  for (auto& name : names) {
    auto made = name;
    for (int number = 2; !taken.insert(made).second; ++number) made = fmt::format("{} ({})", name, number);
    name = made;
  }
  return names;
}

/// Of cells: each column of each file. Several files of a rubric are registries, and variants become rows.
void rows_of_cells(const std::vector<NamedRun>& runs, ResultTable& table) {
  const bool by_registry = table.kind == RunKind::kRubric && runs.size() > 1;
  std::vector<std::string> order;
  std::map<std::string, TableRow> rows;
  std::vector<std::string> names;
  for (const auto& [label, run] : runs) {
    const auto base = table.columns.size();
    if (by_registry) {
      names.push_back(label);
      table.columns.push_back({label, run.info.target, {}, {}});
    } else {
      for (const auto& column : run.columns) {
        names.push_back(column.name);
        table.columns.push_back({column.name, column.version, {}, column.absent});
      }
    }
    std::map<std::string_view, std::size_t> place;
    for (std::size_t at = 0; at < run.columns.size(); ++at) place.emplace(run.columns[at].name, base + at);
    std::map<std::string_view, const FiledRow*> about;
    for (const auto& row : run.rows) about.emplace(row.id, &row);
    for (const auto& cell : run.checks) {
      const auto id = by_registry ? cell.id : cell.row;
      const auto [found, fresh] = rows.try_emplace(id);
      auto& row = found->second;
      if (fresh) {
        order.push_back(id);
        row.id = id;
        const auto* described = about.contains(cell.row) ? about.at(cell.row) : nullptr;
        if (described != nullptr) {
          row.title = described->title;
          row.expect = described->expected;
        }
        if (by_registry) row.group = cell.row;
      }
      const auto column = by_registry ? base : place.at(cell.column);
      if (row.cells.size() <= column) row.cells.resize(column + 1);
      row.cells[column] = {cell.verdict, cell.word, cell.reason};
    }
  }
  names = unique_names(std::move(names));
  for (std::size_t at = 0; at < names.size(); ++at) table.columns[at].name = names[at];
  for (const auto& id : order) {
    auto& row = rows.at(id);
    row.cells.resize(table.columns.size());
    table.rows.push_back(std::move(row));
  }
}

void add_limits(const std::vector<NamedRun>& runs, ResultTable& table) {
  const auto vary = [&](std::string_view what, const auto& of) {
    std::set<std::string> values;
    for (const auto& [label, run] : runs) values.insert(of(run));
    if (values.size() > 1) table.limits.push_back(fmt::format("{} differ: {}", what, fmt::join(values, ", ")));
  };
  vary("Versions of Referee", [](const RunFile& run) { return run.info.tool_version; });
  if (table.kind == RunKind::kChecks) {
    vary("Versions of the distribution-spec",
         [](const RunFile& run) { return std::string(conformance::name(run.info.spec)); });
  }
  if (table.kind != RunKind::kRubric) {
    vary("Seeds", [](const RunFile& run) { return std::to_string(run.info.seed); });
    vary("Numbers of checks", [](const RunFile& run) { return std::to_string(run.checks.size()); });
    vary("Settings", [](const RunFile& run) { return run.setting; });
  }
  for (const auto& [label, run] : runs) {
    if (!run.info.complete) table.limits.push_back(fmt::format("The run of {} is not complete", label));
  }
}

}  // namespace

tl::expected<ResultTable, std::string> table_of(const std::vector<NamedRun>& runs) {
  if (runs.empty()) return tl::unexpected(std::string("there is no result"));
  if (runs.size() > kMostTableRuns) {
    return tl::unexpected(
        fmt::format("{} results are more than the {} that a table takes: name fewer", runs.size(), kMostTableRuns));
  }
  ResultTable table;
  table.kind = runs.front().run.kind;
  add_limits(runs, table);
  if (table.kind == RunKind::kChecks) {
    std::vector<std::string> names;
    for (const auto& [label, run] : runs) {
      names.push_back(label);
      table.columns.push_back({label, column_about(run), {}, {}});
    }
    names = unique_names(std::move(names));
    for (std::size_t at = 0; at < names.size(); ++at) table.columns[at].name = names[at];
    rows_of_checks(runs, table);
    add_divergences(runs, table);
  } else {
    rows_of_cells(runs, table);
  }
  if (table.columns.size() > kMostTableColumns) {
    return tl::unexpected(fmt::format("{} columns are more than the {} that a table takes: name fewer results",
                                      table.columns.size(), kMostTableColumns));
  }
  for (auto& row : table.rows) {
    row.quiet = is_quiet_row(row);
    for (std::size_t at = 0; at < row.cells.size(); ++at) {
      if (const auto& verdict = row.cells[at].verdict) ++table.columns[at].counts[*verdict];
    }
  }
  return table;
}

}  // namespace referee::reports
