#include "referee/distribution/blob_stream.hpp"

#include <fmt/format.h>

#include "side_hasher.hpp"

namespace referee::distribution {
namespace {

/// A slower way than this to a registry is no way to a large blob.
constexpr std::uint64_t kSlowest = std::uint64_t{1} << 20U;  // bytes a second

/// Where the bytes of a blob go: straight to their hash, and past a caller.
class Destination final : public http::BodyRoom {
 public:
  Destination(SideHasher& hasher, const http::BodySink& into) : hasher_(hasher), into_(into) {}

  std::span<char> room() override { return hasher_.room(); }

  bool came(std::size_t bytes) override {
    const auto room = hasher_.room();
    const bool wanted = !into_ || into_({room.data(), bytes});
    hasher_.filled(bytes);
    return wanted;
  }

  bool take(std::string_view piece) {
    hasher_.add(piece);
    return !into_ || into_(piece);
  }

 private:
  SideHasher& hasher_;
  const http::BodySink& into_;
};

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
  Destination destination(hasher, into);
  auto request = stream_request(
      registry, repository, digest, size, [&](std::string_view piece) { return destination.take(piece); }, options);
  request.room = &destination;
  auto answered = registry.client().send(request);
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
