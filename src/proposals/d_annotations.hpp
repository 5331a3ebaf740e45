#pragma once

#include "artifact.hpp"

namespace referee::proposals {

/// Proposal D's reserved annotations of index entries.
inline constexpr std::string_view kReference = "org.opencontainers.reference";
inline constexpr std::string_view kReferenceType = "org.opencontainers.reference.type";

/// An index entry that no runtime runs and that names what it refers to; `with_data` carries the manifest itself.
oci::Descriptor reference_entry(const Parcel& parcel, const Subject& subject, bool with_data);
bool refers_to(const oci::Descriptor& entry, const Subject& subject);

}  // namespace referee::proposals
