#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "referee/registry/profile.hpp"

namespace referee::registry {

/// In which order proposal A lists artifacts.
enum class ArtifactOrder : std::uint8_t {
  kNewestFirst,  ///< undated ones last
  kOldestFirst,
  kLexical,       ///< newest first by the letters of the date
  kUndatedFirst,  ///< then newest first
  kDigest,
};

/// Every switch that a handler consults. The defaults behave as the specification asks; `features` comes from the
/// profile; deviations change the rest before the server starts. Constant while it serves: to switch the profile is to
/// take the rules of another.
///
/// Add a switch here only for what cannot be done by rewriting the request or the response (see deviations.hpp).
struct Rules {
  Features features;

  // Bounds that every server has.
  std::size_t most_tag_parameters = 64;  ///< 414 above
  std::size_t most_uploads = 4096;       ///< open sessions; the oldest idle one makes room
  std::chrono::seconds upload_expiry{3600};
  std::uint64_t chunk_minimum = 0;  ///< bytes; announced as OCI-Chunk-Min-Length if not 0

  // Pushing manifests.
  int over_limit_status = 413;
  bool limit_truncates = false;  ///< cuts a large manifest instead of refusing it
  bool check_manifest_digest = true;
  bool check_media_type = true;  ///< Content-Type against the mediaType field
  bool check_blobs = true;       ///< config and layers must be there
  bool require_subject = false;  ///< refuses a manifest whose subject is absent
  bool index_subjects = true;    ///< an index with a subject becomes a referrer too
  bool honour_if_match = true;
  bool honour_if_none_match = true;
  bool atomic_conditions = true;  ///< condition and write under one lock
  std::size_t longest_tag = 128;

  bool check_tags = true;          ///< the tag grammar, its length apart
  bool check_repositories = true;  ///< the grammar of repository names

  // Uploads: what is verified.
  bool verify_single_post = true;
  bool verify_monolithic = true;  ///< a session without PATCH
  bool verify_chunked = true;     ///< a session with PATCH
  bool store_mismatch = false;    ///< refuses a mismatch, but stores the bytes under the claimed digest
  bool digest_required = true;    ///< in the closing PUT
  bool chunked_sha256_only = false;
  // Uploads: sessions and chunks.
  bool check_chunk_size = true;
  bool accept_gap = false;          ///< a PATCH beyond the end
  bool accept_overlap = false;      ///< a PATCH before the end
  bool accept_first_chunk = false;  ///< a first PATCH that does not start at 0
  bool accept_put_order = false;    ///< a closing PUT whose chunk starts anywhere
  bool ignore_last_chunk = false;   ///< in the closing PUT of a session with PATCH
  bool chunks_forget = false;       ///< each chunk blanks what came before it
  bool cut_ends_session = false;    ///< a lost connection ends the session
  bool numbered_sessions = false;   ///< small numbers instead of UUIDs
  bool publish_chunks = false;      ///< what a PATCH brought can be pulled before the session is closed

  // Referrers.
  std::chrono::milliseconds referrers_lag{0};  ///< a new referrer is listed this late
  bool referrers_keep_deleted = false;
  bool referrers_across_repositories = false;

  // Proposals: what makes a manifest a referrer.
  bool link_images = true;
  bool link_artifacts = true;
  bool opaque_artifacts = false;     ///< stores artifact manifests like unknown ones
  bool link_descriptors = false;     ///< a layer's `reference` counts as its manifest's (B)
  bool check_artifact_type = true;   ///< must be there (A)
  bool check_artifact_blobs = true;  ///< must not be manifests (A)
  bool check_blob_types = true;      ///< must have no artifactType (A)
  bool check_subject_kind = true;    ///< must not be a blob (A)
  bool check_node_objects = true;    ///< must not be nodes (C)
  bool check_node_reference = true;  ///< at most one (C)
  bool rescan = true;                ///< reads digest tags when its API is switched on (E, OCI 1.1)
  bool rescan_everything = false;    ///< and all other manifests as well
  std::string_view created_key;      ///< of the annotation that dates an artifact; empty: the two of A
  ArtifactOrder artifact_order = ArtifactOrder::kNewestFirst;
  std::string_view filters_applied_key = "org.opencontainers.references.filtersApplied";  ///< (E)
  bool referrers_are_objects = false;  ///< lists what nodes hold instead of the nodes (C)

  // Collecting garbage.
  bool gc_keeps_referrers = true;  ///< as far as the profile has an API that lists them
  bool gc_keeps_orphans = false;   ///< referrers whose subject is gone
  bool gc_keeps_nested = true;     ///< what an index lists that is itself listed
  bool gc_reads_digest_tags = true;

  bool open_by_other_name = false;  ///< requests to `localhost` need no authorization: another host's, to a client

  // Deleting.
  bool delete_manifest_keeps_tags = false;
  bool delete_tag_deletes_manifest = false;
};

}  // namespace referee::registry
