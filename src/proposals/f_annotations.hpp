#pragma once

#include "artifact.hpp"

namespace referee::proposals {

/// Proposal F's annotations of artifact descriptors.
inline constexpr std::string_view kReferenceDigest = "org.opencontainers.reference.digest";
inline constexpr std::string_view kFReferenceType = "org.opencontainers.reference.type";

/// An entry without a platform that names the image it refers to.
oci::Descriptor referenced_entry(const Parcel& parcel, const Subject& subject);
bool names_as_reference(const oci::Descriptor& entry, const Subject& subject);

}  // namespace referee::proposals
