#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/registry/profile.hpp"

namespace referee::registry {

/// Deeper JSON is refused before a parser sees it.
inline constexpr int kDeepestJson = 64;
/// Counts brackets outside strings; does not validate.
bool is_deeper_than(std::string_view json, int limit);

/// What the registry needs to know of a pushed manifest.
struct ManifestDocument {
  std::string media_type;              ///< Content-Type without parameters, or else the field, or else deduced
  bool index = false;                  ///< an OCI index or a Docker manifest list
  bool opaque = false;                 ///< an `application/...+json` that this registry does not know: stored as it is
  std::string subject;                 ///< digest; empty without one
  std::string artifact_type;           ///< as a referrers list shows it
  std::string annotations;             ///< the JSON object; empty without one
  std::vector<std::string> blobs;      ///< config and layers that must exist
  std::vector<std::string> manifests;  ///< children of an index
};

struct ParseOptions {
  bool docker_media_types = true;
  bool check_media_type = true;  ///< Content-Type against the field
};

/// Reads OCI image manifests and indexes and Docker's manifests and lists; any other `application/...+json` only has to
/// be a JSON object. `content_type` is the request's, possibly empty. The error is a sentence for the client.
tl::expected<ManifestDocument, std::string> parse_manifest(std::string_view bytes, std::string_view content_type,
                                                           const ParseOptions& options = {});

/// The descriptor of a manifest as a referrers list shows it.
std::string referrer_descriptor(const ManifestDocument& document, std::string_view digest, std::uint64_t size);

}  // namespace referee::registry
