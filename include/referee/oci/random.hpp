#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace referee::oci {

/// A seeded source of reproducible content: the same seed and label give the same bytes on every machine and in every
/// build (xoshiro256** seeded through SHA-256; no std:: distribution, whose output the standard leaves open).
class Random {
 public:
  explicit Random(std::uint64_t seed, std::string_view label = "");

  std::uint64_t next();
  /// Uniform in [0, bound); bound must not be 0.
  std::uint64_t below(std::uint64_t bound);
  /// Exactly `size` bytes that do not compress.
  std::string bytes(std::size_t size);
  /// `size` characters of [0-9a-f].
  std::string hex(std::size_t size);

 private:
  std::uint64_t state_[4];
};

}  // namespace referee::oci
