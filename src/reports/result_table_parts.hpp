#pragma once

#include "referee/reports/result_table.hpp"

namespace referee::reports {

/// Fills in the divergences of a table of checks, and marks its rows.
void add_divergences(const std::vector<NamedRun>& runs, ResultTable& table);
/// `202: docker-registry, ggcr` for each value.
std::vector<std::string> value_lines(const Divergence& divergence);

}  // namespace referee::reports
