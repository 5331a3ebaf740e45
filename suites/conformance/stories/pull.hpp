#pragma once

#include <cstdint>
#include <string>

#include "conformance/stories/common.hpp"
#include "referee/oci/select.hpp"

namespace referee::suites::stories {

/// A pull as a runtime does it, with one way to select: manifests alone, since blobs are everybody's.
struct Pull {
  std::string selected;  ///< the manifest's digest; else why there is none
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const Pull&, const Pull&) = default;
};

Pull pull(const Site& site, const std::string& reference, const oci::Selector& selector, const oci::Platform& host,
          const oci::SelectionLimits& limits = {});

}  // namespace referee::suites::stories
