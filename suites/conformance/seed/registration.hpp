#pragma once

#include "conformance/registration.hpp"

namespace referee::suites::seed {
void register_fields(conformance::Catalogue& catalogue);
void register_digests(conformance::Catalogue& catalogue);
void register_mirrors(conformance::Catalogue& catalogue);
void register_garbage(conformance::Catalogue& catalogue);
void register_lookups(conformance::Catalogue& catalogue);
void register_costs(conformance::Catalogue& catalogue);
void register_limits(conformance::Catalogue& catalogue);
void register_policies(conformance::Catalogue& catalogue);
void register_offline(conformance::Catalogue& catalogue);
}  // namespace referee::suites::seed
