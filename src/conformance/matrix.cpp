#include "referee/conformance/matrix.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace referee::conformance {
namespace {

constexpr std::array<std::pair<Standing, std::string_view>, 7> kStandings{{{Standing::kRight, "right"},
                                                                           {Standing::kAllowed, "allowed"},
                                                                           {Standing::kFailed, "failed"},
                                                                           {Standing::kWrong, "wrong"},
                                                                           {Standing::kTimeout, "timeout"},
                                                                           {Standing::kUnclear, "unclear"},
                                                                           {Standing::kNotTried, "not tried"}}};

}  // namespace

std::string_view name(Standing standing) {
  return std::ranges::find(kStandings, standing, [](const auto& entry) { return entry.first; })->second;
}

std::optional<Standing> parse_standing(std::string_view text) {
  const auto* found = std::ranges::find(kStandings, text, [](const auto& entry) { return entry.second; });
  if (found == kStandings.end()) return std::nullopt;
  return found->first;
}

std::string MatrixCell::outcome() const {
  std::string what(name(standing));
  if (standing == Standing::kTimeout || standing == Standing::kNotTried) return what;
  return what + ", " + (selected.empty() ? "nothing" : selected) + ", exit " + std::to_string(exit_code);
}

const MatrixCell* Matrix::find(std::string_view row, std::string_view column) const {
  const auto found =
      std::ranges::find_if(cells, [&](const MatrixCell& cell) { return cell.row == row && cell.column == column; });
  return found == cells.end() ? nullptr : &*found;
}

}  // namespace referee::conformance
