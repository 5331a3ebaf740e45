#pragma once

#include "detached.hpp"
#include "shared_document.hpp"

namespace referee::proposals {

/// Deployed practice: one image manifest under `<alg>-<ref>.<label>` with a layer for each attachment, its facts in the
/// annotations of the layer.
class CosignTag : public Proposal {
 public:
  CosignTag(Wire& wire, Settings settings) : Proposal(wire, settings), document_(wire, this->settings()) {}

  Outcome<Support> prepare() override;
  Outcome<void> attach(Subject& subject, std::span<const Attachment> attachments) override;
  /// Asks for the tag of the label; without one, for each label that cosign knows.
  Outcome<std::vector<Entry>> discover(const Subject& subject, const Filter& filter) override;
  Outcome<std::string> fetch(const Entry& entry) override;
  void fetch_each(std::span<const Entry* const> entries, const Arrived& arrived) override;
  Outcome<void> detach(Subject& subject, const Entry& entry) override;
  Outcome<void> remove(Subject& subject) override;
  Outcome<std::vector<Parcel>> pack(const Subject& subject) override;
  Outcome<void> unpack(Subject& subject, const std::vector<Parcel>& parcels) override;

 private:
  /// Writes a manifest of these layers, with the config that belongs to them.
  Outcome<oci::Content> manifest_of_layers(const std::vector<oci::Descriptor>& layers);
  SharedDocument document_;
};

}  // namespace referee::proposals
