#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "referee/distribution/registry.hpp"
#include "referee/oci/digest.hpp"

namespace referee::distribution {

/// What became of a blob that was streamed.
struct BlobStream {
  http::Response response;  ///< without the body of a 200
  std::string wrong;        ///< why the bytes are not the blob, in one line; empty: they are
};

/// Fetches a blob (end-2) and passes it to `into` as it comes. From 4 MiB on the bytes are hashed on a thread of their
/// own; memory does not grow with the size: at most 8 MiB wait for their hash. What `into` was given must be thrown
/// away unless the result is without `wrong`: its size and digest are known only at the end (distribution-spec,
/// "Pulling blobs": the client should verify the digest). More bytes than `size` end the exchange at once. The exchange
/// may take the client's limit and one second more for each MiB. `into` may be empty; false from it ends the exchange
/// in kAbandoned. Thread-safe, as the registry is.
tl::expected<BlobStream, http::Error> stream_blob(Registry& registry, std::string_view repository,
                                                  const oci::Digest& digest, std::uint64_t size,
                                                  const http::BodySink& into, const Options& options = {});

/// The request of stream_blob(), whose answer nobody checks.
http::Request stream_request(const Registry& registry, std::string_view repository, const oci::Digest& digest,
                             std::uint64_t size, http::BodySink into, const Options& options = {});

}  // namespace referee::distribution
