#pragma once

#include <cstddef>

namespace referee::signing {

/// What is read of a bundle, at most, beside kLargestPayload and kDeepestJson.
inline constexpr std::size_t kMostSubjects = 1024;
/// In characters; far above the 72 bytes of a signature: what is longer is no signature.
inline constexpr std::size_t kLongestSignature = 1024;
/// In bytes.
inline constexpr std::size_t kLongestHint = 256;

}  // namespace referee::signing
