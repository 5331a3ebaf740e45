#pragma once

#include "listed.hpp"

namespace referee::proposals {

/// Proposal D, originator's way: artifacts are further entries of the image's own index.
class DIndex : public InImage {
 public:
  using InImage::InImage;

 protected:
  [[nodiscard]] Parcel build(const Attachment& attachment, const oci::Descriptor& subject) const override;
  [[nodiscard]] oci::Descriptor list_line(const Parcel& parcel, const Subject& subject) const override;
  [[nodiscard]] bool is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const override;
};

}  // namespace referee::proposals
