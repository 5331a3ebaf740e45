#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace referee::oci {

/// The `platform` of an index entry (image-spec, image-index.md). Empty strings are left out of the JSON, so that
/// invalid platforms (no architecture) can be built on purpose.
struct Platform {
  std::string architecture;
  std::string os;
  std::string os_version;
  std::string variant;

  friend bool operator==(const Platform&, const Platform&) = default;
};

using Annotations = std::map<std::string, std::string>;

/// A content descriptor (image-spec, descriptor.md). `digest` is a plain string: a target may send anything, and a
/// check may send anything to it.
struct Descriptor {
  std::string media_type;
  std::string digest;
  std::int64_t size = 0;
  std::string artifact_type;                 ///< left out when empty
  Annotations annotations;                   ///< left out when empty
  std::optional<Platform> platform;          ///< left out when absent
  std::optional<std::string> data;           ///< the raw bytes; base64 in the JSON
  std::vector<std::string> urls;             ///< left out when empty
  std::map<std::string, std::string> extra;  ///< unknown string properties, for forward-compatibility tests

  friend bool operator==(const Descriptor&, const Descriptor&) = default;
};

/// JSON as the image-spec writes it, keys in the specification's order.
nlohmann::ordered_json to_json(const Descriptor& descriptor);

/// Reads a descriptor that a target sent. Fails, with the field's name, on a wrong JSON type or a missing required
/// field (mediaType, digest, size); unknown properties are ignored, as descriptor.md asks.
tl::expected<Descriptor, std::string> descriptor_from_json(const nlohmann::json& value);

}  // namespace referee::oci
