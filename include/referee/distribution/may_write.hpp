#pragma once

#include <string>
#include <tl/expected.hpp>

#include "referee/distribution/capabilities.hpp"

namespace referee::distribution {

/// The first questions of probe() alone: does the registry answer, are the credentials taken, may `repository` be
/// written? Opens an upload and cancels it. Fails with the same words as probe() does.
tl::expected<void, Unjudgeable> may_write(Registry& registry, const std::string& repository);

}  // namespace referee::distribution
