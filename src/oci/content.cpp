#include "referee/oci/content.hpp"

#include <utility>

namespace referee::oci {

Content::Content(std::string media_type, std::string bytes, Algorithm algorithm)
    : media_type_(std::move(media_type)),
      bytes_(std::make_shared<const std::string>(std::move(bytes))),
      digest_(Digest::of(*bytes_, algorithm)) {}

Descriptor Content::descriptor() const {
  Descriptor descriptor;
  descriptor.media_type = media_type_;
  descriptor.digest = digest_.str();
  descriptor.size = size();
  return descriptor;
}

}  // namespace referee::oci
