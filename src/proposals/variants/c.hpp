#pragma once

#include "detached.hpp"

namespace referee::proposals {

/// Proposal C: a node under /v3 for each attachment, with the subject as its reference and the payload as its object.
class C : public Detached {
 public:
  using Detached::Detached;
  Outcome<std::vector<Entry>> discover(const Subject& subject, const Filter& filter) override;
  /// What nodes know is in their descriptions, and a discovery has read those.
  Outcome<void> describe(std::vector<Entry>& /*entries*/, Detail /*detail*/) override { return {}; }
  Outcome<std::string> fetch(const Entry& entry) override;

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
  [[nodiscard]] std::string path(std::string_view what, std::string_view reference) const;
};

}  // namespace referee::proposals
