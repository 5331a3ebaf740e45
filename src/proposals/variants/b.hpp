#pragma once

#include "detached.hpp"

namespace referee::proposals {

/// Proposal B: an image manifest with `reference`, listed below the manifest that it refers to. The list says no types.
class B : public Detached {
 public:
  using Detached::Detached;

 protected:
  Outcome<Support> probe() override;
  [[nodiscard]] Parcel build(const Attachment& attachment, const oci::Descriptor& subject) const override;
  Outcome<std::vector<Entry>> list(const Subject& subject, const Filter& filter) override;

 public:
  Outcome<std::vector<Entry>> discover(const Subject& subject, const Filter& filter) override;
};

}  // namespace referee::proposals
