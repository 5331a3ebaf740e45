#pragma once

#include <cstdint>
#include <string_view>

namespace referee::registry {

/// A Range header held against a size (RFC 9110, 14.1.2 and 14.2).
struct ByteRange {
  enum class Kind : std::uint8_t {
    kWhole,          ///< absent, another unit, several ranges, or not understood: may be ignored
    kPart,           ///< `length` bytes from `first`
    kUnsatisfiable,  ///< 416
  };
  Kind kind = Kind::kWhole;
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};
ByteRange byte_range(std::string_view header, std::uint64_t size);

/// `first-last` of an upload's Content-Range (distribution-spec, "Pushing a blob in chunks"); false if malformed.
bool parse_chunk_range(std::string_view text, std::uint64_t& first, std::uint64_t& last);

/// Digits only; a number beyond 64 bits becomes the largest. False on anything else.
bool parse_number(std::string_view text, std::uint64_t& value);

}  // namespace referee::registry
