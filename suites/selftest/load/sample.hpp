#pragma once

#include <string>

#include "referee/load/report.hpp"

namespace referee::selftest {

/// A run whose numbers are all different. `salt` makes another one of the same measurement.
load::Report sample_report(int salt = 0);

}  // namespace referee::selftest
