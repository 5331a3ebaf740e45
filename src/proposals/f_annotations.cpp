#include "f_annotations.hpp"

namespace referee::proposals {

oci::Descriptor referenced_entry(const Parcel& parcel, const Subject& subject) {
  auto entry = list_entry(parcel);
  entry.annotations.emplace(kReferenceDigest, subject.descriptor.digest);
  entry.annotations.emplace(kFReferenceType, parcel.entry.artifact_type);
  return entry;
}

bool names_as_reference(const oci::Descriptor& entry, const Subject& subject) {
  const auto found = entry.annotations.find(std::string(kReferenceDigest));
  return found != entry.annotations.end() && found->second == subject.descriptor.digest;
}

}  // namespace referee::proposals
