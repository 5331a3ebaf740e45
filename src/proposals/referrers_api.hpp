#pragma once

#include "detached.hpp"

namespace referee::proposals {

/// Proposal E and what OCI 1.1 made of it: image manifests that name their subject, listed under `referrers/<digest>`.
class ReferrersApi : public Detached {
 public:
  ReferrersApi(Wire& wire, Settings settings, std::string_view field) : Detached(wire, settings), field_(field) {}

 protected:
  Outcome<Support> probe() override;
  [[nodiscard]] Parcel build(const Attachment& attachment, const oci::Descriptor& subject) const override;
  Outcome<std::vector<Entry>> list(const Subject& subject, const Filter& filter) override;

 private:
  /// Whether the registry lists by our field; pushes a manifest and removes it again.
  Outcome<Support> probe_field();

  std::string_view field_;
};

}  // namespace referee::proposals
