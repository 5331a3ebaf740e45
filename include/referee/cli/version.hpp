#pragma once

#include <string_view>

namespace referee::cli {

/// The project's version, as CMakeLists.txt states it.
inline constexpr std::string_view kVersion = REFEREE_VERSION;

/// Of the source that this program was built from, in full; `+dirty` behind it if the source had changes that are in no
/// commit, `unknown` if it was built outside git.
std::string_view commit();

}  // namespace referee::cli
