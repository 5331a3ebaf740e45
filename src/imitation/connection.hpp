#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "referee/distribution/registry.hpp"
#include "referee/oci/content.hpp"

namespace referee::imitation {

template <typename T>
using Done = tl::expected<T, std::string>;

/// `host:port/repository:tag` or `host:port/repository@digest`.
struct Reference {
  std::string host;
  std::string repository;
  std::string reference;  ///< the tag or digest
};
Done<Reference> parse_reference(const std::string& text);

/// One client's way to one registry.
distribution::Registry connect(const std::string& host);

/// A manifest under a tag or digest, checked as image-spec and distribution-spec ask of clients: the digest that was
/// asked for, Docker-Content-Digest, and mediaType against Content-Type.
Done<oci::Content> get_manifest(distribution::Registry& registry, const std::string& repository,
                                const std::string& reference);
/// A blob with this descriptor's size and digest.
Done<oci::Content> get_blob(distribution::Registry& registry, const std::string& repository,
                            const oci::Descriptor& descriptor);

}  // namespace referee::imitation
