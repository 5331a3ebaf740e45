#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/conformance/check.hpp"
#include "referee/conformance/requirement.hpp"

namespace referee::conformance {

/// Which checks a run takes.
struct Selection {
  std::vector<std::string>
      select;  ///< ids, globs on ids (`*` crosses slashes), `@tag`; empty: all. A leading `!` takes away
  std::vector<std::string> suites;  ///< first part of the id: `oci-1.1`; empty: all
  std::vector<Level> levels;        ///< empty: all
  std::string default_suite = {};   ///< what is taken from if neither `select` takes something nor `suites` does
};

/// All registered checks in registration order. A mistake in it (an id twice, an unknown requirement, fault or
/// prerequisite, a prerequisite cycle, a prerequisite whose level is not MUST wherever its dependent has one) is fatal
/// at start.
class Catalogue {
 public:
  void add(Check check);

  /// Every mistake, one line each; empty if it is sound. `known_faults` are the reference registry's.
  [[nodiscard]] std::vector<std::string> problems(const Ledger& ledger,
                                                  const std::vector<std::string>& known_faults) const;

  [[nodiscard]] const Check* find(std::string_view id) const;
  [[nodiscard]] const std::vector<Check>& all() const { return checks_; }
  /// The level of a check under a version: its first requirement's. nullopt: that version does not ask for it.
  [[nodiscard]] std::optional<Level> level(const Check& check, const Ledger& ledger, Spec spec) const;

  /// Ids chosen by `selection` in catalogue order, without prerequisites. An exact id that does not exist, or a pattern
  /// that matches nothing, is an error line that offers the nearest id.
  [[nodiscard]] tl::expected<std::vector<std::string>, std::string> select(const Selection& selection,
                                                                           const Ledger& ledger, Spec spec) const;
  /// The profiles of the reference registry on which some of the checks must hold, in the order of the registry's own
  /// list.
  [[nodiscard]] std::vector<std::string> profiles(const std::vector<std::string>& ids) const;
  /// The ids with all their prerequisites, prerequisites first.
  [[nodiscard]] std::vector<std::string> with_prerequisites(const std::vector<std::string>& ids) const;

 private:
  std::vector<Check> checks_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
};

/// The digest of all that a verdict is read by: every check's id, words, requirements, needs, prerequisites and
/// profiles, and every requirement with levels and links. The same in every build of the same suite.
[[nodiscard]] std::string suite_digest(const Catalogue& catalogue, const Ledger& ledger);

}  // namespace referee::conformance
