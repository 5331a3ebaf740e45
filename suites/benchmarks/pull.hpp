#pragma once

#include <string>
#include <tl/expected.hpp>

#include "grounds.hpp"

namespace referee::suites::benchmarks {

/// What the subject's tag leads to, which becomes its root. One request, which the wire counts.
proposals::Outcome<oci::Content> pull_root(proposals::Wire& wire, proposals::Subject& subject);

struct PulledImage {
  oci::Content root;      ///< what the tag leads to
  oci::Content manifest;  ///< of the platform
  std::size_t blobs = 0;  ///< config and layers, each checked against its digest
};

/// Pulls the image for linux/amd64 that a tag leads to, through nested indexes, config and layers with `parallel`
/// requests in flight. Counted on the client's wire.
tl::expected<PulledImage, std::string> pull_image(Client& client, const std::string& tag, std::size_t parallel);

}  // namespace referee::suites::benchmarks
