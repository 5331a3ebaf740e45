#include "f_enhanced.hpp"

#include "reference_entry.hpp"
#include "registration.hpp"

namespace referee::proposals {

oci::Descriptor FEnhanced::list_line(const Parcel& parcel, const Subject& subject) const {
  return reference_entry(parcel, subject, kReferenceOfF);
}

bool FEnhanced::is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const {
  return refers_to(descriptor, subject, kReferenceOfF);
}

Variant variant_f_enhanced() {
  return {"F/enhanced", "F", "oci-1.0", true, true, opens<FEnhanced>(), {Trail::Kind::kOwnIndex, kReferenceOfF, ""}};
}

}  // namespace referee::proposals
