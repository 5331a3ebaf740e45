#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace referee::runtimes {

/// The names in `${...}` of a text, in order.
std::vector<std::string> variables_of(std::string_view text);

}  // namespace referee::runtimes
