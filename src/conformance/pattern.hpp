#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace referee::conformance {

/// Glob: `*` stands for any characters, slashes included, `?` for one. Linear in practice, never exponential.
bool glob_match(std::string_view pattern, std::string_view text);

/// The candidate with the smallest edit distance; empty if none is within a third of its length.
std::string nearest(std::string_view wanted, const std::vector<std::string>& candidates);

}  // namespace referee::conformance
