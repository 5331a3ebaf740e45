#pragma once

#include <string>

#include "referee/conformance/matrix.hpp"

namespace referee::reports {

/// What stands in the cell of a table: the selected object, or `refused`, `failed`, `timeout`, `?`.
std::string short_text(const conformance::MatrixCell& cell);
/// Whether nothing can be said of the cell because its whole column could not be tried.
bool is_absent(const conformance::Matrix& matrix, const conformance::MatrixCell& cell);

}  // namespace referee::reports
