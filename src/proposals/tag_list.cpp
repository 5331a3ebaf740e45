#include "tag_list.hpp"

#include "referee/oci/digest.hpp"

namespace referee::proposals {

Parcel TagList::build(const Attachment& attachment, const oci::Descriptor& subject) const {
  return referrer_artifact(attachment, subject, field_, settings().inlined);
}

Outcome<std::string> TagList::list_tag(const Subject& subject) const {
  return oci::referrers_tag(subject.descriptor.digest);
}

}  // namespace referee::proposals
