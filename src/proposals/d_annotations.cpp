#include "d_annotations.hpp"

namespace referee::proposals {

oci::Descriptor reference_entry(const Parcel& parcel, const Subject& subject, bool with_data) {
  auto entry = list_entry(parcel);
  entry.annotations.emplace(kReference, subject.descriptor.digest);
  entry.annotations.emplace(kReferenceType, parcel.entry.artifact_type);
  // The proposal's example has the unknown os alone, which lacks a required field.
  entry.platform = oci::Platform{"unknown", "unknown", "", ""};
  if (with_data) entry.data = parcel.manifest.bytes();
  return entry;
}

bool refers_to(const oci::Descriptor& entry, const Subject& subject) {
  const auto found = entry.annotations.find(std::string(kReference));
  return found != entry.annotations.end() && found->second == subject.descriptor.digest;
}

}  // namespace referee::proposals
