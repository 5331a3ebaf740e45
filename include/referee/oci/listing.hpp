#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/oci/descriptor.hpp"

namespace referee::oci {

/// The descriptors in the list `key` of a JSON object, for long lists that a target sent: some gigabytes a second where
/// most are left out, since a descriptor with an `artifactType` other than `wanted` (unless that is empty) and the
/// empty media type is passed over unread. nullopt on anything that is not plainly such a list, be it broken, larger or
/// deeper than the limits below, or merely odd: the careful reader says what it is. Thread-safe; each thread keeps a
/// parser.
/// `own` gets the annotations of the object itself, unless it is null.
std::optional<std::vector<Descriptor>> read_plain_list(std::string_view json, std::string_view key,
                                                       std::string_view wanted = "", Annotations* own = nullptr);
inline constexpr int kDeepestListing = 32;
/// In bytes: reading takes ten times as much memory.
inline constexpr std::size_t kLargestListing = std::size_t{16} << 20U;

/// What a client asks of a manifest that refers to another.
struct PlainManifest {
  std::string type;  ///< artifactType, or the config's media type; empty if there is neither
  Annotations annotations;
  std::optional<Descriptor> first;  ///< of `layers`, `blobs` or `objects`
};
/// nullopt under the conditions of read_plain_list().
std::optional<PlainManifest> read_plain_manifest(std::string_view json);

}  // namespace referee::oci
