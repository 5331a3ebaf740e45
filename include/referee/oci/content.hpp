#pragma once

#include <memory>
#include <string>

#include "referee/oci/descriptor.hpp"
#include "referee/oci/digest.hpp"

namespace referee::oci {

/// Exact bytes with the media type they are pushed under and their digest. Immutable once built: the bytes that are
/// hashed are the bytes that are sent. Copies share them.
class Content {
 public:
  Content(std::string media_type, std::string bytes, Algorithm algorithm = Algorithm::kSha256);

  [[nodiscard]] const std::string& media_type() const { return media_type_; }
  [[nodiscard]] const std::string& bytes() const { return *bytes_; }
  [[nodiscard]] const Digest& digest() const { return digest_; }
  /// Size in bytes.
  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(bytes_->size()); }
  /// mediaType, digest and size; nothing else.
  [[nodiscard]] Descriptor descriptor() const;

 private:
  std::string media_type_;
  std::shared_ptr<const std::string> bytes_;
  Digest digest_;
};

}  // namespace referee::oci
