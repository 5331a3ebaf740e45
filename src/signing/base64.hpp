#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "referee/oci/base64.hpp"

namespace referee::signing {

/// As oci::base64_decode(), and the unused bits at the end are zero: one text for one sequence of bytes.
inline std::optional<std::string> strict_base64(std::string_view text) {
  auto bytes = oci::base64_decode(text);
  if (!bytes) return std::nullopt;
  // Only the last group has bits to spare.
  const auto rest = bytes->size() % 3;
  if (rest != 0 && oci::base64_encode(bytes->substr(bytes->size() - rest)) != text.substr(text.size() - 4)) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace referee::signing
