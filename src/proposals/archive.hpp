#pragma once

#include <string>
#include <string_view>

#include "artifact.hpp"
#include "referee/proposals/archive.hpp"

namespace referee::proposals::archive {

/// No registry takes larger manifests; bytes.
inline constexpr std::uint64_t kMostManifest = 64ULL << 20U;
/// Of indexes in indexes.
inline constexpr int kDeepestTree = 32;
inline constexpr std::size_t kMostManifests = 100'000;

inline tl::unexpected<Failure> layout_failure(const oci::LayoutError& error) {
  const bool limit = error.kind == oci::LayoutErrorKind::kTooLarge;
  return tl::unexpected(Failure{limit ? FailureKind::kLimit : FailureKind::kBroken, error.message, 0});
}

/// The digest that a manifest names in `field`; empty if it names none.
std::string subject_in(std::string_view manifest, std::string_view field);

/// Descriptors below `key` of a manifest; those that are none are left out.
std::vector<oci::Descriptor> descriptors_below(std::string_view manifest, std::string_view key);

}  // namespace referee::proposals::archive
