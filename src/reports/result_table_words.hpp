#pragma once

#include <string>
#include <string_view>

#include "referee/reports/result_table.hpp"

/// The words of a table, the same in every format.
namespace referee::reports {

std::string table_title(const ResultTable& table);
/// What is counted, where that is not what a run counts; else empty.
std::string_view table_counts(RunKind kind);
std::string_view row_name(RunKind kind);  ///< "requirement"
std::string_view divergence_heading(bool passed);
std::string_view divergence_lead(bool passed);
/// What the signs mean.
std::string table_legend(const ResultTable& table);
/// What stands beside the sign: nothing where the sign says it all.
std::string cell_word(const ResultTable& table, const TableCell& cell);
/// Nothing in it ends a Markdown link in angle brackets.
std::string markdown_link(std::string_view link);

}  // namespace referee::reports
