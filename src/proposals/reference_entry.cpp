#include "reference_entry.hpp"

namespace referee::proposals {

oci::Descriptor reference_entry(const Parcel& parcel, const Subject& subject, std::string_view key) {
  auto entry = list_entry(parcel);
  // Descriptors have no such field before OCI 1.1, and strict registries refuse it: an annotation says the type.
  entry.artifact_type.clear();
  entry.annotations.emplace(key, subject.descriptor.digest);
  entry.annotations.emplace(kReferenceType, parcel.entry.artifact_type);
  // D's example has the unknown os alone, which lacks a required field.
  if (key == kReferenceOfD) entry.platform = oci::Platform{"unknown", "unknown", "", ""};
  return entry;
}

bool refers_to(const oci::Descriptor& entry, const Subject& subject, std::string_view key) {
  const auto found = entry.annotations.find(std::string(key));
  return found != entry.annotations.end() && found->second == subject.descriptor.digest;
}

}  // namespace referee::proposals
