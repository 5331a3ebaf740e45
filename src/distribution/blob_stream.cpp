#include "referee/distribution/blob_stream.hpp"

#include <fmt/format.h>

#include "side_hasher.hpp"

namespace referee::distribution {
namespace {

/// A slower way than this to a registry is no way to a large blob.
constexpr std::uint64_t kSlowest = std::uint64_t{1} << 20U;  // bytes a second

}  // namespace

http::Request stream_request(const Registry& registry, std::string_view repository, const oci::Digest& digest,
                             std::uint64_t size, http::BodySink into, const Options& options) {
  auto request = registry.blob_request(repository, digest.str(), options);
  request.max_body = size;
  request.more_time = std::chrono::seconds(size / kSlowest);
  request.into = std::move(into);
  return request;
}

tl::expected<BlobStream, http::Error> stream_blob(Registry& registry, std::string_view repository,
                                                  const oci::Digest& digest, std::uint64_t size,
                                                  const http::BodySink& into, const Options& options) {
  SideHasher hasher(digest.algorithm(), size);
  const auto take = [&](std::string_view piece) {
    hasher.add(piece);
    return !into || into(piece);
  };
  auto answered = registry.client().send(stream_request(registry, repository, digest, size, take, options));
  BlobStream stream;
  if (!answered) {
    if (answered.error().kind != http::ErrorKind::kTooLarge) return tl::unexpected(std::move(answered.error()));
    stream.wrong = fmt::format("it is longer than {} bytes: {}", size, answered.error().message);
    return stream;
  }
  stream.response = std::move(*answered);
  const auto came = stream.response.body_bytes;
  if (stream.response.status != 200) {
    stream.wrong = fmt::format("the answer was {}", stream.response.status);
  } else if (came != size) {
    stream.wrong = fmt::format("{} bytes came, where the blob has {}", came, size);
  } else if (const auto actual = hasher.finish(); actual != digest) {
    stream.wrong = fmt::format("the bytes are those of {}", actual.str());
  }
  return stream;
}

}  // namespace referee::distribution
