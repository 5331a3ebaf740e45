#pragma once

#include "listed.hpp"

namespace referee::proposals {

/// Proposal F: an index under `<alg>-<ref>` that holds the image and everything that refers to it.
class FReferenceIndex : public Listed {
 public:
  using Listed::Listed;

 protected:
  [[nodiscard]] Outcome<std::string> list_tag(const Subject& subject) const override;
  [[nodiscard]] Outcome<oci::Content> begin(const Subject& subject,
                                            const std::optional<oci::Content>& found) const override;
  [[nodiscard]] oci::Descriptor list_line(const Parcel& parcel, const Subject& subject) const override;
  [[nodiscard]] bool is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const override;
  [[nodiscard]] bool annotated() const override { return settings().inlined; }
};

}  // namespace referee::proposals
