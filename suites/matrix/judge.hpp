#pragma once

#include <map>
#include <string>
#include <vector>

#include "pull.hpp"
#include "referee/conformance/matrix.hpp"
#include "referee/conformance/requirement.hpp"
#include "referee/runtimes/session.hpp"

namespace referee::suites::matrix {

/// What image-spec makes of a shape: what each correct reading that knows nested indexes selects.
struct Expectation {
  std::vector<std::string> objects;               ///< labels that some reading selects
  bool nothing = false;                           ///< some reading selects nothing
  bool open = false;                              ///< the shape is on a point on which the specification is silent
  std::map<std::string, std::string> by_reading;  ///< id of every selector, defects too -> label or `nothing`

  /// One object, or nothing, and no doubt.
  [[nodiscard]] bool determined() const { return !open && objects.size() + (nothing ? 1 : 0) == 1; }
  [[nodiscard]] bool allows(const std::string& label) const;
  [[nodiscard]] bool allows_nothing() const { return open || nothing; }
  /// `image`; `nothing`; `open: image or nothing`
  [[nodiscard]] std::string text() const;
};
Expectation expectation(const Shape& shape, const oci::Platform& platform);

/// Judges one pull of the runtime `column`.
conformance::MatrixCell judge_pull(const Shape& shape, const Expectation& expected, const std::string& column,
                                   runtimes::Role role, const Pull& pull, const conformance::Ledger& ledger);
/// The cell of what was not tried.
conformance::MatrixCell not_tried(const PullRecord& record);

/// The readings that explain most of a runtime's cells, the best first, those with a defect marked by their name. Empty
/// if so few contents were tried that many readings explain them.
std::vector<std::string> best_readings(const std::vector<conformance::MatrixCell>& cells);

}  // namespace referee::suites::matrix
