#pragma once

#include <string>
#include <string_view>

namespace referee::bench {

/// Text from a file as it may stand in a line on a terminal: control characters (C0, DEL, C1) become `?`.
std::string one_line(std::string_view text);

}  // namespace referee::bench
