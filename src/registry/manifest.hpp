#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "manifest_document.hpp"

namespace referee::registry {

/// A stored manifest. Immutable; its bytes are in the content store under the same digest.
struct Manifest {
  std::string digest;
  std::string media_type;     ///< as pushed, without parameters
  std::uint64_t size = 0;     ///< bytes
  std::string subject;        ///< digest; empty without one
  std::string artifact_type;  ///< as a referrers list shows it; may be empty
  std::string descriptor;     ///< JSON object as a referrers list shows it; empty without a subject
  std::chrono::steady_clock::time_point pushed;
  Link link = Link::kSubject;         ///< how `subject` was read
  bool opaque = false;                ///< what it needs is unknown
  bool node = false;                  ///< of proposal C
  std::string created;                ///< the date of an artifact as it was written
  std::vector<std::string> blobs;     ///< digests of what it needs
  std::vector<std::string> children;  ///< manifests, or blobs, that it lists
};
using ManifestPtr = std::shared_ptr<const Manifest>;

}  // namespace referee::registry
