#pragma once

#include "listed.hpp"

namespace referee::proposals {

/// Proposal F, enhanced image: artifacts or annotations in the image's own index, under its own tag.
class FEnhanced : public InImage {
 public:
  using InImage::InImage;

 protected:
  [[nodiscard]] oci::Descriptor list_line(const Parcel& parcel, const Subject& subject) const override;
  [[nodiscard]] bool is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const override;
  [[nodiscard]] bool annotated() const override { return settings().inlined; }
};

}  // namespace referee::proposals
