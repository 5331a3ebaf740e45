#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document.hpp"

namespace referee::imitation {

/// Whether the tag is about this digest: the list of its referrers, `<alg>-<ref>`, or one of proposal D,
/// `<alg>-<ref>.<hash>.<type>`.
bool is_about(const Session& session, const std::string& tag, const std::string& digest);
/// The sha256 digest that a tag is about. Of sha512 a tag holds one half only.
std::optional<std::string> subject_of(const std::string& tag);

struct TaggedArtifact {
  std::string tag;
  std::optional<oci::Content> manifest;  ///< nullopt: the tag's hash is not of what it leads to, or it leads nowhere
};
/// What tags of proposal D attach to a digest, in the order of the tags.
Done<std::vector<TaggedArtifact>> find_tagged(Session& session, const std::string& digest);

}  // namespace referee::imitation
