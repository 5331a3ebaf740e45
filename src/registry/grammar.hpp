#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace referee::registry {

/// The repository grammar of distribution-spec "Pulling manifests"; at most 255 characters.
bool is_repository(std::string_view name);
bool is_tag(std::string_view tag, std::size_t longest = 128);

/// `<alg>-<ref>`, the tag under which clients keep referrers without an API: at most 64 characters of the digest.
bool is_digest_tag(std::string_view tag);

enum class DigestForm : std::uint8_t {
  kMalformed,
  kUnregistered,  ///< follows the grammar, but of an algorithm that this registry does not compute
  kRegistered,
};
/// The digest grammar of image-spec descriptor.md; a registered algorithm also fixes length and alphabet.
DigestForm digest_form(std::string_view digest, bool sha512 = true);

/// A reference with a colon can only be meant as a digest.
inline bool looks_like_digest(std::string_view reference) {
  return reference.find(':') != std::string_view::npos;
}

}  // namespace referee::registry
