#pragma once

#include "artifact.hpp"
#include "referee/proposals/proposal.hpp"

namespace referee::proposals {

/// Variants whose attachments are manifests of their own that name the subject: attaching writes nothing that others
/// write too. What differs is what the manifest looks like and how the list is asked for.
class Detached : public Proposal {
 public:
  using Proposal::Proposal;

  Outcome<Support> prepare() override;
  Outcome<void> attach(Subject& subject, std::span<const Attachment> attachments) override;
  Outcome<std::vector<Entry>> discover(const Subject& subject, const Filter& filter) override;
  Outcome<std::string> fetch(const Entry& entry) override;
  Outcome<void> detach(Subject& subject, const Entry& entry) override;
  Outcome<void> remove(Subject& subject) override;
  Outcome<std::vector<Parcel>> pack(const Subject& subject) override;
  Outcome<void> unpack(Subject& subject, const std::vector<Parcel>& parcels) override;

 protected:
  /// The question that tells whether the API is there; not counted.
  virtual Outcome<Support> probe() = 0;
  [[nodiscard]] virtual Parcel build(const Attachment& attachment, const oci::Descriptor& subject) const = 0;
  /// All pages, filtered by the registry at most.
  virtual Outcome<std::vector<Entry>> list(const Subject& subject, const Filter& filter) = 0;
  /// Pushes a parcel's blobs and manifest.
  virtual Outcome<void> put(const Parcel& parcel);
  virtual Outcome<void> remove_one(const Entry& entry);
  /// Reads an artifact with its blobs.
  virtual Outcome<Parcel> pick_up(const Entry& entry);
};

/// Pages of descriptors under `key`, from `first` on, followed by Link over at most 10,000 pages.
Outcome<std::vector<Entry>> read_pages(Wire& wire, Outcome<http::Response> first, const char* key);

/// The blobs that a manifest names, each read once; the empty blob's bytes are known.
Outcome<std::vector<oci::Content>> blobs_of(Wire& wire, const oci::Content& manifest);

/// The manifest of an entry: what the listing carried, or a GET.
Outcome<oci::Content> manifest_of(Wire& wire, const Entry& entry);

}  // namespace referee::proposals
