#include "artifact.hpp"
#include "detached.hpp"
#include "referee/proposals/proposal.hpp"

namespace referee::proposals {

std::string created(const oci::Annotations& annotations) {
  for (const auto key : {kCreated, kArtifactCreated}) {
    if (const auto found = annotations.find(std::string(key)); found != annotations.end()) return found->second;
  }
  return {};
}

oci::Annotations manifest_annotations(std::string_view manifest) {
  return annotations_of(manifest);
}

Outcome<Newest> Proposal::newest(const Subject& subject, const Filter& filter) {
  auto entries = discover(subject, filter);
  if (!entries) return tl::unexpected(entries.error());
  Newest newest;
  std::string latest;
  for (auto& entry : *entries) {
    ++newest.read;
    auto date = created(entry.annotations);
    if (date.empty()) {
      if (!entry.manifest) ++newest.read;
      const auto manifest = manifest_of(wire_, entry);
      if (!manifest) return tl::unexpected(manifest.error());
      date = created(annotations_of(manifest->bytes()));
    }
    // RFC 3339 in UTC with the same precision, as these clients write it, sorts as text.
    if (date.empty() || date <= latest) continue;
    latest = std::move(date);
    newest.entry = std::move(entry);
  }
  return newest;
}

}  // namespace referee::proposals
