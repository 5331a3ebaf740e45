#pragma once

#include <functional>
#include <string>
#include <vector>

#include "referee/conformance/runner.hpp"

namespace referee::conformance {

struct ProveOptions {
  std::string profile;              ///< only this one; empty: every profile on which a check must hold
  std::vector<std::string> faults;  ///< globs on the names of faults and legal variants; empty: all
  std::vector<std::string> checks;  ///< ids; empty: all
  bool variants = true;             ///< false: leaves the legal variants out, which take most of the time
  bool named_only = false;          ///< under a fault run only those that name it, and what they depend on
  int jobs = 2;
  std::uint64_t seed = 1;
  std::string executable;  ///< that has the commands `serve` and `worker`; empty: this one
};

/// One fault: who caught it, under either version.
struct FaultRow {
  std::string fault;
  std::vector<std::string> caught_by;  ///< checks that name it in `kills` and caught it
  std::vector<std::string> missed_by;  ///< checks that name it and did not
  std::vector<std::string> extra;      ///< checks that caught it without naming it
  std::string profile = {};            ///< on which it was switched on
};

struct VariantRow {
  std::string variant;
  std::vector<std::string> failed;  ///< checks that fail, warn or err under a legal behaviour: must be empty
  std::string profile = {};         ///< on which it was switched on
};

struct Proof {
  std::vector<std::string> profiles;            ///< that were gone through
  std::vector<std::string> reference_failures;  ///< checks that do not pass on the clean registry of a profile
  std::vector<FaultRow> faults;
  std::vector<VariantRow> variants;
  std::vector<std::string> idle_checks;  ///< checks that catch no fault; empty if not all faults were tried
  [[nodiscard]] bool holds() const;
};

/// Goes through the profiles. On each, runs the checks that must hold there on the clean reference registry, once per
/// fault and once per legal variant, judging each execution by 1.1 and by main; a fault counts as caught if it is
/// caught under either. The faults are those of the profile that one of the checks names, and those that name the
/// profile while no check at all names them; with `faults`, those of the profile that match. Checks tagged `slow` run
/// under a fault only if they name it in `kills`, or if no check does. With `named_only` that goes for all checks: the
/// proof rests on the same results, but `extra` stays empty. `progress` is called with one line per step,
/// never by two threads at once. Fails with one line if a pattern matches nothing or the reference registry cannot be
/// run.
tl::expected<Proof, std::string> prove(const Catalogue& catalogue, const Ledger& ledger, const ProveOptions& options,
                                       const std::function<void(const std::string&)>& progress);

}  // namespace referee::conformance
