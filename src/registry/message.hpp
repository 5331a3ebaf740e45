#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "headers.hpp"
#include "query.hpp"

namespace referee::registry {

class ContentReader;

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOther };

/// What a path addresses.
enum class Endpoint : std::uint8_t {
  kNone,       ///< nothing that the specification knows
  kBase,       ///< `/v2/`
  kBlob,       ///< `blobs/<digest>`; reference is the digest
  kUploads,    ///< `blobs/uploads/`
  kUpload,     ///< `blobs/uploads/<session>`; reference is the session
  kManifest,   ///< `manifests/<tag-or-digest>`; reference is that
  kTags,       ///< `tags/list`
  kReferrers,  ///< what refers to a manifest, in any path style; reference is the digest, or a tag in B and C
  kDiscover,   ///< `_oci/ext/discover`, of the registry (no repository) or of a repository

  // Proposal C only; reference is a tag or digest.
  kNodeReference,    ///< `reference/<ref>`
  kNodeObjects,      ///< `objects/<ref>`
  kNodeDescription,  ///< `description/<ref>`
};

/// Whose paths a request uses.
enum class PathStyle : std::uint8_t {
  kDistribution,  ///< distribution-spec, and the final form of proposal E
  kExtension,     ///< `_oci/artifacts/referrers?digest=`: proposals A and E
  kReferences,    ///< `manifests/<ref>/references`: proposal B
  kV3,            ///< `/v3/`: proposal C
};

/// The pieces are decoded but not validated.
struct Route {
  Endpoint endpoint = Endpoint::kNone;
  std::string repository;
  std::string reference;
};

struct Request {
  Method method = Method::kOther;
  std::string target;  ///< path and query as sent
  Route route;
  PathStyle style = PathStyle::kDistribution;
  Query query;
  Headers headers;
  std::optional<std::uint64_t> content_length;  ///< absent with chunked coding or without a body
  bool chunked = false;
  std::string body;  ///< manifests only; uploads are streamed
};

/// How the end of a response's body is told to the client.
enum class Framing : std::uint8_t {
  kContentLength,  ///< the usual; a Content-Length set by hand is sent as it is
  kChunked,
  kUntilClose,  ///< neither; the connection is closed (on HEAD: just no Content-Length)
};

struct Response {
  int status = 200;
  Headers headers;   ///< Content-Length, Date and Connection are added by the server
  std::string body;  ///< not sent to a HEAD request, but counted for its Content-Length
  /// Sent instead of `body` if set: `length` bytes from `offset`.
  std::shared_ptr<ContentReader> content;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  // Transport behaviour that only deviations change.
  Framing framing = Framing::kContentLength;
  bool close = false;                      ///< end the connection after this response
  std::optional<std::uint64_t> cut_after;  ///< send this many bytes of the body, then drop the connection
  std::chrono::milliseconds delay{0};      ///< wait before sending

  [[nodiscard]] std::uint64_t body_size() const { return content ? length : body.size(); }
};

}  // namespace referee::registry
