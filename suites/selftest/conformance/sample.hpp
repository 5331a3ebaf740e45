#pragma once

#include <string>
#include <vector>

#include "referee/conformance/catalogue.hpp"

/// A small ledger and catalogue, whose checks end in every way that a check can end.
namespace referee::conformance::sample {

/// One requirement per level: `t.must`, `t.should`, `t.may`, `t.claim`, `t.impl`, and `t.main`, a MUST of main only.
Ledger ledger();

/// A check without a body that matters.
Check check(std::string id, std::string requirement, std::vector<std::string> after = {});

/// Shared by the tests and by the worker processes that they start.
Catalogue catalogue();

/// Ids of all checks in `catalogue` whose id begins with the prefix.
std::vector<std::string> ids(const Catalogue& catalogue, std::string_view prefix = "");

}  // namespace referee::conformance::sample
