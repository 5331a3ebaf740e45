#pragma once

#include <string_view>

namespace referee::cli {

/// The project's version, as CMakeLists.txt states it.
inline constexpr std::string_view kVersion = REFEREE_VERSION;

}  // namespace referee::cli
