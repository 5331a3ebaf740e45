#pragma once

#include <map>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "referee/reports/run_file.hpp"

/// Several results in one table: registries against requirements, runtimes against contents, variants against stories.
/// What everybody passes and yet does differently stands first: there the specification can be read in two ways.
/// Pure functions, thread-safe.
namespace referee::reports {

/// A run, and what its column is called.
struct NamedRun {
  std::string name;
  RunFile run;
};

struct TableColumn {
  std::string name;   ///< unique
  std::string about;  ///< version, or target, seed and time
  std::map<conformance::Verdict, std::size_t> counts;
  std::string absent;  ///< why it was not tried; empty if it was
};

struct TableCell {
  std::optional<conformance::Verdict> verdict;  ///< nullopt: that run has nothing of it
  std::string word;                             ///< what stands in it
  std::string tip;                              ///< check by check
};

struct TableRow {
  std::string group;  ///< suite and section; rows of one group follow each other
  std::string id;
  std::string title;
  std::string level;             ///< empty: none
  std::string link;              ///< empty: none
  std::string expect;            ///< of a content; empty: nothing to say
  bool differs = false;          ///< a Divergence is about it
  bool quiet = false;            ///< everybody who has it passes, and alike
  std::vector<TableCell> cells;  ///< as many as columns
};

/// One value that differs where nobody fails.
struct Divergence {
  std::string row;
  std::string check;
  std::string level;
  std::string title;
  std::string link;
  std::string section;
  std::string key;      ///< what was noted
  bool passed = false;  ///< everybody passed; false: the text leaves it open, or the version does not ask for it
  /// Value and the columns that have it: the most frequent first. A value that is not there is `nothing`.
  std::vector<std::pair<std::string, std::vector<std::string>>> values;
  std::vector<std::string> without;  ///< columns that do not support it, or did not try
};

struct ResultTable {
  RunKind kind = RunKind::kChecks;
  std::vector<std::string> limits;  ///< what keeps the columns from being the same question: sentences
  std::vector<TableColumn> columns;
  std::vector<TableRow> rows;
  std::vector<Divergence> divergences;  ///< those that all pass first
  std::size_t together = 0;  ///< requirements that have no row, since they are tested only together with another
};

/// Runs that a table takes: more is nothing that anybody reads.
inline constexpr std::size_t kMostTableRuns = 20;

/// All runs are of one kind. Names that collide get a number. A requirement's cell is the worst verdict of the checks
/// that name it first; unsupported only if nothing else is known. Fails with one line if there are too many runs or
/// columns.
tl::expected<ResultTable, std::string> table_of(const std::vector<NamedRun>& runs);

/// reports/schemas/result-tables.schema.json.
std::string result_tables_json(const std::vector<ResultTable>& tables);
std::string result_tables_markdown(const std::vector<ResultTable>& tables);
/// One self-contained page without script.
std::string result_tables_html(const std::vector<ResultTable>& tables);

}  // namespace referee::reports
