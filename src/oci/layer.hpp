#pragma once

#include <string>
#include <string_view>

namespace referee::oci {

/// A ustar archive with one regular file (0644, owner 0, time 0). `path` has at most 100 characters.
std::string tar_of(std::string_view path, std::string_view bytes);

/// `tar` packed as `media_type` says: `+gzip` or `.gzip`, `+zstd`, or as it is. The payload does not compress, so both
/// formats use stored blocks: the bytes then depend on no version of a compression library.
std::string packed(std::string_view media_type, std::string tar);

}  // namespace referee::oci
