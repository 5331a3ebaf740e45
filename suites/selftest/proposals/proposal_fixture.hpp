#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "referee/distribution/registry.hpp"
#include "referee/oci/builder.hpp"
#include "referee/proposals/proposal.hpp"
#include "referee/registry/server.hpp"

namespace referee::proposals {

/// A registry of its own for one variant, and a session in one of its repositories.
class Place {
 public:
  Place(const Variant& variant, Settings settings, const std::string& repository = "team/app",
        std::vector<std::string> deviations = {}, const std::string& profile = "");

  [[nodiscard]] Proposal& proposal() { return *proposal_; }
  [[nodiscard]] Wire& wire() { return *wire_; }
  [[nodiscard]] distribution::Registry& registry() { return *registry_; }
  [[nodiscard]] const Support& support() const { return support_; }
  /// Another client of the same repository.
  [[nodiscard]] std::unique_ptr<Place> neighbour(const Variant& variant, Settings settings) const;

  /// Pushes the image under `v1`.
  Subject push(const oci::Package& image);
  /// Copies the image's tree from another place, by digest, then its tag.
  Subject copy_image(Place& from, const Subject& subject);

 private:
  Place() = default;
  void open(const Variant& variant, Settings settings, const std::string& repository);

  std::shared_ptr<registry::Server> server_;
  std::unique_ptr<distribution::Registry> registry_;
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<Proposal> proposal_;
  Support support_;
};

inline constexpr const char* kSignature = "application/vnd.referee.signature.v1+json";
inline constexpr const char* kSbom = "application/vnd.referee.sbom.v1+json";

Attachment attachment(oci::Random& random, const std::string& type = kSignature, const std::string& label = "sig");
std::vector<Attachment> attachments(oci::Random& random, std::size_t count);

}  // namespace referee::proposals
