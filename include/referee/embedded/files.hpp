#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace referee::embedded {

/// A file of fixtures/ or reports/ compiled into the binary, by its path from the source root
/// (`fixtures/requirements/distribution.json`). The view lives as long as the program.
std::optional<std::string_view> file(std::string_view path);

/// Paths of all embedded files that begin with `prefix`, sorted.
std::vector<std::string_view> files(std::string_view prefix);

}  // namespace referee::embedded
