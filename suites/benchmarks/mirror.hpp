#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "contenders.hpp"

namespace referee::suites::benchmarks {

/// What a mirror holds of one image and of what is attached to it: each synchronisation fetches what is new.
class Mirror {
 public:
  struct Fetched {
    std::uint64_t image = 0;       ///< bytes of the index that was signed and of all below it
    std::uint64_t references = 0;  ///< bytes of attachments and of the documents that list them
  };

  Mirror(Client& client, const proposals::Variant& variant, const Image& image);
  /// Manifests are read and checked against their digests; of blobs the sizes are taken as their manifests say.
  tl::expected<Fetched, std::string> synchronise(const proposals::Subject& subject);

 private:
  using Done = tl::expected<void, std::string>;
  Done take(const oci::Content& manifest, Fetched& fetched, int depth = 0);
  Done take_tag(const std::string& tag, Fetched& fetched);
  void count(const std::string& digest, std::int64_t size, Fetched& fetched);

  Client& client_;
  const proposals::Variant& variant_;
  std::set<std::string> image_;  ///< digests
  std::set<std::string> held_;
};

}  // namespace referee::suites::benchmarks
