#pragma once

#include "listed.hpp"

namespace referee::proposals {

/// The discussion of proposal D: a root index around the unsigned one, found by tag, and from the unsigned digest by a
/// tag of its own.
class DWrap : public Listed {
 public:
  using Listed::Listed;
  Outcome<void> remove(Subject& subject) override;
  /// The root travels like any index; only the tag of the unsigned digest has to be made again.
  Outcome<std::vector<Parcel>> pack(const Subject& subject) override;
  Outcome<void> unpack(Subject& subject, const std::vector<Parcel>& parcels) override;

 protected:
  [[nodiscard]] Outcome<std::string> list_tag(const Subject& subject) const override;
  Outcome<std::optional<oci::Content>> current(const Subject& subject) override;
  [[nodiscard]] bool is_list(const Subject& subject, const oci::Content& found) const override;
  [[nodiscard]] Outcome<oci::Content> begin(const Subject& subject,
                                            const std::optional<oci::Content>& found) const override;
  [[nodiscard]] oci::Descriptor list_line(const Parcel& parcel, const Subject& subject) const override;
  [[nodiscard]] bool is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const override;
  [[nodiscard]] bool annotated() const override { return settings().inlined; }
  Outcome<void> written(Subject& subject, const oci::Content& list) override;
};

}  // namespace referee::proposals
