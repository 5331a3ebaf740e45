#include "completion.hpp"

namespace referee::suites::benchmarks {

proposals::Outcome<void> complete(Client& client, const signing::Policy& policy, const proposals::Filter& filter,
                                  std::vector<proposals::Entry>& entries) {
  for (auto& entry : entries) {
    // What a tag's short name stands for was asked for, and is what the discovery gave.
    if (entry.artifact_type.empty() && !entry.tag.empty() && filter.label) entry.artifact_type = filter.artifact_type;
    if (entry.manifest || entry.payload || policy.annotations.empty() || !entry.annotations.empty()) continue;
    const bool by_tag = entry.descriptor.digest.empty();
    const auto answer = client.wire->get_manifest(by_tag ? entry.tag : entry.descriptor.digest);
    if (!answer) return tl::unexpected(answer.error());
    auto manifest = proposals::content_of(*answer, entry.descriptor.digest);
    if (!manifest) return tl::unexpected(manifest.error());
    entry.annotations = proposals::manifest_annotations(manifest->bytes());
    entry.descriptor = manifest->descriptor();
    entry.manifest = std::move(*manifest);
  }
  return {};
}

}  // namespace referee::suites::benchmarks
