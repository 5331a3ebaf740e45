#include "d_index.hpp"

#include "reference_entry.hpp"
#include "registration.hpp"

namespace referee::proposals {

Parcel DIndex::build(const Attachment& attachment, const oci::Descriptor& /*subject*/) const {
  // Nothing in the artifact names the subject: the entry of the index does.
  auto typed = attachment;
  typed.annotations.emplace(kReferenceType, attachment.artifact_type);
  return image_artifact(typed, {}, {.field = "", .typed = false, .payload_in_layer = settings().inlined});
}

oci::Descriptor DIndex::list_line(const Parcel& parcel, const Subject& subject) const {
  auto entry = reference_entry(parcel, subject, kReferenceOfD);
  if (settings().inlined) entry.data = parcel.manifest.bytes();
  return entry;
}

bool DIndex::is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const {
  return refers_to(descriptor, subject, kReferenceOfD);
}

Variant variant_d_index() {
  return {"D/index", "D", "oci-1.0", true, true, opens<DIndex>(), {Trail::Kind::kOwnIndex, kReferenceOfD, ""}};
}

}  // namespace referee::proposals
