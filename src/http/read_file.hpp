#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>

namespace referee::http {

/// The whole file; fails with the end of a sentence ("which ..."): missing, unreadable or above `limit` bytes.
tl::expected<std::string, std::string> read_file(const std::string& path, std::size_t limit);

}  // namespace referee::http
