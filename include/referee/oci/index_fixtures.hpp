#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "referee/oci/builder.hpp"

namespace referee::oci {

/// An index that runtimes are tried on, with everything that it names, to be pushed in the order packages, nested,
/// root.
struct IndexFixture {
  std::string id;                 ///< `F-nest-first`
  std::string about;              ///< one sentence
  Content root{"", ""};           ///< the index; of F-img the manifest
  std::vector<Content> nested;    ///< indexes below the root, inner before outer
  std::vector<Package> packages;  ///< images and artifacts
  /// Digests by what they are: `image` is what a runtime on linux/amd64 wants; `second`, `nested`, `artifact`, `arm64`
  /// and others are what it may get instead.
  std::map<std::string, std::string> digests;
};

/// All of them, in the order of the catalogue. The same seed gives the same bytes.
std::vector<IndexFixture> index_fixtures(std::uint64_t seed);

}  // namespace referee::oci
