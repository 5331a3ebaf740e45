#pragma once

#include <string>
#include <vector>

#include "connection.hpp"

namespace referee::imitation {

/// A file of at most 64 MiB.
Done<std::string> read_file(const std::string& path);
/// Its lines, without those that are empty.
Done<std::vector<std::string>> read_lines(const std::string& path);
/// Fails if there is something at the path.
Done<void> write_new(const std::string& path, const std::string& bytes);

}  // namespace referee::imitation
