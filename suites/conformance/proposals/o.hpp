#pragma once

#include "conformance/proposals/support.hpp"

/// What the checks of the adopted rules (OCI 1.1) share that go beyond the default suite: they measure, take long, or
/// need a registry of their own.
namespace referee::suites::proposal_checks {

using suites::distribution::expect_referrers;
using suites::distribution::pushed_referrer;
using suites::distribution::referrers_of;

inline const Profiles kOnAdopted{"oci-1.1"};

}  // namespace referee::suites::proposal_checks
