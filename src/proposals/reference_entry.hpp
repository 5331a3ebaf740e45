#pragma once

#include "artifact.hpp"

namespace referee::proposals {

// The annotation of an index entry that holds the digest which the entry refers to.
inline constexpr std::string_view kReferenceOfD = "org.opencontainers.reference";
inline constexpr std::string_view kReferenceOfF = "org.opencontainers.reference.digest";

/// An index entry that says under `key` what it refers to. D's have a platform that no runtime runs, F's have none.
oci::Descriptor reference_entry(const Parcel& parcel, const Subject& subject, std::string_view key);
bool refers_to(const oci::Descriptor& entry, const Subject& subject, std::string_view key);

}  // namespace referee::proposals
