#include "f_enhanced.hpp"

#include "f_annotations.hpp"
#include "registration.hpp"

namespace referee::proposals {

Parcel FEnhanced::build(const Attachment& attachment, const oci::Descriptor& /*subject*/) const {
  return image_artifact(attachment, {}, {.field = "", .typed = false});
}

oci::Descriptor FEnhanced::list_line(const Parcel& parcel, const Subject& subject) const {
  return referenced_entry(parcel, subject);
}

bool FEnhanced::is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const {
  return names_as_reference(descriptor, subject);
}

Variant variant_f_enhanced() {
  return {"F/enhanced", "F", "oci-1.0", true, true, opens<FEnhanced>()};
}

}  // namespace referee::proposals
