#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>

#include "imitation/description.hpp"
#include "referee/conformance/prove.hpp"

namespace referee::suites::matrix {

struct ImitationProofOptions {
  std::vector<std::string> faults;  ///< globs on names of imitations; empty: all defects of runtimes
  std::uint64_t seed = 1;
  int jobs = 2;
  std::function<bool()> interrupted;  ///< may be empty
};

/// Shows that contents tell a bad runtime from a good one: the sound imitation is right on all of them, and each defect
/// `t.*` is noticed on at least one, by a worse verdict or by another observation. Fails with one line if a pattern
/// matches nothing or there is no place to work in.
tl::expected<conformance::Proof, std::string> prove_runtimes(const ImitationProofOptions& options,
                                                             const conformance::Ledger& ledger,
                                                             const std::function<void(const std::string&)>& progress);

/// The same for clients: each defect `c.*` shows in its scenario, as a process of its own, and the sound client passes
/// it.
tl::expected<conformance::Proof, std::string> prove_clients(const ImitationProofOptions& options,
                                                            const std::function<void(const std::string&)>& progress);

}  // namespace referee::suites::matrix
