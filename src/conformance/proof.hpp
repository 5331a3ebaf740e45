#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "referee/conformance/prove.hpp"

namespace referee::conformance {

/// The versions by which `prove` judges each execution.
inline constexpr std::array<Spec, 2> kProofSpecs{Spec::kV1_1, Spec::kMain};

/// One execution of the suite, judged by each of kProofSpecs.
struct Execution {
  std::array<std::map<std::string, CheckResult>, kProofSpecs.size()> judged;
  std::string trouble;  ///< why there was none
};

/// Judges what a run brought under every version of kProofSpecs.
Execution judge_execution(const Catalogue& catalogue, const Ledger& ledger, const std::vector<std::string>& ids,
                          const Run& run);

/// Whether a check noticed: it passed on the clean registry and is itself fail (SHOULD: warn), or it observed another
/// value.
bool catches(const CheckResult& clean, const CheckResult& faulty);

/// Checks that should have passed on the clean registry.
std::vector<std::string> clean_failures(const Execution& clean);
FaultRow judge_fault(const Catalogue& catalogue, const std::vector<std::string>& ids, const std::string& fault,
                     const Execution& clean, const Execution& faulty);
VariantRow judge_variant(const std::vector<std::string>& ids, const std::string& variant, const Execution& clean,
                         const Execution& other);

}  // namespace referee::conformance
