#pragma once

#include "detached.hpp"

namespace referee::proposals {

/// Proposal A: an artifact manifest with `subject`, listed by the extension API.
class A : public Detached {
 public:
  using Detached::Detached;

  /// The list is sorted: the newest is the first entry of a page of one.
  Outcome<Newest> newest(const Subject& subject, const Filter& filter) override;

 protected:
  Outcome<Support> probe() override;
  [[nodiscard]] Parcel build(const Attachment& attachment, const oci::Descriptor& subject) const override;
  Outcome<std::vector<Entry>> list(const Subject& subject, const Filter& filter) override;
};

}  // namespace referee::proposals
