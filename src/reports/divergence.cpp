#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "result_table_parts.hpp"

namespace referee::reports {
namespace {

using conformance::Verdict;

/// What a check says where nobody fails: its values, and whether what it asks for held.
std::map<std::string, std::string> statement_of(const FiledCheck& check) {
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : check.observations) {
    if (!key.starts_with(conformance::kVarying)) values.emplace(key, value);
  }
  if (check.verdict == Verdict::kObserved)
    values.emplace("what the check looks for", check.failures.empty() ? "held" : "did not hold");
  return values;
}

/// One check in all runs, as long as nobody fails it.
struct Spread {
  std::vector<std::pair<std::size_t, const FiledCheck*>> decided;  ///< column and check
  std::vector<std::size_t> without;                                ///< columns
};

/// nullopt: somebody fails or could not be judged, or fewer than two have it.
std::optional<Spread> spread_of(const std::string& id,
                                const std::vector<std::map<std::string_view, const FiledCheck*>>& runs) {
  Spread spread;
  for (std::size_t at = 0; at < runs.size(); ++at) {
    const auto found = runs[at].find(id);
    if (found == runs[at].end() || found->second->verdict == Verdict::kUnsupported) {
      spread.without.push_back(at);
      continue;
    }
    const auto& check = *found->second;
    if ((check.verdict != Verdict::kPass && check.verdict != Verdict::kObserved) || !check.decided())
      return std::nullopt;
    spread.decided.emplace_back(at, &check);
  }
  if (spread.decided.size() < 2) return std::nullopt;
  return spread;
}

/// A divergence for each value that differs.
void add_those_of(const Spread& spread, const ResultTable& table, std::vector<Divergence>& found) {
  std::set<std::string> keys;
  std::vector<std::map<std::string, std::string>> statements;
  for (const auto& [column, check] : spread.decided) {
    statements.push_back(statement_of(*check));
    for (const auto& [key, value] : statements.back()) keys.insert(key);
  }
  const auto& first = *spread.decided.front().second;
  for (const auto& key : keys) {
    std::map<std::string, std::vector<std::string>> by_value;
    for (std::size_t at = 0; at < statements.size(); ++at) {
      const auto value = statements[at].find(key);
      by_value[value == statements[at].end() || value->second.empty() ? "nothing" : value->second].push_back(
          table.columns[spread.decided[at].first].name);
    }
    if (by_value.size() < 2) continue;
    Divergence divergence;
    divergence.row = first.requirements.empty() ? first.id : first.requirements.front().id;
    divergence.check = first.id;
    divergence.level = first.level ? std::string(conformance::name(*first.level)) : "";
    divergence.title = first.title;
    if (!first.requirements.empty()) {
      divergence.link = first.requirements.front().link;
      divergence.section = first.requirements.front().section;
    }
    divergence.key = key;
    divergence.passed =
        std::ranges::all_of(spread.decided, [](const auto& one) { return one.second->verdict == Verdict::kPass; });
    divergence.values.assign(by_value.begin(), by_value.end());
    std::ranges::stable_sort(divergence.values, std::greater<>(), [](const auto& one) { return one.second.size(); });
    for (const auto column : spread.without) divergence.without.push_back(table.columns[column].name);
    found.push_back(std::move(divergence));
  }
}

}  // namespace

void add_divergences(const std::vector<NamedRun>& runs, ResultTable& table) {
  if (runs.size() < 2) return;
  std::vector<std::map<std::string_view, const FiledCheck*>> checks(runs.size());
  std::vector<std::string> order;
  std::set<std::string_view> known;
  for (std::size_t at = 0; at < runs.size(); ++at) {
    for (const auto& check : runs[at].run.checks) {
      checks[at].emplace(check.id, &check);
      if (known.insert(check.id).second) order.push_back(check.id);
    }
  }
  for (const auto& id : order) {
    if (const auto spread = spread_of(id, checks)) add_those_of(*spread, table, table.divergences);
  }
  std::ranges::stable_partition(table.divergences, &Divergence::passed);
  std::set<std::string_view> rows;
  for (const auto& divergence : table.divergences) rows.insert(divergence.row);
  for (auto& row : table.rows) row.differs = rows.contains(row.id);
}

std::vector<std::string> value_lines(const Divergence& divergence) {
  std::vector<std::string> lines;
  for (const auto& [value, columns] : divergence.values)
    lines.push_back(fmt::format("{}: {}", value, fmt::join(columns, ", ")));
  return lines;
}

}  // namespace referee::reports
