#pragma once

#include "conformance/registration.hpp"

namespace referee::suites::upgrade {
void register_scenarios(conformance::Catalogue& catalogue);
void register_transitions(conformance::Catalogue& catalogue);
}  // namespace referee::suites::upgrade
