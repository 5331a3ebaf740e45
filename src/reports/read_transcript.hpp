#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "referee/conformance/result.hpp"

namespace referee::reports {

/// The exchanges of each check, in the file's order; those of checks that the run does not have are left out, and so is
/// a last line that was cut. Fails with one line that names the first that is wrong: the run then has none at all.
tl::expected<void, std::string> add_transcript(conformance::Run& run, std::string_view lines);

}  // namespace referee::reports
