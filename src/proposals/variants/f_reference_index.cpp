#include "f_reference_index.hpp"

#include "referee/oci/digest.hpp"
#include "reference_entry.hpp"
#include "registration.hpp"

namespace referee::proposals {

Outcome<std::string> FReferenceIndex::list_tag(const Subject& subject) const {
  return oci::referrers_tag(subject.descriptor.digest);
}

Outcome<oci::Content> FReferenceIndex::begin(const Subject& subject, const std::optional<oci::Content>& found) const {
  if (found) return Listed::begin(subject, found);
  // Runtimes take the first entry that fits: the image's own manifests come before the index that they came from.
  std::vector<oci::Descriptor> entries;
  if (subject.root && subject.root->digest().str() == subject.descriptor.digest && is_index(*subject.root)) {
    if (auto own = entries_of(*subject.root)) entries = std::move(*own);
  }
  entries.push_back(subject.descriptor);
  return index_of(entries);
}

oci::Descriptor FReferenceIndex::list_line(const Parcel& parcel, const Subject& subject) const {
  return reference_entry(parcel, subject, kReferenceOfF);
}

bool FReferenceIndex::is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const {
  return refers_to(descriptor, subject, kReferenceOfF);
}

Variant variant_f_reference_index() {
  return {"F/reference-index",
          "F",
          "oci-1.0",
          true,
          false,
          opens<FReferenceIndex>(),
          {Trail::Kind::kListTag, kReferenceOfF, ""}};
}

}  // namespace referee::proposals
