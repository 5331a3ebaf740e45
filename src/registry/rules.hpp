#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "referee/registry/profile.hpp"

namespace referee::registry {

/// Every switch that a handler consults. The defaults behave as the specification asks; `features` comes from the
/// profile; deviations change the rest before the server starts. Constant while it serves.
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

  // Deleting.
  bool delete_manifest_keeps_tags = false;
  bool delete_tag_deletes_manifest = false;
};

}  // namespace referee::registry
