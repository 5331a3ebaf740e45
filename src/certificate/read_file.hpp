#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>

namespace referee::certificate {

/// The whole file, at most `most` bytes; regular files only. One line says why not.
tl::expected<std::string, std::string> read_file(const std::string& path, std::size_t most);

}  // namespace referee::certificate
