#pragma once

#include <vector>

#include "grounds.hpp"
#include "referee/signing/policy.hpp"

namespace referee::suites::benchmarks {

/// Reads the manifests of entries of which the listing does not say what the policy asks for, as a client of that
/// variant has to: annotations, or the type, where no `label` in a tag told it. Two requests in all for such a
/// signature: its manifest is not fetched again with the payload.
proposals::Outcome<void> complete(Client& client, const signing::Policy& policy, const proposals::Filter& filter,
                                  std::vector<proposals::Entry>& entries);

}  // namespace referee::suites::benchmarks
