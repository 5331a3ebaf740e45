#pragma once

#include <string_view>

namespace referee::oci {

/// No document of the specifications comes near it: deeper JSON is refused before a parser sees it.
inline constexpr int kDeepestJson = 64;

/// Counts brackets outside strings; does not validate.
bool is_deeper_than(std::string_view json, int limit);

}  // namespace referee::oci
