#pragma once

#include "listed.hpp"

namespace referee::proposals {

/// The fallback of proposal E and of OCI 1.1 where a registry has no referrers API: the list that it would give is an
/// index under `<alg>-<ref>`, kept by the clients.
class TagList : public Listed {
 public:
  TagList(Wire& wire, Settings settings, std::string_view field) : Listed(wire, settings), field_(field) {}

 protected:
  [[nodiscard]] Parcel build(const Attachment& attachment, const oci::Descriptor& subject) const override;
  [[nodiscard]] Outcome<std::string> list_tag(const Subject& subject) const override;

 private:
  std::string_view field_;
};

}  // namespace referee::proposals
