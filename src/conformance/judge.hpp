#pragma once

#include <map>
#include <optional>
#include <string>

#include "referee/conformance/catalogue.hpp"
#include "referee/conformance/result.hpp"

namespace referee::conformance {

/// Judges checks one by one; prerequisites must be judged before their dependents. Verdicts come from raw results,
/// capabilities and the ledger alone, so that neither the number of workers nor the order of arrival shows.
class Judge {
 public:
  Judge(const Catalogue& catalogue, const Ledger& ledger, Spec spec, const distribution::Capabilities& capabilities)
      : catalogue_(catalogue), ledger_(ledger), spec_(spec), capabilities_(capabilities) {}

  /// Whether the check has to run at all as far as capabilities tell: false if it, or a prerequisite, is unsupported.
  [[nodiscard]] bool supported(const Check& check) const;

  /// `raw` is null if the check did not run. nullopt: there is no verdict yet.
  std::optional<CheckResult> judge(const Check& check, const RawResult* raw);

 private:
  /// What a judged check means for its dependents.
  struct Standing {
    bool held = true;
    bool unsupported = false;
    std::string root;
    std::string reason;
  };
  [[nodiscard]] std::optional<std::string> missing_capability(const Check& check) const;
  [[nodiscard]] const Standing* stopped_by(const Check& check) const;
  [[nodiscard]] std::string not_asked(const Check& check) const;

  const Catalogue& catalogue_;
  const Ledger& ledger_;
  Spec spec_;
  const distribution::Capabilities& capabilities_;
  std::map<std::string, Standing, std::less<>> standings_;
};

}  // namespace referee::conformance
