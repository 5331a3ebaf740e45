#pragma once

#include "detached.hpp"

namespace referee::proposals {

/// Proposal D: a tag `<alg>-<ref>.<hash>.<type>` for each artifact, found in the tag list by its prefix.
class DDigestTag : public Detached {
 public:
  using Detached::Detached;
  Outcome<void> attach(Subject& subject, std::span<const Attachment> attachments) override;
  Outcome<std::vector<Entry>> discover(const Subject& subject, const Filter& filter) override;
  /// The tag list says labels at most: what those do not tell is in the manifests.
  Outcome<void> describe(std::vector<Entry>& entries, Detail detail) override;
  Outcome<std::string> fetch(const Entry& entry) override;
  Outcome<void> remove(Subject& subject) override;
  Outcome<void> unpack(Subject& subject, const std::vector<Parcel>& parcels) override;

 protected:
  Outcome<Support> probe() override;
  [[nodiscard]] Parcel build(const Attachment& attachment, const oci::Descriptor& subject) const override;
  Outcome<std::vector<Entry>> list(const Subject& subject, const Filter& filter) override;
  Outcome<void> put(const Parcel& parcel) override;
  Outcome<void> remove_one(const Entry& entry) override;
  Outcome<Parcel> pick_up(const Entry& entry) override;
  [[nodiscard]] Ask first_question(const Entry& entry) const override;
  [[nodiscard]] Outcome<oci::Content> manifest_in(const Entry& entry, const http::Response& answer) const override;

 private:
  /// The manifest behind the tag, if the short hash in the tag is its own.
  Outcome<oci::Content> read_tag(const Entry& entry);
};

}  // namespace referee::proposals
