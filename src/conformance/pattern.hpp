#pragma once

#include <string_view>

namespace referee::conformance {

/// Glob: `*` stands for any characters, slashes included, `?` for one. Linear in practice, never exponential.
bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace referee::conformance
