#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/oci/json_depth.hpp"
#include "referee/registry/profile.hpp"

namespace referee::registry {

using oci::is_deeper_than;
using oci::kDeepestJson;

struct Rules;

/// Which field makes a manifest a referrer. One registry reads one.
enum class Link : std::uint8_t {
  kNone,             ///< none: a registry without any such API
  kSubject,          ///< `subject` of images and indexes: image-spec 1.1
  kArtifactSubject,  ///< `subject` of artifact manifests: proposal A
  kReference,        ///< `reference` of images and indexes: B
  kNodeReference,    ///< `reference` of nodes: C
  kRefers,           ///< `refers` of images and artifact manifests: E
};

/// What the registry needs to know of a pushed manifest.
struct ManifestDocument {
  std::string media_type;              ///< Content-Type without parameters, or else the field, or else deduced
  bool index = false;                  ///< an OCI index or a Docker manifest list
  bool opaque = false;                 ///< an `application/...+json` that this registry does not know: stored as it is
  bool artifact = false;               ///< an artifact manifest of proposal A or E
  bool node = false;                   ///< a node manifest of proposal C
  Link link = Link::kSubject;          ///< how `subject` was read
  std::string subject;                 ///< digest of what the manifest refers to; empty without one
  std::string artifact_type;           ///< as a referrers list shows it
  std::string annotations;             ///< the JSON object; empty without one
  std::vector<std::string> blobs;      ///< config and layers that must exist
  std::vector<std::string> elsewhere;  ///< layers that need not exist here
  std::vector<std::string> manifests;  ///< children of an index, objects of a node; these may also be blobs
  std::string created;                 ///< the date of an artifact as it was written; may be anything
};

struct ParseOptions {
  bool docker_media_types = true;
  bool check_media_type = true;  ///< Content-Type against the field
  Link link = Link::kSubject;
  bool unknown_manifests = true;
  bool unknown_fields = true;
  bool nested_index = true;
  // What deviations switch off; see Rules.
  bool link_images = true;
  bool link_artifacts = true;
  bool link_descriptors = false;
  bool opaque_artifacts = false;
  bool check_artifact_type = true;
  bool check_artifact_blobs = true;
  bool check_blob_types = true;
  bool check_node_objects = true;
  bool check_node_reference = true;
  std::string_view created_key;
};
/// How a registry under these rules reads manifests.
ParseOptions parse_options(const Rules& rules);

/// Reads OCI image manifests and indexes, Docker's manifests and lists, and the manifests of the proposal that `link`
/// belongs to; any other `application/...+json` only has to be a JSON object. `content_type` is the request's, possibly
/// empty. The error is a sentence for the client.
tl::expected<ManifestDocument, std::string> parse_manifest(std::string_view bytes, std::string_view content_type,
                                                           const ParseOptions& options = {});

/// The descriptor of a manifest as the referrers list of its `link` shows it.
std::string referrer_descriptor(const ManifestDocument& document, std::string_view digest, std::uint64_t size);

}  // namespace referee::registry
