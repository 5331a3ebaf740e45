#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace referee::imitation {

/// What a client can do wrong, each consulted at the one place where the sound client does it right. Those of runtimes
/// are oci::Selector's.
enum class Defect : std::uint8_t {
  kNone,
  kNoFallback,
  kFallbackOnAnyError,
  kFallbackWhenApiPresent,
  kBlindFallbackPut,
  kNoIfMatch,
  kDupAppend,
  kNoAnnotationCopy,
  kNoArtifactTypeCopy,
  kOverwritesNonIndex,
  kNoLink,
  kLinkUnbounded,
  kTrustsServerFilter,
  kTrustsData,
  kNoDigestCheck,
  kNoSizeCheck,
  kTagPrefixOvermatch,
  kHashNotChecked,
  kAnyBadSignatureFails,
  kAnySignaturePasses,
  kVerifyAll,
  kSubjectNotChecked,
  kCopyNoReferrers,
  kCopyReserialise,
  kCopyLoop,
  kCopyOrder,
  kDeleteLeavesTag,
  kGcTooEager,
  kLayoutDropsRefname,
};

struct ClientDefect {
  Defect defect = Defect::kNone;
  std::string_view name;   ///< `c.no-fallback`
  std::string_view about;  ///< one sentence
};

/// All but kNone, in the order of the enumeration.
std::span<const ClientDefect> client_defects();
/// kNone for every name that is not a client's defect.
Defect defect_of(std::string_view name);

}  // namespace referee::imitation
