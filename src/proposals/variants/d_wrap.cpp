#include "d_wrap.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "referee/oci/digest.hpp"
#include "reference_entry.hpp"
#include "registration.hpp"

namespace referee::proposals {

Outcome<std::string> DWrap::list_tag(const Subject& subject) const {
  return subject.tag.empty() ? oci::referrers_tag(subject.descriptor.digest) : subject.tag;
}

Outcome<std::optional<oci::Content>> DWrap::current(const Subject& subject) {
  return document().read(oci::referrers_tag(subject.descriptor.digest));
}

bool DWrap::is_list(const Subject& subject, const oci::Content& found) const {
  if (!is_index(found) || found.digest().str() == subject.descriptor.digest) return false;
  const auto entries = entries_of(found);
  return entries && std::ranges::any_of(*entries, [&](const oci::Descriptor& entry) {
           return entry.digest == subject.descriptor.digest;
         });
}

Outcome<oci::Content> DWrap::begin(const Subject& subject, const std::optional<oci::Content>& found) const {
  if (found && found->digest().str() != subject.descriptor.digest) {
    return tl::unexpected(
        Failure{FailureKind::kConflict, fmt::format("the tag has moved to {}, which does not hold {}",
                                                    found->digest().str(), subject.descriptor.digest)});
  }
  return index_of({subject.descriptor});
}

oci::Descriptor DWrap::list_line(const Parcel& parcel, const Subject& subject) const {
  return reference_entry(parcel, subject, kReferenceOfD);
}

bool DWrap::is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const {
  return refers_to(descriptor, subject, kReferenceOfD);
}

Outcome<void> DWrap::written(Subject& subject, const oci::Content& list) {
  subject.root = list;
  if (subject.tag.empty()) return {};
  const auto second = oci::referrers_tag(subject.descriptor.digest);
  if (settings().conditions && document().conditional()) {
    // Two tags cannot be written at once. Whoever is last makes the second what the first leads to by then.
    const auto follow = [&](const std::optional<oci::Content>& /*found*/) { return document().read(subject.tag); };
    const auto done = document().update(second, follow);
    if (!done) return tl::unexpected(done.error());
    return {};
  }
  const auto answer = wire().put_manifest(second, list);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Outcome<void> DWrap::remove(Subject& subject) {
  return wire().delete_manifest(subject.root ? subject.root->digest().str() : subject.descriptor.digest);
}

Outcome<std::vector<Parcel>> DWrap::pack(const Subject& /*subject*/) {
  return std::vector<Parcel>{};
}

Outcome<void> DWrap::unpack(Subject& subject, const std::vector<Parcel>& /*parcels*/) {
  if (!subject.root || !is_list(subject, *subject.root)) return {};
  return written(subject, *subject.root);
}

Variant variant_d_wrap() {
  return {"D/wrap", "D", "oci-1.0", true, true, opens<DWrap>(), {Trail::Kind::kListTag, kReferenceOfD, ""}};
}

}  // namespace referee::proposals
